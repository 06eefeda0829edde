//! Time stood still: everything that had not begun begins later, in the same order, and who could buy when it
//! stopped can do so for longer. Or nobody begins later, and who could buy meanwhile is waited for longer: an
//! extension. On the word of two members of staff, in public, and each person concerned is told once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use entities::{round::Model, shift as entity};
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
    extended::extended,
    late::Late,
    news, queue,
    retold::{items, replace_unsent},
    told,
};
use crate::{
    app::{App, Round, instant, utc},
    domain::{
        because::Because,
        standing::{Shift, shifted, shifted_by},
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

/// An extension during which nobody can buy.
pub(super) struct Still {
    pub shifting: Shifting,
    /// How many can buy when it begins.
    pub open: u64,
    /// How many begin while it lasts.
    pub soon: u64,
    pub late: Option<Late>,
}

/// An extension during which nobody can buy, whatever the size of the round: whom it concerns is counted in the
/// database, and told by the pages.
pub(super) async fn standing_still(
    app: &App,
    row: &Model,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    seconds: u64,
    reason: &str,
) -> Result<Still, LifecycleError> {
    let (round, known) = checked(app, row, from, seconds, reason).await?;
    let db = app.db.read();
    let shift =
        Shift { closed_until: Some(until), ..shift_of(&known, (from, Some(until)), seconds, reason)? };
    let drawn = store::assignment::count_unbought(db, row.id).await?;
    let moved = store::offer::count_unbought(db, row.id).await?;
    let mut counted: HashMap<(i64, DateTime<Utc>), u64> = HashMap::new();
    for (offer, at, places) in drawn.into_iter().map(|(at, places)| (0, at, places)).chain(moved) {
        *counted.entry((offer, at)).or_default() += u64::try_from(places).unwrap_or_default();
    }
    let (mut open, mut soon, mut late, mut ends_at) = (0, 0, None, round.row.ends_at);
    let offers = round.rules.after.iter().flat_map(|after| after.offers_at.iter().map(|at| utc(*at)));
    let made = usize::try_from(known.offers).map_err(refused)?;
    let offers: Vec<DateTime<Utc>> = offers.skip(made).collect();
    // Few are extended: each is looked at by itself, and is in no count beside.
    for (offer, at, extended) in extended(db, &round, from).await? {
        if let Some(places) = counted.get_mut(&(offer, at)) {
            *places = places.saturating_sub(1);
        }
        let turn = shifted(round.turn(at), offer, &round.shifts);
        let then = shifted_by(turn, &shift);
        *(if turn.starts_at <= from { &mut open } else { &mut soon }) += 1;
        // They are waited for until the later of their own time and what they were given, and both may be longer by it.
        let until = [turn.until.max(extended), then.until.max(extended + shift.by)];
        late = Late::and(late, &offers, until, 1);
        ends_at = ends_at.max(then.until);
    }
    for ((offer, at), places) in counted {
        let turn = shifted(round.turn(at), offer, &round.shifts);
        let then = shifted_by(turn, &shift);
        if then != turn && places > 0 {
            *(if turn.starts_at <= from { &mut open } else { &mut soon }) += places;
            late = Late::and(late, &offers, [turn.until, then.until], places);
            ends_at = ends_at.max(then.until);
        }
    }
    let number = i64::try_from(known.shifts + 1).map_err(refused)?;
    Ok(Still {
        shifting: Shifting { shift, number, known, concerned: Vec::new(), ends_at },
        open,
        soon,
        late,
    })
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
    if !shifting.holds(&txn, row.id).await? {
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
    // On the day somebody buys every second: whose times move follows from what came before.
    let named = staff.settle(&txn, now, &shifting.comes_after()).await?;
    keep(&txn, row, &shifting, &named, now).await?;
    tell_sellers(app, &txn, &round, &shifting.shift, now).await?;
    txn.commit().await?;
    app.rounds.forget();
    app.outbox.notify_waiters();
    Ok(())
}

/// Sellers hear of it, in the transaction of its cause.
pub(super) async fn tell_sellers(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    shift: &Shift,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let Shift { from, by, reason, until, closed_until, .. } = shift;
    let mut data = serde_json::json!({
        "round": round.row.slug, "from": told::instant(*from), "seconds": by.num_seconds(), "reason": reason,
    });
    if let Some(until) = until {
        data["until"] = told::instant(*until).into();
    }
    let kind = match (until, closed_until) {
        (_, Some(_)) => "round.paused",
        (Some(_), None) => "round.extended",
        (None, None) => "round.shifted",
    };
    Ok(told::tell(app, txn, round, None, kind, data, now).await?)
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
        until_at: shift.until,
        closed_until: shift.closed_until,
    };
    store::shift::insert(txn, kept).await?;
    // Who had been given longer because a payment failed has it for as much longer.
    for (receipt, until) in store::reservation::list_extended(txn, row.id).await? {
        if until > shift.from {
            let until = until + shift.by;
            store::reservation::extend(txn, row.id, &receipt, until, now, "shift").await?;
        }
    }
    store::round::extend(txn, row.id, *ends_at).await?;
    let (from, reason) = (instant(shift.from), shift.reason.clone());
    let seconds = u64::try_from(seconds).map_err(refused)?;
    let act = match shift.until {
        None => Act::Shifted { from, seconds, reason },
        Some(until) => Act::Extended { from, until: instant(until), seconds, reason },
    };
    log(txn, row, now, act, staff).await
}
