//! What is costly to make and the same each time: a signature (Ed25519 has no chance in it), a code to scan. Whoever looks at
//! their page again and again, as people do at their own minute, is shown what was made for them the first time.
//!
//! It is found by everything it is made from, so nothing else is ever found for it. What nobody has asked for in two minutes
//! is let go when the next thing is asked for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use public_audit::Digest;

/// After so long, or when so many were made, what was made before is let go unless it was asked for meanwhile.
const TURN: TimeDelta = TimeDelta::seconds(60);
const MOST: usize = 10_000;

/// Things made lately, by the digest of what they are made from.
#[derive(Debug)]
pub struct Made<T>(Mutex<Turns<T>>);

#[derive(Debug)]
struct Turns<T> {
    began_at: DateTime<Utc>,
    now: HashMap<Digest, Arc<T>>,
    before: HashMap<Digest, Arc<T>>,
}

impl<T> Default for Made<T> {
    fn default() -> Self {
        let (now, before) = (HashMap::new(), HashMap::new());
        Self(Mutex::new(Turns { began_at: DateTime::UNIX_EPOCH, now, before }))
    }
}

impl<T> Made<T> {
    /// What is made `from` that, as it was made before; `make` makes it the first time.
    ///
    /// # Errors
    /// What `make` says; then nothing is kept.
    pub fn get<E>(
        &self,
        from: &[u8],
        now: DateTime<Utc>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let digest = Digest::of(from);
        if let Some(made) = self.find(&digest, now) {
            return Ok(made);
        }
        // Nobody waits for it; of two who make it at once both make the same.
        let made = Arc::new(make()?);
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.insert(digest, &made);
        Ok(made)
    }

    fn find(&self, digest: &Digest, now: DateTime<Utc>) -> Option<Arc<T>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = (now - turns.began_at).abs();
        if age >= TURN {
            turns.turn();
            turns.began_at = now;
        }
        if age >= TURN * 2 {
            turns.before = HashMap::new();
        }
        if let Some(made) = turns.now.get(digest) {
            return Some(made.clone());
        }
        let made = turns.before.get(digest)?.clone();
        turns.insert(*digest, &made);
        Some(made)
    }
}

impl<T> Turns<T> {
    fn insert(&mut self, digest: Digest, made: &Arc<T>) {
        if self.now.len() >= MOST {
            self.turn();
        }
        self.now.insert(digest, made.clone());
    }

    fn turn(&mut self) {
        self.before = std::mem::take(&mut self.now);
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, convert::Infallible};

    use super::*;

    struct Maker {
        made: Made<String>,
        times: Cell<usize>,
    }

    impl Maker {
        fn new() -> Self {
            Self { made: Made::default(), times: Cell::new(0) }
        }

        fn get(&self, from: &str, second: i64) -> String {
            let make = || {
                self.times.set(self.times.get() + 1);
                Ok::<_, Infallible>(format!("made from {from}"))
            };
            let at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second);
            let Ok(made) = self.made.get(from.as_bytes(), at, make);
            made.to_string()
        }
    }

    #[test]
    fn the_same_is_made_once_as_long_as_somebody_asks_for_it() {
        let maker = Maker::new();
        for second in [0, 1, 59, 61, 119, 121, 179, 181] {
            assert_eq!(maker.get("a", second), "made from a");
        }
        assert_eq!(maker.times.get(), 1);
        assert_eq!(maker.get("b", 181), "made from b");
        assert_eq!(maker.times.get(), 2);
    }

    #[test]
    fn what_nobody_asked_for_is_gone_after_two_minutes() {
        let maker = Maker::new();
        maker.get("a", 0);
        maker.get("b", 119);
        maker.get("b", 181);
        let turns = maker.made.0.lock().unwrap();
        let a = Digest::of("a");
        assert!(!turns.now.contains_key(&a) && !turns.before.contains_key(&a) && turns.now.len() == 1);
        drop(turns);
        maker.get("c", 1_000);
        let turns = maker.made.0.lock().unwrap();
        assert!(turns.before.is_empty() && turns.now.len() == 1);
    }

    #[test]
    fn there_is_room_for_so_many_and_a_mistake_is_not_kept() {
        let maker = Maker::new();
        (0..3 * MOST).for_each(|number| drop(maker.get(&number.to_string(), 0)));
        let turns = maker.made.0.lock().unwrap();
        assert!(turns.now.len() <= MOST && turns.before.len() <= MOST);
        drop(turns);
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(maker.made.get(b"x", now, || Err("no")), Err("no"));
        assert!(maker.made.get(b"x", now, || Ok::<_, &str>("yes".to_owned())).is_ok());
    }
}
