//! Time stood still: everything that had not begun begins later, in the same order, and who could buy when it
//! stopped can do so for longer. On the word of two members of staff, in public, and each person concerned is
//! told once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::{notice, round::Model, shift as entity};
use public_audit::{
    Digest,
    journal::{
        Act,
        event::{MAX_SHIFT, is_reason},
    },
};
use sea_orm::ConnectionTrait;

use super::{
    Known,
    news::{self, Item},
    queue, told,
};
use crate::{
    app::{App, instant},
    domain::{
        because::Because,
        reminding::Kind,
        standing::{Shift, shifted_by},
        status::Turn,
    },
    lifecycle::{
        LifecycleError,
        announce::Staff,
        because, log, refused,
        results::{self, people_of},
        sale::told,
    },
    store::{self, notice as notices},
};

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
    if !is_reason(reason) {
        return Err(because(Because::Reason));
    }
    if !(1..=MAX_SHIFT).contains(&seconds) {
        return Err(because(Because::ShiftLength));
    }
    let by = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds).unwrap_or_default();
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    if round.row.drawn_at.is_none() || round.row.voided_at.is_some() {
        return Err(because(Because::NotDrawn));
    }
    if from >= round.row.ends_at {
        return Err(because(Because::Over));
    }
    let db = app.db.read();
    told(db, row.id).await?;
    let known = Known::find(db, row.id).await?;
    let shift =
        Shift { offers: i64::try_from(known.offers).map_err(refused)?, from, by, reason: reason.to_owned() };
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
    Ok(Shifting { shift, number, known, concerned, ends_at: round.row.ends_at + by })
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
    let shift = Shift { offers, from, by, reason: reason.to_owned() };
    Ok(Shifting { shift, number, known, concerned: Vec::new(), ends_at: row.ends_at + by })
}

impl Shifting {
    /// The shift itself.
    pub fn shift(&self) -> &Shift {
        &self.shift
    }

    /// Which shifts and offers come before it: whose times move, and by how much, follows from them.
    pub fn comes_after(&self) -> String {
        format!("{} {}", self.known.shifts, self.known.offers)
    }
}

/// Shifts the times of a round.
///
/// # Errors
/// [`LifecycleError`]; refused when an offer or another shift came between.
pub async fn shift(
    app: &App,
    row: &Model,
    mut shifting: Shifting,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    let seed = round.row.draw_seed.as_deref().and_then(|seed| seed.parse().ok());
    let seed: Digest = seed.ok_or_else(|| refused("the round is not drawn"))?;
    let txn = app.db.begin().await?;
    queue(&txn, row.id).await?;
    let known = Known::find(&txn, row.id).await?;
    if (known.shifts, known.offers) != (shifting.known.shifts, shifting.known.offers) {
        return Err(because(Because::Overtaken));
    }
    // On the day somebody buys every second. They need no other time, and nobody has to try again for that.
    let bought: HashSet<String> = store::bought::list_receipts(&txn, row.id).await?.into_iter().collect();
    shifting.concerned.retain(|one| !bought.contains(&one.receipt));
    // Before results are told there is nobody who knows another time.
    if round.row.drawn_at.is_some() && !round.is_held() {
        let joined = results::joined(&txn, &round).await?;
        let people: Vec<(String, &Concerned)> = shifting
            .concerned
            .iter()
            .flat_map(|one| people_of(&joined, &one.receipt).into_iter().map(move |who| (who, one)))
            .collect();
        let unsent = replace_unsent(&txn, row.id, &people, now).await?;
        let items = items(shifting.number, &people, &unsent, now);
        let told = news::notices(&txn, &round, &seed, items, now).await?;
        notices::insert_all(&txn, told.into_iter()).await?;
    }
    let named = staff.settle(&txn, now).await?;
    keep(&txn, row, &shifting, &named, now).await?;
    // Who had been given longer because a payment failed has it for as much longer.
    for (receipt, until) in store::reservation::list_extended(&txn, row.id).await? {
        if until > shifting.shift.from {
            let until = until + shifting.shift.by;
            store::reservation::extend(&txn, row.id, &receipt, until, now, "shift").await?;
        }
    }
    let data = serde_json::json!({
        "round": row.slug, "from": told::instant(shifting.shift.from),
        "seconds": shifting.shift.by.num_seconds(), "reason": shifting.shift.reason,
    });
    told::tell(app, &txn, &round, None, "round.shifted", data, now).await?;
    txn.commit().await?;
    app.rounds.forget();
    app.outbox.notify_waiters();
    Ok(())
}

/// Keeps a shift with its event, in the transaction of what follows from it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn keep(
    txn: &impl ConnectionTrait,
    row: &Model,
    shifting: &Shifting,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let Shifting { shift, number, ends_at, .. } = shifting;
    let seconds = shift.by.num_seconds();
    let kept = entity::Model {
        round_id: row.id,
        number: *number,
        offers: shift.offers,
        at: now,
        from_at: shift.from,
        seconds,
        reason: shift.reason.clone(),
    };
    store::shift::insert(txn, kept).await?;
    store::round::extend(txn, row.id, *ends_at).await?;
    let act = Act::Shifted {
        from: instant(shift.from),
        seconds: u64::try_from(seconds).map_err(refused)?,
        reason: shift.reason.clone(),
    };
    log(txn, row, now, act, staff).await
}

/// What has not been told yet is told with the new times, when it was to be told; returns whose that is.
async fn replace_unsent(
    txn: &impl ConnectionTrait,
    round_id: i64,
    people: &[(String, &Concerned)],
    now: DateTime<Utc>,
) -> Result<HashMap<String, notice::Model>, LifecycleError> {
    let receipts: Vec<String> = people.iter().map(|(who, _)| who.clone()).collect();
    let reasons = ["result", "caught_up", "offered", "shifted"];
    let unsent = notices::list_unsent(txn, round_id, &receipts, &reasons).await?;
    notices::end_about(txn, round_id, &receipts, &reasons, now).await?;
    // Reminders are planned anew, of the new times.
    notices::end_about(txn, round_id, &receipts, &Kind::KEYS, now).await?;
    let until: HashMap<&str, DateTime<Utc>> =
        people.iter().map(|(who, one)| (who.as_str(), one.then.until)).collect();
    let again = unsent.iter().filter(|notice| notice.reason != "shifted").map(|notice| {
        let send_at = notice.due_at.max(now);
        let pointless = until.get(notice.about.as_str()).copied().unwrap_or(notice.deadline_at);
        let (reason, version) = (notice.reason.as_str(), notice.version + 1);
        let left = pointless - send_at;
        notices::planned(round_id, &notice.about, reason, version, &notice.channel, send_at, left)
    });
    notices::insert_all(txn, again).await?;
    Ok(unsent.into_iter().map(|notice| (notice.about.clone(), notice)).collect())
}

/// Who is told that their time has changed: all who know another one, and whom it still helps.
fn items(
    number: i64,
    people: &[(String, &Concerned)],
    unsent: &HashMap<String, notice::Model>,
    now: DateTime<Utc>,
) -> Vec<Item> {
    let tells = |(who, one): &&(String, &Concerned)| {
        let again = unsent.get(who).is_some_and(|notice| notice.reason != "shifted");
        !again && one.then.until > now
    };
    let item = |(who, one): &(String, &Concerned)| Item {
        receipt: who.clone(),
        what: ("shifted", number),
        starts_at: Some(one.then.starts_at),
        pointless: one.then.until,
    };
    people.iter().filter(tells).map(item).collect()
}
