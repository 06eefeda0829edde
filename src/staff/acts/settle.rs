//! Doing an act, on the word of two: what they looked at, or nothing.

use super::{
    error::ActError,
    preview::{Preview, preview},
    read::{canonical, category_of, listed, needed, public, read},
};
use crate::{
    app::{App, Round},
    domain::{because::Because, draft::Draft, proposal::Act, staff::Role},
    lifecycle::{
        after::{
            facts::ineligible,
            shift::{extending, shift, shifting},
            taken_back::take_back,
        },
        announce::{Staff, Written, announce_written},
        confirm::confirm,
        pulse,
        release::release,
        strike,
        void::void,
    },
    staff::roles::{Change, RoleError, change_in},
    store,
};

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
