//! An offer, at its time in the rules: who missed has a second time, and what is free goes down the waitlist.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{moved, offer as entity, round::Model};
use public_audit::{
    after::{Fact, FactKind, Offer, Place},
    journal::Act,
};
use sea_orm::ConnectionTrait;

use super::{
    Known,
    news::{self, Item},
    queue,
    replay::{Replay, replay, rows},
    told,
};
use crate::{
    app::{App, Round, instant},
    domain::standing::Outcome,
    lifecycle::{LifecycleError, log, misses, refused, results},
    store::{
        self,
        fact::{INELIGIBLE, KEPT, RETURNED},
        notice,
    },
};

/// After so long everybody has seen on their page that a place has ended.
const POINTLESS: TimeDelta = TimeDelta::days(14);
/// What those concerned were still to be told of the place they had.
const OVERTAKEN: [&str; 7] = ["result", "caught_up", "offered", "shifted", "eve", "soon", "open"];
/// So often what was computed may turn out to be overtaken by what was said meanwhile.
const TRIES: usize = 5;

/// The rounds of which an offer is due at `now`, with its number.
///
/// # Errors
/// [`LifecycleError`].
pub async fn list_due(app: &App, now: DateTime<Utc>) -> Result<Vec<(Model, i64)>, LifecycleError> {
    let rounds = app.rounds.list().await?;
    let due = rounds.iter().filter(|round| round.row.voided_at.is_none() && round.is_published(now));
    let due = due.filter_map(|round| {
        let (number, _) = round.next_offer().filter(|(_, at)| *at <= now)?;
        Some((round.row.clone(), number))
    });
    Ok(due.collect())
}

/// Makes offer `number` of a round, unless it is made.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`]; refused when it is so late that people would be given times that have passed.
pub async fn offer(app: &App, row: &Model, number: i64, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    for _ in 0..TRIES {
        app.rounds.forget();
        let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
        let Some((_, at)) = round.next_offer().filter(|(next, at)| *next == number && *at <= now) else {
            return Ok(false);
        };
        // Computed beside the requests, and before the transaction that others wait for.
        told(app.db.read(), row.id).await?;
        let known = Known::find(app.db.read(), row.id).await?;
        if !known.is_of(&round) {
            continue;
        }
        let mut replay = replay(app, &round).await?;
        let facts = facts(app.db.read(), &round, &replay, at, &known).await?;
        let ending: Vec<String> = facts.iter().map(|fact| fact.receipt.to_string()).collect();
        let (made, replay) = tokio::task::spawn_blocking(move || {
            let made = replay.course.offer(&facts);
            made.map(|made| (made, replay))
        })
        .await
        .map_err(refused)?
        .map_err(refused)?;
        let moves = rows(row.id, &made);
        in_time(&round, at, &moves, now)?;
        let joined = results::joined(app.db.read(), &round).await?;
        let items = moves.iter().filter_map(|row| item(&round, row, now));
        let items = items.flat_map(|item| item.for_all(&joined)).collect();
        let notices = news::notices(app.db.read(), &round, &replay.seed, items, now).await?;

        let txn = app.db.begin().await?;
        queue(&txn, row.id).await?;
        // Somebody gave a place back or kept it meanwhile, or has bought after all: it counts. Whoever buys in their
        // own time changes nothing, or no offer would ever be made while sellers sell.
        if Known::find(&txn, row.id).await? != known
            || !store::bought::list(&txn, row.id, &ending).await?.is_empty()
        {
            continue;
        }
        let receipts: Vec<String> =
            moves.iter().flat_map(|row| results::people_of(&joined, &row.receipt)).collect();
        let assigned = moves.iter().filter(|row| row.outcome == Outcome::Assigned.key());
        let assigned: Vec<String> = assigned.map(|row| row.receipt.clone()).collect();
        misses::forget(&txn, &round, &assigned).await?;
        store::offer::insert(&txn, counted(row.id, &made, &moves, now), moves).await?;
        notice::end_about(&txn, row.id, &receipts, &OVERTAKEN, now).await?;
        notice::insert_all(&txn, notices.into_iter()).await?;
        let act = Act::Offered { offer: made.number, changes: made.changes(), digest: made.digest() };
        log(&txn, row, now, act, "").await?;
        txn.commit().await?;
        app.rounds.forget();
        app.outbox.notify_waiters();
        return Ok(true);
    }
    Err(refused("places change faster than an offer is made"))
}

/// Times are given from the time in the rules on, however late this is. Where some of them are half over,
/// people must first say by how much time stood still.
fn in_time(
    round: &Round,
    at: DateTime<Utc>,
    moves: &[moved::Model],
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let half = TimeDelta::seconds(i64::from(round.rules.grace_seconds) / 2);
    if moves.iter().filter_map(|row| row.starts_at).all(|starts_at| now <= starts_at + half) {
        return Ok(());
    }
    let minutes = (now - at).num_minutes() + 1;
    Err(refused(format!(
        "the offer of {at} is {minutes} minutes late, and people would be told of times that are nearly over: let \
         two members of staff run `jebi shift {} --from … --minutes {minutes} …`, from the time of the offer on",
        round.row.slug
    )))
}

/// What is said about places that are still held, or waited for.
async fn facts(
    db: &impl ConnectionTrait,
    round: &Round,
    replay: &Replay,
    at: DateTime<Utc>,
    known: &Known,
) -> Result<Vec<Fact>, LifecycleError> {
    let said = store::fact::list(db, round.row.id, None).await?;
    let bought = store::bought::list_receipts(db, round.row.id).await?;
    let bought: HashSet<String> = bought.into_iter().collect();
    // Only what sellers have told of can have been missed; where all buy through us, nothing is untold.
    let told = if round.knows_purchases() { Some(at) } else { known.sales_until };
    let missed_by = told.map(|until| instant(until.min(at)));
    // Who is paying at this moment, or could not because a payment failed, has not missed anything.
    let paying = store::reservation::list_paying(db, round.row.id).await?;
    let paying: HashSet<String> = paying.into_iter().collect();
    let extended = store::reservation::list_extended(db, round.row.id).await?;
    let mut facts = Vec::new();
    for (receipt, place) in replay.course.places() {
        let name = receipt.to_string();
        let kept = extended.get(&name).is_some_and(|until| *until > at) || paying.contains(&name);
        if bought.contains(&name) {
            continue;
        }
        let said = said.get(&name).map(|fact| fact.kind.as_str()).filter(|kind| *kind != KEPT);
        let kind = match (place, said) {
            (Place::Ended, _) => None,
            (_, Some(INELIGIBLE)) => Some(FactKind::Ineligible),
            (Place::Placed { .. }, Some(RETURNED)) => Some(FactKind::Returned),
            (Place::Placed { until, .. }, _) => {
                missed_by.is_some_and(|by| until <= by && !kept).then_some(FactKind::Missed)
            }
            (Place::Waitlisted, _) => None,
        };
        facts.extend(kind.map(|kind| Fact { receipt, kind }));
    }
    facts.sort_unstable_by_key(|fact| fact.receipt);
    Ok(facts)
}

/// How many hold a place whose time is over by then, and will have missed it if nobody but those known, and those `told`
/// of, has bought until then.
///
/// # Errors
/// [`LifecycleError`].
pub async fn count_missed(
    app: &App,
    row: &Model,
    told: &HashSet<&str>,
    until: DateTime<Utc>,
) -> Result<usize, LifecycleError> {
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    let known = Known { sales_until: Some(until), ..Known::find(app.db.read(), row.id).await? };
    let facts = facts(app.db.read(), &round, &replay(app, &round).await?, until, &known).await?;
    let missed = facts.iter().filter(|fact| fact.kind == FactKind::Missed);
    Ok(missed.filter(|fact| !told.contains(fact.receipt.to_string().as_str())).count())
}

/// What somebody is told about a move; who left on their own word, or was told by staff, knows.
fn item(round: &Round, row: &moved::Model, now: DateTime<Utc>) -> Option<Item> {
    let what = match Outcome::from_key(&row.outcome)? {
        Outcome::CaughtUp => "caught_up",
        Outcome::Assigned => "offered",
        Outcome::Lapsed => "lapsed",
        Outcome::Returned | Outcome::Ineligible => return None,
    };
    let pointless = row.starts_at.map_or(now + POINTLESS, |starts_at| round.turn(starts_at).until);
    Some(Item { receipt: row.receipt.clone(), what: (what, row.offer), starts_at: row.starts_at, pointless })
}

fn counted(round_id: i64, offer: &Offer, moves: &[moved::Model], at: DateTime<Utc>) -> entity::Model {
    let count = |outcome: Outcome| {
        let of = moves.iter().filter(|row| row.outcome == outcome.key()).count();
        i64::try_from(of).unwrap_or(i64::MAX)
    };
    entity::Model {
        round_id,
        number: i64::try_from(offer.number).unwrap_or(i64::MAX),
        at,
        text: offer.to_text(),
        caught_up: count(Outcome::CaughtUp),
        assigned: count(Outcome::Assigned),
        lapsed: count(Outcome::Lapsed),
        returned: count(Outcome::Returned),
        ineligible: count(Outcome::Ineligible),
    }
}
