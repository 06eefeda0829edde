//! An entry as a whole: whoever changes it waits in its queue, and appends what it has become, people counted.

use chrono::{DateTime, Utc};
use entities::member::Model;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Begun, Done, Refused};
use crate::{
    app::{App, Round},
    domain::event::{Act, Event, Wanted},
    store::{inbox, lease, member},
};

/// Appends what an entry has become, people counted, after `others`, and commits.
pub(in crate::lifecycle) async fn finish(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    entry: &str,
    wanted: &Wanted,
    mut events: Vec<Event>,
) -> Result<Done, Refused> {
    let (whole, seats) = whole(&txn, round, entry, wanted).await?;
    events.push(whole);
    append(app, round, (txn, at), events, entry, seats).await
}

/// What an entry has become, people counted, and how many they are.
pub(in crate::lifecycle) async fn whole(
    txn: &impl ConnectionTrait,
    round: &Round,
    entry: &str,
    wanted: &Wanted,
) -> Result<(Event, i32), Refused> {
    let all = member::list(txn, round.row.id, entry).await?;
    let seats = all.iter().filter(|row| row.kind != "household").count();
    let seats = i32::try_from(seats).unwrap_or(i32::MAX);
    if u32::try_from(seats).is_ok_and(|seats| seats > public_audit::rules::MAX_SEATS) {
        return Err(Refused::Full);
    }
    let whole = Wanted { seats, want: wanted.want.saturating_mul(i64::from(seats)), ..wanted.clone() };
    Ok((event(round, entry, Act::Enter(whole)), seats))
}

pub(in crate::lifecycle) async fn append(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    events: Vec<Event>,
    entry: &str,
    seats: i32,
) -> Result<Done, Refused> {
    // After every claim: of two acts on one person the later has the later row, also in the inbox.
    if !inbox::append_within(&txn, at, round.row.id, &events).await? {
        return Err(Refused::NotOpen);
    }
    txn.commit().await?;
    app.inbox.knock(events.len() as u64);
    Ok(Done { at, entry: entry.to_owned(), seats: u32::try_from(seats).unwrap_or_default() })
}

pub(in crate::lifecycle) async fn queued(app: &App, round: &Round, entry: &str) -> Result<Begun, Refused> {
    let at = app.clock.now();
    let txn = app.db.begin().await?;
    queue(&txn, round, entry).await?;
    Ok((txn, at))
}

pub(super) async fn queue(txn: &impl ConnectionTrait, round: &Round, entry: &str) -> Result<(), DbErr> {
    lease::queue(txn, &format!("entry {} {entry}", round.row.id)).await
}

/// The queues of several entries, always in one order: nobody waits for whoever waits for them.
pub(in crate::lifecycle) async fn queue_all(
    txn: &impl ConnectionTrait,
    round: &Round,
    mut entries: Vec<&str>,
) -> Result<(), DbErr> {
    entries.sort_unstable();
    entries.dedup();
    for entry in entries {
        queue(txn, round, entry).await?;
    }
    Ok(())
}

/// What whoever opened an entry asked for, for one person.
pub(in crate::lifecycle) async fn wanted_of(
    txn: &impl ConnectionTrait,
    round: &Round,
    entry: &str,
) -> Result<Wanted, Refused> {
    let row = member::find(txn, round.row.id, entry).await?.filter(|row| row.kind == "own");
    serde_json::from_str(&row.ok_or(Refused::NoEntry)?.wanted).map_err(|_| Refused::NoEntry)
}

pub(in crate::lifecycle) fn row(
    round: &Round,
    receipt: &str,
    entry: &str,
    kind: &str,
    at: DateTime<Utc>,
) -> Model {
    Model {
        round_id: round.row.id,
        receipt: receipt.to_owned(),
        entry: entry.to_owned(),
        kind: kind.to_owned(),
        at,
        wanted: String::new(),
        code_key: None,
        code_sealed: String::new(),
    }
}

pub(super) fn event(round: &Round, receipt: &str, act: Act) -> Event {
    Event { round_id: round.row.id, receipt: receipt.to_owned(), act }
}
