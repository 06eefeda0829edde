//! The state of a round: a comparison of `now` with what has been announced and what has
//! happened. Nothing has to be switched over on time, so nothing can be switched over late.

use chrono::{DateTime, Utc};

/// Where a round stands. Participles, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The rules are fixed; entering has not begun.
    Announced,
    /// Residents may enter.
    Open,
    /// No more entries; the pool is not fixed yet.
    Closed,
    /// The pool is fixed, chance does not exist yet.
    Sealed,
    /// The result exists.
    Drawn,
    /// The first slot has begun.
    Serving,
    /// The last slot and its grace are over.
    Archived,
    /// Called off by two clerks, with a reason; stays public.
    Voided,
}

impl State {
    /// As in messages and the API.
    pub fn key(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Sealed => "sealed",
            Self::Drawn => "drawn",
            Self::Serving => "serving",
            Self::Archived => "archived",
            Self::Voided => "voided",
        }
    }
}

/// What is known of a round that its state depends on.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// Entering begins.
    pub opens_at: DateTime<Utc>,
    /// Entering ends; this instant itself is too late.
    pub closes_at: DateTime<Utc>,
    /// The first personal minute.
    pub serves_at: DateTime<Utc>,
    /// End of the last slot and its grace.
    pub ends_at: DateTime<Utc>,
    /// The pool was fixed.
    pub sealed_at: Option<DateTime<Utc>>,
    /// The result was made.
    pub drawn_at: Option<DateTime<Utc>>,
    /// The round was called off.
    pub voided_at: Option<DateTime<Utc>>,
}

impl Course {
    /// The state at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> State {
        match () {
            () if self.voided_at.is_some() => State::Voided,
            () if self.drawn_at.is_some() && now >= self.ends_at => State::Archived,
            () if self.drawn_at.is_some() && now >= self.serves_at => State::Serving,
            () if self.drawn_at.is_some() => State::Drawn,
            () if self.sealed_at.is_some() => State::Sealed,
            () if now >= self.closes_at => State::Closed,
            () if now >= self.opens_at => State::Open,
            () => State::Announced,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn the_state_follows_the_clock_and_the_events_and_nothing_else() {
        let mut course = Course {
            opens_at: at(10),
            closes_at: at(20),
            serves_at: at(40),
            ends_at: at(50),
            sealed_at: None,
            drawn_at: None,
            voided_at: None,
        };
        assert_eq!(course.state(at(10) - TimeDelta::nanoseconds(1)), State::Announced);
        assert_eq!(course.state(at(10)), State::Open);
        assert_eq!(course.state(at(20) - TimeDelta::nanoseconds(1)), State::Open);
        assert_eq!(course.state(at(20)), State::Closed);
        // A late seal or draw is late and nothing else: no later state is pretended.
        assert_eq!(course.state(at(45)), State::Closed);
        course.sealed_at = Some(at(21));
        assert_eq!(course.state(at(45)), State::Sealed);
        course.drawn_at = Some(at(30));
        assert_eq!(course.state(at(30)), State::Drawn);
        assert_eq!(course.state(at(40)), State::Serving);
        assert_eq!(course.state(at(50)), State::Archived);
        course.voided_at = Some(at(51));
        assert_eq!(course.state(at(52)), State::Voided);
    }
}
