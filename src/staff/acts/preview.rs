//! What an act would do, and what names it, so that whoever decides decides on what they looked at.

use public_audit::Rules;

use super::{
    error::{ActError, unfit},
    read::{canonical, category_of, listed, needed, public, read},
};
use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        draft::{Draft, Slots},
        plan::{Inputs, Plan},
        proposal::Act,
        staff::Role,
    },
    lifecycle::{
        after::{
            facts::{self, Stands},
            shift::{Shifting, extending, shifting},
            taken_back::{self, TakingBack, taking_back},
        },
        announce,
        confirm::replacing,
        pulse,
        release::{Releasing, releasing},
        replaced::Replacing,
        strike,
    },
    staff::before::{Before, People, before, people},
    store,
};

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
    pub(super) fn stands(&self) -> String {
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
