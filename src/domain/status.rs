//! An entrant's status: one of five words, each with its own page, message and API value.

use chrono::{DateTime, TimeDelta, Utc};

/// The five words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 아직: your time has not come, or is not known yet.
    NotYet,
    /// 지금: buy now.
    YourTurn,
    /// 완료: bought. Reached once passes are redeemed.
    Done,
    /// 종료: withdrawn, over, or without a place.
    Ended,
    /// 장애: something is wrong on our side; nothing of yours is lost.
    Fault,
}

impl Status {
    /// As in messages and the API.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::YourTurn => "your_turn",
            Self::Done => "done",
            Self::Ended => "ended",
            Self::Fault => "fault",
        }
    }
}

/// The personal time of an entry with a place: `[starts_at, starts_at + grace)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Released on this second.
    pub starts_at: DateTime<Utc>,
    /// Held until here.
    pub until: DateTime<Utc>,
}

impl Turn {
    /// A place is held from its start for the grace of the rules (protocol §7).
    pub fn new(starts_at: DateTime<Utc>, grace_seconds: u64) -> Self {
        let grace = i64::try_from(grace_seconds).ok().and_then(TimeDelta::try_seconds).unwrap_or_default();
        Self { starts_at, until: starts_at + grace }
    }

    /// Where one stands at `now`, as long as nothing was bought.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        match () {
            () if now < self.starts_at => Status::NotYet,
            () if now < self.until => Status::YourTurn,
            () => Status::Ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_turn_comes_on_the_second_and_is_held_for_the_grace() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::hours(5);
        let turn = Turn::new(start, 3600);
        let at = |seconds| turn.status(start + TimeDelta::seconds(seconds));
        assert_eq!(at(-1), Status::NotYet);
        assert_eq!(at(0), Status::YourTurn);
        assert_eq!(at(3599), Status::YourTurn);
        assert_eq!(at(3600), Status::Ended);
    }
}
