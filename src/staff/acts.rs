//! Acts that take two people: what each would do, and doing it. The same for the web and the command line.

use public_audit::Rules;
use sea_orm::DbErr;

use super::{
    before::{Before, People, before, people},
    roles::{Change, RoleError, change_in},
};
use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        contact::is_registration_number,
        draft::{Draft, Slots},
        ineligible::Reason,
        plan::{Inputs, Plan},
        proposal::Act,
        staff::Role,
    },
    lifecycle::{
        LifecycleError,
        after::{
            facts::{self, Stands, ineligible},
            shift::{Shifting, extending, shift, shifting},
            taken_back::{self, TakingBack, take_back, taking_back},
        },
        announce::{self, AnnounceError, Staff, Written, announce_written},
        confirm::{confirm, replacing},
        pulse,
        release::{Releasing, release, releasing},
        replaced::Replacing,
        strike,
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
            LifecycleError::Refused(Because::Changed) => Self::Changed,
            LifecycleError::Refused(why) => Self::because(why),
        }
    }
}

impl From<AnnounceError> for ActError {
    fn from(error: AnnounceError) -> Self {
        match error {
            AnnounceError::Database(error) => Self::Database(error),
            AnnounceError::Refused(why) => LifecycleError::Refused(why).into(),
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
    /// What would be told, and whether times would move.
    Release(Releasing),
    /// Whose place would go on.
    Ineligible(Stands),
    /// Which purchases would be none.
    TakeBack(Vec<TakingBack>),
    /// Whose entries would leave the pool, or come back.
    Strike(Vec<String>),
    /// Which role they have now.
    Role(String),
    /// How the roster would change.
    Confirm(Replacing),
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
    /// Its load, and what that was reckoned with.
    pub plan: Plan,
    /// With the size of its roster, where it has one.
    pub inputs: Inputs,
    /// The round before, if there is one.
    pub before: Option<Before>,
    /// Who may enter, or is served, where that is a list.
    pub people: Option<People>,
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
            if !looked.refusals.is_empty() {
                return Err(unfit(looked.refusals, looked.plan.as_ref()));
            }
            let drill = looked.drill;
            let (Some(rules), Some(plan), Some(inputs)) = (looked.rules, looked.plan, looked.inputs) else {
                return Err(ActError::drafted(looked.refusals));
            };
            let slots = draft.slots().map_err(ActError::drafted)?;
            let (before, round) = before(app, &draft.slug).await?.unzip();
            let people = people(app, &draft, round.as_deref()).await?;
            // It was there a moment ago: who is on it nobody would have seen.
            if people.is_some() != draft.roster.is_some() {
                return Err(ActError::Changed);
            }
            let announcing = Announcing { draft, rules, slots, plan, inputs, before, people, drill };
            Ok(Preview::Announce(Box::new(announcing)))
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
            if let Act::Release { shift_days, .. } = act {
                return Ok(Preview::Release(releasing(app, round, *shift_days, app.clock.now()).await?));
            }
            if matches!(act, Act::Void { .. })
                && (round.row.voided_at.is_some() || round.row.drawn_at.is_some())
            {
                return Err(ActError::because(Because::Stands));
            }
            Ok(Preview::Plain)
        }
        Act::Ineligible { receipt, category } => {
            let (receipt, reason) = (canonical(receipt)?, category_of(category.as_deref())?);
            Ok(Preview::Ineligible(facts::look(app.db.read(), needed(round)?, &receipt, reason).await?))
        }
        Act::TakeBack { receipts, reason } => {
            public(reason)?;
            let (receipts, now) = (listed(receipts)?, app.clock.now());
            Ok(Preview::TakeBack(taking_back(app.db.read(), needed(round)?, &receipts, now).await?))
        }
        Act::Strike { receipt, category } => {
            let (receipt, row) = (canonical(receipt)?, &needed(round)?.row);
            category_of(category.as_deref())?;
            let (db, now) = (app.db.read(), app.clock.now());
            let people = strike::concerned(db, row, &receipt, category.is_none(), now).await?;
            Ok(Preview::Strike(people.into_iter().map(|entry| entry.receipt).collect()))
        }
        Act::Role { name, role } => {
            let person = store::clerk::find(app.db.read(), name).await?;
            let person = person.ok_or_else(|| ActError::because(Because::NoPerson(name.clone())))?;
            match Role::from_key(role).filter(|role| role.key() != person.role) {
                Some(_) => Ok(Preview::Role(person.role)),
                None => Err(ActError::because(Because::NoRole)),
            }
        }
        Act::Confirm { roster, digest } => Ok(Preview::Confirm(replacing(app, roster, digest).await?)),
    }
}

impl Preview {
    /// Names what was looked at: if it is another now, it has to be looked at again.
    pub fn seen(&self, act: &Act) -> String {
        act.seen(&self.stands())
    }

    /// What the act follows from: the same as it says itself where it is done.
    fn stands(&self) -> String {
        match self {
            Self::Announce(announcing) => {
                format!("{}{:?}{:?}", announcing.rules.to_json(), announcing.before, announcing.people)
            }
            // On the day somebody buys every second: whose times move follows from what came before.
            Self::Shift(shifting) => shifting.comes_after(),
            Self::Release(releasing) => releasing.stands(),
            Self::Ineligible(stands) => stands.stands(),
            Self::TakeBack(all) => taken_back::stands(all),
            Self::Strike(people) => people.join(" "),
            Self::Role(role) => role.clone(),
            Self::Confirm(replacing) => replacing.stands(),
            Self::Plain => String::new(),
        }
    }
}

/// The word of whoever decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word<'w> {
    /// What they typed, where both have to.
    pub again: Option<&'w str>,
    /// Names what they read: anything else is not done.
    pub seen: Option<&'w str>,
}

/// Does it, on the word of two. Returns the round that came to be, for an announcement.
///
/// # Errors
/// [`ActError`].
pub async fn settle(
    app: &App,
    act: &Act,
    round: Option<&Round>,
    word: Word<'_>,
    staff: &Staff,
) -> Result<Option<entities::round::Model>, ActError> {
    let now = app.clock.now();
    let looked = word.seen.map(|seen| (act.clone(), seen.to_owned()));
    let staff = &Staff { looked, ..staff.clone() };
    match act {
        Act::Announce { draft_id, text, words } => {
            let looked = match word.seen {
                Some(_) => Some(preview(app, act, round).await?),
                None => None,
            };
            let draft = read(text, words.as_ref())?;
            return Ok(Some(announce_looked(app, &draft, (*draft_id, text), looked.as_ref(), staff).await?));
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
            let reason = category_of(category.as_deref())?;
            let receipt = canonical(receipt)?;
            ineligible(app, needed(round)?, &receipt, reason, staff, now).await?;
        }
        Act::TakeBack { receipts, reason } => {
            public(reason)?;
            take_back(app, needed(round)?, &listed(receipts)?, staff, now).await?;
        }
        Act::Strike { receipt, category } => {
            let reason = category_of(category.as_deref())?;
            strike::strike(app, needed(round)?, &canonical(receipt)?, reason, staff, now).await?;
        }
        Act::Declare { values } => {
            let round = needed(round)?;
            let pulse = pulse::declare(&round.rules.beacon, [values, word.again.unwrap_or_default()])?;
            if !pulse::keep_declared(app, &round.row, &pulse, staff, now).await? {
                return Err(ActError::because(Because::PulseKept));
            }
        }
        Act::Role { name, role } => {
            let role = Role::from_key(role).ok_or_else(|| ActError::because(Because::NoRole))?;
            let txn = app.db.begin().await?;
            let person = store::clerk::find(&txn, name).await?;
            staff.settle(&txn, now, &person.map(|person| person.role).unwrap_or_default()).await?;
            match change_in(&txn, name, Change::Role(role), now).await {
                Ok(()) => txn.commit().await?,
                Err(RoleError::Database(error)) => return Err(error.into()),
                Err(RoleError::Refused(_)) => return Err(ActError::because(Because::NoPerson(name.clone()))),
            }
        }
        Act::Confirm { roster, digest } => {
            confirm(app, roster, Some(digest), staff).await?;
        }
    }
    app.rounds.forget();
    Ok(None)
}

/// Announces what was looked at: with the very list that was compared, or not at all.
///
/// # Errors
/// [`ActError`].
pub async fn announce_looked(
    app: &App,
    draft: &Draft,
    (id, text): (Option<i64>, &str),
    looked: Option<&Preview>,
    staff: &Staff,
) -> Result<entities::round::Model, ActError> {
    let stands = looked.map(Preview::stands).unwrap_or_default();
    let people = match looked {
        Some(Preview::Announce(announcing)) => announcing.people.as_ref(),
        _ => None,
    };
    let roster = people.map(|people| people.replacing.rosters.1);
    let written = Written { id, text, stands: &stands, roster };
    Ok(announce_written(app, draft, Some(written), staff).await?)
}

/// A draft from its text alone: on the web there is no file beside it.
fn read(text: &str, words: Option<&String>) -> Result<Draft, ActError> {
    let draft = Draft::parse(text).map_err(|problem| ActError::because(Because::Draft(problem)))?;
    Ok(Draft { words_text: words.cloned(), ..draft })
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

fn category_of(key: Option<&str>) -> Result<Option<Reason>, ActError> {
    let reason = key.map(|key| {
        Reason::from_key(key).ok_or_else(|| ActError::because(Because::NoCategory(key.to_owned())))
    });
    reason.transpose()
}

/// Receipts as they are kept, each once.
fn listed(receipts: &[String]) -> Result<Vec<String>, ActError> {
    let mut all: Vec<String> = receipts.iter().map(|one| canonical(one)).collect::<Result<_, _>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn canonical(receipt: &str) -> Result<String, ActError> {
    let receipt: Result<public_audit::Receipt, _> = receipt.trim().to_ascii_lowercase().parse();
    receipt.map(|receipt| receipt.to_string()).map_err(|_| ActError::because(Because::NotReceipt))
}
