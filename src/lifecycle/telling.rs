//! Telling many people something: spread over the minutes given, each at their own second.

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;

use crate::{app::Round, domain::spread, store::notice::planned};

/// One person to tell something.
#[derive(Clone, Debug)]
pub struct Hearer {
    /// Of which entry.
    pub receipt: String,
    /// How.
    pub channel: String,
    /// What: the notice's reason and version.
    pub what: (&'static str, i64),
    /// The second within the minute.
    pub jitter: TimeDelta,
    /// From when on it would be pointless.
    pub pointless: DateTime<Utc>,
}

/// A notice for each of `count`, in the order of hearing, as even as whole numbers allow over `minutes`; a place
/// without anybody to tell stays empty. One after another: millions would not fit into memory.
pub fn planned_over(
    round_id: i64,
    count: usize,
    hearers: impl Iterator<Item = Option<Hearer>>,
    minutes: Vec<DateTime<Utc>>,
) -> impl Iterator<Item = notice::ActiveModel> {
    hearers.enumerate().filter_map(move |(place, hearer)| {
        let Hearer { receipt, channel, what: (reason, version), jitter, pointless } = hearer?;
        let send_at = *minutes.get(spread::minute_of(place, count, minutes.len()))? + jitter;
        let version = i32::try_from(version).unwrap_or(i32::MAX);
        Some(planned(round_id, &receipt, reason, version, &channel, send_at, pointless - send_at))
    })
}

/// Over how many minutes everybody of a round is told something.
pub fn minutes_for(round: &Round) -> usize {
    usize::try_from(round.row.spread_minutes).unwrap_or(1).max(1)
}

/// The minutes from `from` on in which `count` people of a round are told something, so many in each as when
/// everybody is told; none in the quiet hours.
pub fn minutes_of(round: &Round, count: usize, from: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let all = round.row.entrant_count.and_then(|all| usize::try_from(all).ok()).unwrap_or(count);
    spread::minutes(from, spread::needed(count, all, minutes_for(round))).collect()
}
