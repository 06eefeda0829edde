//! Telling everybody their result, spread over hours, each at their own second.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use public_audit::draw::{Drawn, Row};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::{Round, utc},
    domain::spread,
    store::{
        entry::{self, Channels},
        notice::planned,
    },
};

/// One result notice for each entry: those who go first hear first, and those on the waitlist hear
/// throughout the same hours, not after everybody else.
///
/// One after another: millions of them would not fit into memory.
pub fn notices<'a>(
    channels: &'a Channels,
    joined: &'a Joined,
    round: &'a Round,
    drawn: &'a Drawn,
    now: DateTime<Utc>,
) -> Box<dyn Iterator<Item = notice::ActiveModel> + Send + 'a> {
    let from = round.row.results_at.max(now);
    let minutes: Vec<DateTime<Utc>> = spread::minutes(from, minutes_for(round)).collect();
    let order = in_order_of_hearing(drawn);
    let count = order.len() + joined.values().map(Vec::len).sum::<usize>();
    // Whoever came together hears one after another.
    let people = order.into_iter().flat_map(move |row| {
        let receipt = row.receipt.to_string();
        let members = joined.get(&receipt).into_iter().flatten();
        let members = members.map(move |(receipt, channel)| (row, receipt.clone(), Some(channel.as_str())));
        std::iter::once((row, receipt, channels.find(&row.receipt))).chain(members)
    });
    Box::new(people.enumerate().filter_map(move |(place, (row, receipt, channel))| {
        let minute = *minutes.get(spread::minute_of(place, count, minutes.len()))?;
        // Protocol §7: the second within the minute comes from the entry's own stream.
        let send_at = minute + TimeDelta::seconds(i64::from(row.jitter));
        let pointless =
            row.assignment.map_or(round.row.ends_at, |place| round.turn(utc(place.start_at)).until);
        Some(planned(round.row.id, &receipt, "result", 1, channel?, send_at, pointless - send_at))
    }))
}

/// The members of joint entries, by the receipt of the entry: receipt and channel of each.
pub type Joined = HashMap<String, Vec<(String, String)>>;

/// Who is in the entries of others; nobody in a round that has no such entries.
///
/// # Errors
/// What the database said.
pub async fn joined(db: &impl ConnectionTrait, round: &Round) -> Result<Joined, DbErr> {
    match round.who.is_shared() {
        true => entry::list_joined(db, round.row.id).await,
        false => Ok(Joined::new()),
    }
}

/// The seal and a checkpoint for each entrant with a mail address, spread over the time until the
/// results: nobody can be shown another pool or another history afterwards.
///
/// # Errors
/// What the database said.
pub async fn seals(
    db: &impl ConnectionTrait,
    round: &Round,
    now: DateTime<Utc>,
) -> Result<Vec<notice::ActiveModel>, DbErr> {
    let channels = entry::list_channels(db, round.row.id).await?;
    let receipts: Vec<String> = channels
        .iter()
        .filter(|(_, channel)| *channel == "email")
        .map(|(receipt, _)| receipt.to_string())
        .collect();
    // A minute later the checkpoint is signed.
    let minutes: Vec<DateTime<Utc>> = spread::minutes(now + TimeDelta::minutes(1), minutes_for(round))
        .take_while(|minute| *minute < round.row.results_at)
        .collect();
    let count = receipts.len();
    let planned = receipts.into_iter().enumerate().filter_map(|(place, receipt)| {
        let send_at = *minutes.get(spread::minute_of(place, count, minutes.len()))?;
        Some(planned(round.row.id, &receipt, "sealed", 1, "email", send_at, round.row.results_at - send_at))
    });
    Ok(planned.collect())
}

fn minutes_for(round: &Round) -> usize {
    usize::try_from(round.row.spread_minutes).unwrap_or(1).max(1)
}

/// Assigned entries by start, waitlisted ones by rank, dealt evenly among them.
fn in_order_of_hearing(drawn: &Drawn) -> Vec<&Row> {
    let (mut assigned, waitlisted): (Vec<&Row>, Vec<&Row>) =
        drawn.rows.iter().partition(|row| row.assignment.is_some());
    assigned.sort_by_key(|row| (row.assignment.map(|place| place.start_at), row.rank));
    let (all, waiting) = (drawn.rows.len(), waitlisted.len());
    let (mut assigned, mut waitlisted) = (assigned.into_iter(), waitlisted.into_iter());
    (0..all)
        .filter_map(|place| {
            // Of the first `place` to hear, ⌊place·waiting/all⌋ are on the waitlist.
            let waits = (place + 1) * waiting / all > place * waiting / all;
            if waits { waitlisted.next() } else { assigned.next() }
        })
        .collect()
}
