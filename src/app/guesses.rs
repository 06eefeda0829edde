//! How often wrong codes were tried lately: whoever guesses is slowed down, whatever address they use.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong codes an instance answers in a minute. A resident types one or two. Of all codes one in a hundred
/// thousand is right in a large city, and being right tells a day and a kind of notice.
const MOST: u32 = 300;

/// The wrong codes of the present minute.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<Option<(DateTime<Utc>, u32)>>);

impl Guesses {
    /// Whether another code may be tried now.
    pub fn may_try(&self, now: DateTime<Utc>) -> bool {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.is_none_or(|(since, wrong)| !is_within(since, now) || wrong < MOST)
    }

    /// One was wrong.
    pub fn count(&self, now: DateTime<Utc>) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match guesses.as_mut().filter(|(since, _)| is_within(*since, now)) {
            Some((_, wrong)) => *wrong = wrong.saturating_add(1),
            None => *guesses = Some((now, 1)),
        }
    }
}

/// A clock that was set back begins a new minute too.
fn is_within(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(now - since))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_ends_and_begins_again_a_minute_later() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let guesses = Guesses::default();
        for _ in 0..MOST {
            assert!(guesses.may_try(at(100)));
            guesses.count(at(100));
        }
        assert!(!guesses.may_try(at(159)));
        assert!(guesses.may_try(at(160)));
        assert!(guesses.may_try(at(99)), "a clock that was set back");
        guesses.count(at(160));
        assert!(guesses.may_try(at(161)));
    }
}
