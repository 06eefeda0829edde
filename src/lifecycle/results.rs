//! Telling everybody their result, spread over hours, each at their own second.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use public_audit::draw::{Drawn, Row};
use sea_orm::{ConnectionTrait, DbErr};

use super::telling::{Hearer, minutes_for, planned_over};
use crate::{
    app::{Round, utc},
    domain::{spread, standing},
    store::entry::{self, Channels},
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
    let count = drawn.rows().len() + joined.values().map(Vec::len).sum::<usize>();
    // Whoever came together hears one after another.
    let people = in_order_of_hearing(drawn).flat_map(move |row| {
        let receipt = row.receipt.to_string();
        let members = joined.get(&receipt).into_iter().flatten();
        let members = members.map(move |(receipt, channel)| (row, receipt.clone(), Some(channel.as_str())));
        std::iter::once((row, receipt, channels.find(&row.receipt))).chain(members)
    });
    let hearer = move |(row, receipt, channel): (Row, String, Option<&str>)| {
        let turn = |start| standing::shifted(round.turn(utc(start)), 0, &round.shifts);
        Some(Hearer {
            receipt,
            channel: channel?.to_owned(),
            what: ("result", 1),
            // Protocol §7: the second within the minute comes from the entry's own stream.
            jitter: TimeDelta::seconds(i64::from(row.jitter)),
            pointless: row.assignment.map_or(round.row.ends_at, |place| turn(place.start_at).until),
        })
    };
    Box::new(planned_over(round.row.id, count, people.map(hearer), minutes))
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
pub fn seals<'a>(
    channels: &'a Channels,
    round: &'a Round,
    now: DateTime<Utc>,
) -> Box<dyn Iterator<Item = notice::ActiveModel> + Send + 'a> {
    let receipts = || channels.iter().filter(|(_, channel)| *channel == "email").map(|(receipt, _)| receipt);
    // A minute later the checkpoint is signed.
    let minutes: Vec<DateTime<Utc>> = spread::minutes(now + TimeDelta::minutes(1), minutes_for(round))
        .take_while(|minute| *minute < round.row.results_at)
        .collect();
    let count = receipts().count();
    let (pointless, jitter) = (round.row.results_at, TimeDelta::zero());
    let hearer = move |receipt: public_audit::Receipt| {
        let (receipt, channel) = (receipt.to_string(), "email".to_owned());
        Some(Hearer { receipt, channel, what: ("sealed", 1), jitter, pointless })
    };
    Box::new(planned_over(round.row.id, count, receipts().map(hearer), minutes))
}

/// Assigned entries by start, waitlisted ones by rank, dealt evenly among them.
fn in_order_of_hearing(drawn: &Drawn) -> impl Iterator<Item = Row> {
    // Of millions, the ranks and not the rows.
    let (mut assigned, mut waitlisted) = (Vec::new(), Vec::new());
    for row in drawn.rows() {
        match row.assignment {
            Some(place) => assigned.push((place.start_at, row.rank)),
            None => waitlisted.push(row.rank),
        }
    }
    assigned.sort_unstable();
    let (all, waiting) = (drawn.rows().len(), waitlisted.len());
    let (mut assigned, mut waitlisted) = (assigned.into_iter(), waitlisted.into_iter());
    (0..all).filter_map(move |place| {
        // Of the first `place` to hear, ⌊place·waiting/all⌋ are on the waitlist.
        let waits = (place + 1) * waiting / all > place * waiting / all;
        let rank = if waits { waitlisted.next() } else { assigned.next().map(|(_, rank)| rank) };
        drawn.row(rank?)
    })
}

/// Whoever is told something about an entry: who made it, and who is in it.
pub fn people_of(joined: &Joined, receipt: &str) -> Vec<String> {
    let members = joined.get(receipt).into_iter().flatten().map(|(member, _)| member.clone());
    std::iter::once(receipt.to_owned()).chain(members).collect()
}
