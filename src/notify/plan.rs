//! The planned rate is a promise, also when we are late: what was held up is planned anew, so many
//! a minute as the plan has at its busiest, and never sent at once.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::domain::spread;

/// Which minutes of each round are spoken for.
#[derive(Debug, Default)]
pub struct Plan(Mutex<HashMap<i64, Minute>>);

#[derive(Clone, Copy, Debug)]
struct Minute {
    at: DateTime<Utc>,
    taken: usize,
}

impl Plan {
    /// When a notice of `round` that was due at `due_at` may leave: now (`None`), or in a later
    /// minute, because `most` leave in each before. `is_replanned` says that this was asked before
    /// and `due_at` is the answer.
    pub fn later(
        &self,
        round: i64,
        most: usize,
        due_at: DateTime<Utc>,
        is_replanned: bool,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let present = minute(now);
        // In the quiet hours nobody is told anything: their first minute is in the morning.
        let first = minute(spread::awake(now));
        if is_replanned && minute(due_at) == present && first == present {
            return None;
        }
        let mut rounds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = rounds.entry(round).or_insert(Minute { at: first, taken: 0 });
        if last.at < first {
            *last = Minute { at: first, taken: 0 };
        }
        if last.taken >= most.max(1) {
            *last = Minute { at: spread::awake(last.at + TimeDelta::minutes(1)), taken: 0 };
        }
        last.taken += 1;
        // The second within the minute stays what it was.
        (last.at != present).then(|| last.at + (due_at - minute(due_at)))
    }
}

fn minute(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.duration_trunc(TimeDelta::minutes(1)).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_leaves_at_the_planned_rate_and_everyone_gets_a_turn() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let plan = Plan::default();
        // Ten minutes of silence; three a minute were planned, thirty are overdue at once.
        let mut waiting: Vec<(DateTime<Utc>, bool)> = (0..30).map(|n| (at(n / 3), false)).collect();
        let mut now = at(10);
        let mut sent = Vec::new();
        while !waiting.is_empty() {
            let due = waiting.iter().filter(|(due_at, _)| *due_at <= now).count();
            let mut later = waiting.split_off(due);
            let mut left = 0;
            for (due_at, again) in waiting {
                match plan.later(1, 3, due_at, again, now) {
                    None => left += 1,
                    Some(replanned) => later.push((replanned, true)),
                }
            }
            later.sort();
            waiting = later;
            sent.push(left);
            now += TimeDelta::minutes(1);
        }
        assert_eq!(sent, [3; 10]);
    }
}
