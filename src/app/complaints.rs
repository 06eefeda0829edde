//! What goes wrong every second is said once a minute: a log that nobody can read helps nobody.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

const QUIET: TimeDelta = TimeDelta::minutes(1);

/// When each complaint was last made.
#[derive(Debug, Default)]
pub struct Complaints(Mutex<HashMap<String, DateTime<Utc>>>);

impl Complaints {
    /// Whether it is time to say `what` (again).
    pub fn may(&self, what: &str, now: DateTime<Utc>) -> bool {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if made.get(what).is_some_and(|last| (now - *last).abs() < QUIET) {
            return false;
        }
        // Only what still goes wrong is worth remembering.
        made.retain(|_, last| (now - *last).abs() < QUIET);
        made.insert(what.to_owned(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_made_once_a_minute() {
        let (complaints, begun) = (Complaints::default(), DateTime::UNIX_EPOCH);
        let at = |seconds| begun + TimeDelta::seconds(seconds);
        let made: Vec<bool> = [0, 1, 59, 60, 61].map(|s| complaints.may("seal", at(s))).into();
        assert_eq!(made, [true, false, false, true, false]);
        assert!(complaints.may("draw", at(61)));
    }
}
