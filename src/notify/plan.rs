//! The planned rate is a promise, also when we are late: what was held up is planned anew, so many
//! a minute as the plan has at its busiest, and never sent at once.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{domain::spread, store::rate::minute};

/// The minute of a round that is being filled. Kept in the database: instances share it, and a
/// restart does not forget it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    /// Which minute.
    pub at: DateTime<Utc>,
    /// How many have it.
    pub taken: i64,
}

impl Filling {
    /// When a notice that was due at `due_at` may leave: now (`None`), or in a later minute, because
    /// `most` leave in each before. `is_promised` says that this was asked before and the present minute
    /// was the answer.
    pub fn later(
        &mut self,
        most: i64,
        due_at: DateTime<Utc>,
        is_promised: bool,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let present = minute(now);
        // In the quiet hours nobody is told anything: their first minute is in the morning.
        let first = minute(spread::awake(now));
        if is_promised && first == present {
            return None;
        }
        if self.at < first {
            *self = Self { at: first, taken: 0 };
        }
        if self.taken >= most.max(1) {
            *self = Self { at: spread::awake(self.at + TimeDelta::minutes(1)), taken: 0 };
        }
        self.taken += 1;
        // The second within the minute stays what it was.
        (self.at != present).then(|| self.at + (due_at - minute(due_at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_leaves_at_the_planned_rate_and_everyone_gets_a_turn() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let mut filling = Filling { at: at(0), taken: 0 };
        // Ten minutes of silence; three a minute were planned, thirty are overdue at once.
        let mut waiting: Vec<(DateTime<Utc>, bool)> = (0..30).map(|n| (at(n / 3), false)).collect();
        let mut now = at(10);
        let mut sent = Vec::new();
        while !waiting.is_empty() {
            let due = waiting.iter().filter(|(due_at, _)| *due_at <= now).count();
            let mut later = waiting.split_off(due);
            let mut left = 0;
            for (due_at, again) in waiting {
                match filling.later(3, due_at, again && minute(due_at) == now, now) {
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
