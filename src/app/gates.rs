//! What need not be asked of the database again: gates that are full for a moment, and how often each seller asked
//! in the present minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::standing::Standing;

/// Since when, and until when.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// Full gates, by the name of their rate: when they were found full, and when they open.
#[derive(Debug, Default)]
pub struct Gates(Mutex<HashMap<String, Span>>);

impl Gates {
    /// Whether nobody can pass now.
    pub fn is_full(&self, scope: &str, now: DateTime<Utc>) -> bool {
        let gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.get(scope).is_some_and(|(since, until)| (*since..*until).contains(&now))
    }

    /// Nobody can pass before `until`.
    pub fn fill(&self, scope: &str, until: DateTime<Utc>, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.to_owned(), (now, until));
    }
}

/// Requests of each seller in the present minute, at this instance.
#[derive(Debug, Default)]
pub struct Callers(Mutex<HashMap<String, (DateTime<Utc>, u32)>>);

impl Callers {
    /// Whether `seller` may ask now, at `most` requests a minute; else in how many seconds.
    ///
    /// # Errors
    /// The seconds until it may.
    pub fn may_ask(&self, seller: &str, most: u32, now: DateTime<Utc>) -> Result<(), u32> {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = callers.entry(seller.to_owned()).or_insert((now, 0));
        let age = now - *since;
        // A clock that was set back begins a new minute too.
        if !(TimeDelta::zero()..TimeDelta::minutes(1)).contains(&age) {
            (*since, *count) = (now, 0);
        }
        if *count >= most {
            return Err(u32::try_from(60 - age.num_seconds()).unwrap_or(60).clamp(1, 60));
        }
        *count += 1;
        Ok(())
    }
}

/// Of what an allow-list was made: its hour, and how much had been moved by then.
pub type Version = (DateTime<Utc>, usize, usize);

/// What is in an allow-list that is kept as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Of what its times were made.
    pub of: Version,
    /// How much had been said about places by then: given back, kept, found ineligible.
    pub facts: u64,
    /// The last place that was held for longer.
    pub extended: i64,
    /// Until when nobody could buy.
    pub paused_until: Option<DateTime<Utc>>,
    /// How often somebody had bought, or a purchase was taken back. Somebody buys every second, and for that alone no file
    /// is written anew every second.
    pub bought: u64,
}

/// So long a file may still hold somebody who has bought elsewhere.
const BOUGHT: TimeDelta = TimeDelta::minutes(5);

/// The allow-lists this instance has written last, and when.
#[derive(Debug, Default)]
pub struct Lists(Mutex<HashMap<String, (Written, DateTime<Utc>)>>);

impl Lists {
    /// Whether the list that would be written now is there, or one that is as good.
    pub fn is_written(&self, key: &str, now: &Written, at: DateTime<Utc>) -> bool {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(key).is_some_and(|(then, written_at)| {
            let same = Written { bought: now.bought, ..*then } == *now;
            // A clock that was set back makes no file young.
            let young = (*written_at..*written_at + BOUGHT).contains(&at);
            same && (then.bought == now.bought || young)
        })
    }

    /// It is.
    pub fn note(&self, key: String, written: Written, at: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (written, at));
    }
}

/// Somebody who may buy in an hour, as far as the draw, offers and shifts say.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The entry.
    pub receipt: String,
    /// Its place.
    pub standing: Standing,
    /// People in it.
    pub people: i32,
}

/// Those of one version.
type Read = (Version, Arc<Vec<Placed>>);

/// Whose hour it is in each round: sellers ask often, and what it follows from changes seldom. Who has bought, and
/// what was said since, is asked each time.
#[derive(Debug, Default)]
pub struct Hours(Mutex<HashMap<i64, Read>>);

impl Hours {
    /// Those of this version, if it is the last that was read.
    pub fn find(&self, round_id: i64, version: Version) -> Option<Arc<Vec<Placed>>> {
        let hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hours.get(&round_id).filter(|(known, _)| *known == version).map(|(_, placed)| placed.clone())
    }

    /// They were read.
    pub fn note(&self, round_id: i64, version: Version, placed: Arc<Vec<Placed>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(round_id, (version, placed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_full_gate_opens_by_itself() {
        let gates = Gates::default();
        gates.fill("gate x", at(105), at(100));
        assert_eq!([99, 100, 104, 105].map(|s| gates.is_full("gate x", at(s))), [false, true, true, false]);
        assert!(!gates.is_full("gate y", at(101)));
    }

    #[test]
    fn a_seller_asks_so_often_in_a_minute() {
        let callers = Callers::default();
        assert!((0..3).all(|_| callers.may_ask("bank", 3, at(0)).is_ok()));
        assert_eq!(callers.may_ask("bank", 3, at(20)), Err(40));
        assert!(callers.may_ask("desk", 3, at(20)).is_ok());
        assert!(callers.may_ask("bank", 3, at(60)).is_ok());
    }
}
