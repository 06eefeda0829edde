//! Time stood still: everything that had not begun begins later, in the same order, and who could buy when it
//! stopped can do so for longer. Or nobody begins later, and who could buy meanwhile is waited for longer: an
//! extension. On the word of two members of staff, in public, and each person concerned is told once.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::journal::event::{MAX_SHIFT, is_reason};
use sea_orm::ConnectionTrait;

use super::{Known, told};
use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        standing::{Shift, shifted_by},
        status::Turn,
    },
    lifecycle::{LifecycleError, because, refused},
    store,
};

mod kept;
mod still;

pub(super) use kept::tell_sellers;
pub use kept::{keep, shift};
pub(super) use still::{Still, standing_still};

/// What a shift would do.
#[derive(Clone, Debug)]
pub struct Shifting {
    shift: Shift,
    number: i64,
    known: Known,
    /// Those whom it concerns: their times before and after, and what they may buy.
    pub concerned: Vec<Concerned>,
    /// When the round ends then.
    pub ends_at: DateTime<Utc>,
}

/// Somebody whose time changes.
#[derive(Clone, Debug)]
pub struct Concerned {
    /// The entry.
    pub receipt: String,
    /// As it was.
    pub before: Turn,
    /// As it will be.
    pub then: Turn,
    /// Won.
    pub amount: u64,
}

/// What a shift would do, computed and not done.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn shifting(
    app: &App,
    row: &Model,
    from: DateTime<Utc>,
    seconds: u64,
    reason: &str,
) -> Result<Shifting, LifecycleError> {
    to_come(app, row, (from, None), seconds, reason).await
}

/// What an extension would do, computed and not done: who could buy at some time from `from` to `until`.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn extending(
    app: &App,
    row: &Model,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    seconds: u64,
    reason: &str,
) -> Result<Shifting, LifecycleError> {
    if until < from {
        return Err(refused("it cannot end before it begins"));
    }
    to_come(app, row, (from, Some(until)), seconds, reason).await
}

async fn to_come(
    app: &App,
    row: &Model,
    (from, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    seconds: u64,
    reason: &str,
) -> Result<Shifting, LifecycleError> {
    let (round, known) = checked(app, row, from, seconds, reason).await?;
    let db = app.db.read();
    told(db, row.id).await?;
    let shift = shift_of(&known, (from, until), seconds, reason)?;
    let by = shift.by;
    let mut moves = store::offer::list_all_moves(db, row.id, None).await?;
    let bought: HashSet<String> = store::bought::list_receipts(db, row.id).await?.into_iter().collect();
    let mut concerned = Vec::new();
    let mut last = 0;
    loop {
        let page = store::assignment::list_after(db, row.id, last).await?;
        let Some(until) = page.last().map(|drawn| drawn.rank) else { break };
        last = until;
        for drawn in page {
            let steps = store::offer::steps(&drawn, &moves.remove(&drawn.receipt).unwrap_or_default());
            let Some(place) = round.standing(&steps).place() else { continue };
            let then = shifted_by(place.turn, &shift);
            if then != place.turn && !bought.contains(&drawn.receipt) {
                let (receipt, before, amount) = (drawn.receipt, place.turn, place.amount);
                concerned.push(Concerned { receipt, before, then, amount });
            }
        }
    }
    let number = i64::try_from(known.shifts + 1).map_err(refused)?;
    // Where nobody begins later, the round is over when the last of them is.
    let last = concerned.iter().map(|one: &Concerned| one.then.until).max();
    let ends_at = match until {
        None => round.row.ends_at + by,
        Some(_) => last.map_or(round.row.ends_at, |last| last.max(round.row.ends_at)),
    };
    Ok(Shifting { shift, number, known, concerned, ends_at })
}

/// The round, if times of it can move so, and what its places follow from.
async fn checked(
    app: &App,
    row: &Model,
    from: DateTime<Utc>,
    seconds: u64,
    reason: &str,
) -> Result<(Arc<Round>, Known), LifecycleError> {
    if !is_reason(reason) {
        return Err(because(Because::Reason));
    }
    if !(1..=MAX_SHIFT).contains(&seconds) {
        return Err(because(Because::ShiftLength));
    }
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    if round.row.drawn_at.is_none() || round.row.voided_at.is_some() {
        return Err(because(Because::NotDrawn));
    }
    // An hour lost at the end may be given back after it, but not once nobody's time is known any more.
    if from >= round.row.ends_at || round.row.purged_at.is_some() {
        return Err(because(Because::Over));
    }
    let known = Known::find(app.db.read(), row.id).await?;
    match known.is_of(&round) {
        true => Ok((round, known)),
        false => Err(because(Because::Overtaken)),
    }
}

fn shift_of(
    known: &Known,
    (from, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    seconds: u64,
    reason: &str,
) -> Result<Shift, LifecycleError> {
    let by = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds).unwrap_or_default();
    let offers = i64::try_from(known.offers).map_err(refused)?;
    Ok(Shift { offers, from, by, reason: reason.to_owned(), until, closed_until: None })
}

/// A shift of a round whose results nobody knows: there is nobody to tell that anything has changed.
///
/// # Errors
/// What the database said.
pub async fn untold(
    app: &App,
    row: &Model,
    from: DateTime<Utc>,
    by: TimeDelta,
    reason: &str,
) -> Result<Shifting, LifecycleError> {
    let known = Known::find(app.db.read(), row.id).await?;
    let offers = i64::try_from(known.offers).map_err(refused)?;
    let number = i64::try_from(known.shifts + 1).map_err(refused)?;
    let reason = reason.to_owned();
    let shift = Shift { offers, from, by, reason, until: None, closed_until: None };
    Ok(Shifting { shift, number, known, concerned: Vec::new(), ends_at: row.ends_at + by })
}

impl Shifting {
    /// The shift itself.
    pub fn shift(&self) -> &Shift {
        &self.shift
    }

    /// Whether nothing came between it and now.
    pub(super) async fn holds(
        &self,
        txn: &impl ConnectionTrait,
        round_id: i64,
    ) -> Result<bool, LifecycleError> {
        let known = Known::find(txn, round_id).await?;
        Ok((known.shifts, known.offers) == (self.known.shifts, self.known.offers))
    }

    /// Which shifts and offers come before it, and when the round ends then: whose times move, and by how much, follows from them.
    pub fn comes_after(&self) -> String {
        format!("{} {} {}", self.known.shifts, self.known.offers, self.ends_at)
    }
}
