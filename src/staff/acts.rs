//! Acts that take two people: what each would do, and doing it. The same for the web and the command line.

use public_audit::Rules;
use sea_orm::DbErr;

use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        contact::is_registration_number,
        draft::{Draft, Slots},
        ineligible::Reason,
        plan::Plan,
        proposal::Act,
    },
    lifecycle::{
        LifecycleError,
        after::{
            facts::ineligible,
            shift::{Shifting, extending, shift, shifting},
        },
        announce::{self, AnnounceError, Staff, Written, announce_written},
        confirm::confirm,
        pulse,
        release::release,
        void::void,
    },
    store,
};

/// Why an act is not done. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// Why, and what to do.
    #[error("{}", list(.0))]
    Refused(Vec<Because>),
    /// It would do something else than what was looked at.
    #[error("something has changed since this was looked at: look at it again, then decide")]
    Changed,
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl ActError {
    pub(super) fn because(why: Because) -> Self {
        Self::Refused(vec![why])
    }

    /// What is wrong with a draft.
    fn drafted(problems: Vec<String>) -> Self {
        Self::Refused(problems.into_iter().map(Because::Draft).collect())
    }
}

fn list(all: &[Because]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

impl From<LifecycleError> for ActError {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Database(error) => Self::Database(error),
            LifecycleError::Refused(why) => Self::because(why),
        }
    }
}

impl From<AnnounceError> for ActError {
    fn from(error: AnnounceError) -> Self {
        match error {
            AnnounceError::Database(error) => Self::Database(error),
            AnnounceError::Refused(why) => Self::because(why),
            AnnounceError::Draft(why) | AnnounceError::Unsafe(why) => Self::drafted(why),
        }
    }
}

/// What an act would do.
#[derive(Debug)]
pub enum Preview {
    /// What would be fixed for good.
    Announce(Box<Announcing>),
    /// Whose times would move.
    Shift(Box<Shifting>),
    /// What its parameters say.
    Plain,
}

/// What an announcement would fix.
#[derive(Debug)]
pub struct Announcing {
    /// The draft.
    pub draft: Draft,
    /// The rules, but for number, commitment and key.
    pub rules: Rules,
    /// Its hours as they are understood.
    pub slots: Slots,
    /// Its load.
    pub plan: Plan,
    /// What the round before was announced with, if that is known.
    pub before: Option<String>,
    /// The report of a drill in which it held, if there is one.
    pub drill: Option<i64>,
}

/// Says what an act would do.
///
/// # Errors
/// [`ActError`]: why it would not be done.
pub async fn preview(app: &App, act: &Act, round: Option<&Round>) -> Result<Preview, ActError> {
    match act {
        Act::Announce { draft_id, text, words } => {
            let draft = read(text, words.as_ref())?;
            let looked = announce::look(app, &draft).await?;
            if !looked.refusals.is_empty() {
                return Err(unfit(looked.refusals, looked.plan.as_ref()));
            }
            let drill = looked.drill;
            let (Some(rules), Some(plan)) = (looked.rules, looked.plan) else {
                return Err(ActError::drafted(looked.refusals));
            };
            let slots = draft.slots().map_err(ActError::drafted)?;
            let before = before(app, *draft_id, draft.slug.as_str()).await?;
            Ok(Preview::Announce(Box::new(Announcing { draft, rules, slots, plan, before, drill })))
        }
        Act::Shift { from, minutes, reason } => {
            public(reason)?;
            let seconds = minutes.saturating_mul(60);
            let shifting = shifting(app, &needed(round)?.row, *from, seconds, reason).await?;
            if shifting.concerned.is_empty() {
                return Err(ActError::because(Because::NobodysTime));
            }
            Ok(Preview::Shift(Box::new(shifting)))
        }
        Act::Extend { from, until, minutes, reason } => {
            let row = &needed(round)?.row;
            let longer = extending(app, row, (*from, *until), minutes.saturating_mul(60), reason).await?;
            if longer.concerned.is_empty() {
                return Err(ActError::because(Because::NobodyThen));
            }
            Ok(Preview::Shift(Box::new(longer)))
        }
        Act::Declare { values } => {
            pulse::declare(&needed(round)?.rules.beacon, [values, values])?;
            Ok(Preview::Plain)
        }
        Act::Void { reason } | Act::Release { reason, .. } => {
            let round = needed(round)?;
            public(reason)?;
            if matches!(act, Act::Release { .. }) && !round.is_held() {
                return Err(ActError::because(Because::NotHeld));
            }
            if matches!(act, Act::Void { .. })
                && (round.row.voided_at.is_some() || round.row.drawn_at.is_some())
            {
                return Err(ActError::because(Because::Stands));
            }
            Ok(Preview::Plain)
        }
        Act::Ineligible { receipt, .. } => {
            let round = needed(round)?;
            match store::assignment::find(app.db.read(), round.row.id, &canonical(receipt)?).await? {
                Some(_) => Ok(Preview::Plain),
                None => Err(ActError::because(Because::NotDrawnIn)),
            }
        }
        Act::Confirm { roster, digest } => {
            let complete = store::roster::find(app.db.read(), roster, "complete").await?;
            match complete.filter(|complete| complete.digest == *digest) {
                Some(_) => Ok(Preview::Plain),
                None => Err(ActError::because(Because::NoRoster(roster.clone()))),
            }
        }
    }
}

impl Preview {
    /// Names what was looked at: if it is another now, it has to be looked at again.
    pub fn seen(&self, act: &Act) -> String {
        let more = match self {
            Self::Announce(announcing) => {
                announcing.rules.to_json() + announcing.before.as_deref().unwrap_or("")
            }
            // On the day somebody buys every second: whose times move follows from what came before.
            Self::Shift(shifting) => format!("{} {}", shifting.comes_after(), shifting.ends_at),
            Self::Plain => String::new(),
        };
        public_audit::Digest::of(format!("{}\n{more}", act.to_json())).to_string()
    }
}

/// Does it, on the word of two. `again` is what the second of them typed where both have to. Returns the round that
/// came to be, for an announcement.
///
/// # Errors
/// [`ActError`].
pub async fn settle(
    app: &App,
    act: &Act,
    round: Option<&Round>,
    again: Option<&str>,
    staff: &Staff,
) -> Result<Option<entities::round::Model>, ActError> {
    let now = app.clock.now();
    match act {
        Act::Announce { draft_id, text, words } => {
            let (draft, written) = (read(text, words.as_ref())?, Written { id: *draft_id, text });
            return Ok(Some(announce_written(app, &draft, Some(written), staff).await?));
        }
        Act::Void { reason } => void(app, &needed(round)?.row, reason, staff, now).await?,
        Act::Release { reason, shift_days } => {
            release(app, &needed(round)?.row, reason, staff, *shift_days, now).await?;
        }
        Act::Shift { from, minutes, reason } => {
            let row = &needed(round)?.row;
            let to_come = shifting(app, row, *from, minutes.saturating_mul(60), reason).await?;
            shift(app, row, to_come, staff, now).await?;
        }
        Act::Extend { from, until, minutes, reason } => {
            let row = &needed(round)?.row;
            let longer = extending(app, row, (*from, *until), minutes.saturating_mul(60), reason).await?;
            shift(app, row, longer, staff, now).await?;
        }
        Act::Ineligible { receipt, category } => {
            let reason = category.as_deref().map(|key| {
                Reason::from_key(key).ok_or_else(|| ActError::because(Because::NoCategory(key.to_owned())))
            });
            let receipt = canonical(receipt)?;
            ineligible(app, needed(round)?, &receipt, reason.transpose()?, staff, now).await?;
        }
        Act::Declare { values } => {
            let round = needed(round)?;
            let pulse = pulse::declare(&round.rules.beacon, [values, again.unwrap_or_default()])?;
            if !pulse::keep_declared(app, &round.row, &pulse, staff, now).await? {
                return Err(ActError::because(Because::PulseKept));
            }
        }
        Act::Confirm { roster, digest } => {
            confirm(app, roster, Some(digest), staff).await?;
        }
    }
    app.rounds.forget();
    Ok(None)
}

/// A draft from its text alone: on the web there is no file beside it.
fn read(text: &str, words: Option<&String>) -> Result<Draft, ActError> {
    let draft = Draft::parse(text).map_err(|problem| ActError::because(Because::Draft(problem)))?;
    Ok(Draft { words_text: words.cloned(), ..draft })
}

/// What the round before was announced with: the one this draft began with, else the last that is called the same but for
/// its month. Another program's rules would make everything look new.
async fn before(app: &App, draft_id: Option<i64>, slug: &str) -> Result<Option<String>, DbErr> {
    let db = app.db.read();
    let draft = match draft_id {
        Some(id) => store::draft::find(db, id).await?,
        None => None,
    };
    let mut rounds = app.rounds.list().await?;
    match draft.and_then(|draft| draft.from_round) {
        Some(from) => rounds.retain(|round| round.row.id == from),
        None => rounds.retain(|round| stem(&round.row.slug) == stem(slug)),
    }
    let Some(last) = rounds.iter().max_by_key(|round| round.row.id) else { return Ok(None) };
    Ok(store::draft::find_of(db, last.row.id).await?.map(|before| before.text))
}

/// Why a draft cannot be announced. What its plan refuses stands on the page of the draft, with figures.
fn unfit(mut problems: Vec<String>, plan: Option<&Plan>) -> ActError {
    let planned: Vec<String> =
        plan.into_iter().flat_map(|plan| &plan.refusals).map(ToString::to_string).collect();
    problems.retain(|problem| !planned.contains(problem));
    let mut why: Vec<Because> = problems.into_iter().map(Because::Draft).collect();
    why.extend((!planned.is_empty()).then_some(Because::Unsafe));
    ActError::Refused(why)
}

/// A round's name without the numbers at its end, which say the month.
fn stem(slug: &str) -> &str {
    slug.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// A reason that everybody can read.
fn public(reason: &str) -> Result<(), ActError> {
    match reason {
        _ if !public_audit::journal::event::is_reason(reason) => Err(ActError::because(Because::Reason)),
        _ if is_registration_number(reason) => Err(ActError::because(Because::Number)),
        _ => Ok(()),
    }
}

fn needed(round: Option<&Round>) -> Result<&Round, ActError> {
    round.ok_or_else(|| ActError::because(Because::NoRound))
}

fn canonical(receipt: &str) -> Result<String, ActError> {
    let receipt: Result<public_audit::Receipt, _> = receipt.trim().to_ascii_lowercase().parse();
    receipt.map(|receipt| receipt.to_string()).map_err(|_| ActError::because(Because::NotReceipt))
}
