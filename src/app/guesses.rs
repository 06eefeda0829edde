//! How often wrong codes were tried lately: whoever guesses is slowed down, and keeps nobody else from asking.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong codes that one address may try at an instance in a minute. A resident types one or two; a whole office may
/// stand behind one address, or behind a proxy that is not named.
const MOST: u32 = 300;
/// And all addresses together. Of all codes one in a hundred thousand is right in a large city, and being right
/// tells a day and a kind of notice.
const ALL: u32 = 6_000;

/// The wrong codes of the present minute.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    since: DateTime<Utc>,
    all: u32,
    by_address: HashMap<String, u32>,
}

impl Guesses {
    /// Whether another code may be tried from an address now.
    pub fn may_try(&self, address: &str, now: DateTime<Utc>) -> bool {
        let minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = minute.by_address.get(address).copied().unwrap_or_default();
        !is_within(minute.since, now) || (wrong < MOST && minute.all < ALL)
    }

    /// One was wrong.
    pub fn count(&self, address: &str, now: DateTime<Utc>) {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_within(minute.since, now) {
            *minute = Minute { since: now, ..Minute::default() };
        }
        minute.all = minute.all.saturating_add(1);
        let wrong = minute.by_address.entry(address.to_owned()).or_default();
        *wrong = wrong.saturating_add(1);
    }
}

/// A clock that was set back begins a new minute too.
fn is_within(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(now - since))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn guessing_ends_and_begins_again_a_minute_later() {
        let guesses = Guesses::default();
        for _ in 0..MOST {
            assert!(guesses.may_try("a", at(100)));
            guesses.count("a", at(100));
        }
        assert!(!guesses.may_try("a", at(159)));
        assert!(guesses.may_try("b", at(159)), "somebody else");
        assert!(guesses.may_try("a", at(160)));
        assert!(guesses.may_try("a", at(99)), "a clock that was set back");
        guesses.count("a", at(160));
        assert!(guesses.may_try("a", at(161)));
    }

    #[test]
    fn a_thousand_addresses_get_no_further_than_some() {
        let guesses = Guesses::default();
        for guess in 0..ALL {
            let address = (guess % 1_000).to_string();
            assert!(guesses.may_try(&address, at(100)));
            guesses.count(&address, at(100));
        }
        assert!(!guesses.may_try("b", at(101)) && guesses.may_try("b", at(160)));
    }
}
