//! Acts that take two people: what each would do, and doing it. The same for the web and the command line.

use public_audit::Rules;
use sea_orm::DbErr;

use crate::{
    app::{App, Round},
    domain::{
        draft::{Draft, Slots},
        ineligible::Reason,
        plan::Plan,
        proposal::Act,
    },
    lifecycle::{
        LifecycleError,
        after::{
            facts::ineligible,
            shift::{Shifting, shift, shifting},
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
    /// Sentences that say why, and what to do.
    #[error("{}", .0.join("\n  "))]
    Refused(Vec<String>),
    /// It would do something else than what was looked at.
    #[error("something has changed since this was looked at: look at it again, then decide")]
    Changed,
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl ActError {
    pub(super) fn because(why: impl Into<String>) -> Self {
        Self::Refused(vec![why.into()])
    }
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
            AnnounceError::Draft(why) | AnnounceError::Unsafe(why) => Self::Refused(why),
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
        Act::Announce { text, words, .. } => {
            let draft = read(text, words.as_ref())?;
            let looked = announce::look(app, &draft).await?;
            let drill = looked.drill;
            let (Some(rules), Some(plan), true) = (looked.rules, looked.plan, looked.refusals.is_empty())
            else {
                return Err(ActError::Refused(looked.refusals));
            };
            let slots = draft.slots().map_err(ActError::Refused)?;
            let before = store::draft::find_last(app.db.read()).await?.map(|before| before.text);
            Ok(Preview::Announce(Box::new(Announcing { draft, rules, slots, plan, before, drill })))
        }
        Act::Shift { from, minutes, reason } => {
            let seconds = minutes.saturating_mul(60);
            let shifting = shifting(app, &needed(round)?.row, *from, seconds, reason).await?;
            if shifting.concerned.is_empty() {
                return Err(ActError::because(
                    "this would change nobody's time: choose an earlier moment, at which somebody can still buy",
                ));
            }
            Ok(Preview::Shift(Box::new(shifting)))
        }
        Act::Declare { values } => {
            pulse::declare(&needed(round)?.rules.beacon, [values, values])?;
            Ok(Preview::Plain)
        }
        Act::Void { reason } | Act::Release { reason, .. } => {
            let round = needed(round)?;
            if !public_audit::journal::event::is_reason(reason) {
                return Err(ActError::because(
                    "say why in one line of at most 1,000 characters: everybody can read it",
                ));
            }
            if matches!(act, Act::Release { .. }) && !round.is_held() {
                return Err(ActError::because("nothing of this round is held"));
            }
            if matches!(act, Act::Void { .. })
                && (round.row.voided_at.is_some() || round.row.drawn_at.is_some())
            {
                return Err(ActError::because(
                    "the round is void or drawn already: its result stands then, there is no second draw",
                ));
            }
            Ok(Preview::Plain)
        }
        Act::Ineligible { receipt, .. } => {
            let round = needed(round)?;
            match store::assignment::find(app.db.read(), round.row.id, &canonical(receipt)?).await? {
                Some(_) => Ok(Preview::Plain),
                None => Err(ActError::because("there is no such entry in the draw of this round")),
            }
        }
        Act::Confirm { roster, digest } => {
            let complete = store::roster::find(app.db.read(), roster, "complete").await?;
            match complete.filter(|complete| complete.digest == *digest) {
                Some(_) => Ok(Preview::Plain),
                None => {
                    Err(ActError::because(format!("no roster `{roster}` from this file waits to be used")))
                }
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
        Act::Ineligible { receipt, category } => {
            let reason = category.as_deref().map(|key| {
                Reason::from_key(key).ok_or_else(|| ActError::because(format!("there is no reason `{key}`")))
            });
            let receipt = canonical(receipt)?;
            ineligible(app, needed(round)?, &receipt, reason.transpose()?, staff, now).await?;
        }
        Act::Declare { values } => {
            let round = needed(round)?;
            let pulse = pulse::declare(&round.rules.beacon, [values, again.unwrap_or_default()])?;
            if !pulse::keep_declared(app, &round.row, &pulse, staff, now).await? {
                return Err(ActError::because(
                    "the round has its pulse already, or its seed is not revealed yet",
                ));
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
    let draft = Draft::parse(text).map_err(ActError::because)?;
    Ok(Draft { words_text: words.cloned(), ..draft })
}

fn needed(round: Option<&Round>) -> Result<&Round, ActError> {
    round.ok_or_else(|| ActError::because("there is no such round"))
}

fn canonical(receipt: &str) -> Result<String, ActError> {
    let receipt: Result<public_audit::Receipt, _> = receipt.trim().to_ascii_lowercase().parse();
    receipt.map(|receipt| receipt.to_string()).map_err(|_| ActError::because("this is not a receipt"))
}
