//! The right to buy, at an instant: computed from where an entry stands and from what was said about it. Nothing
//! of a pass is stored before it is used.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::standing::{Outcome, Standing};

/// After a payment that was begun in time and failed, a place is held for so long at least.
pub const AGAIN: TimeDelta = TimeDelta::minutes(30);
/// Failed payments hold a place for so long at most, after its own end.
pub const LATEST: TimeDelta = TimeDelta::hours(24);

/// When something can be bought, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Not a second earlier.
    pub from: DateTime<Utc>,
    /// And not from then on.
    pub until: DateTime<Utc>,
    /// Won.
    pub amount: u64,
}

/// What was said about an entry beside what was drawn and offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Won and when, if it has bought.
    pub bought: Option<(u64, DateTime<Utc>)>,
    /// Given back, or found ineligible.
    pub ended: Option<Outcome>,
    /// Held for longer, because a payment failed.
    pub extended_until: Option<DateTime<Utc>>,
    /// Nobody can buy before then: the sale stands still.
    pub paused_until: Option<DateTime<Utc>>,
}

/// What a pass is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It buys now.
    Valid(Window),
    /// It will, later.
    NotYet(Window),
    /// Its time is over.
    Over(Window),
    /// It has bought.
    Redeemed {
        /// Won.
        amount: u64,
        /// When.
        at: DateTime<Utc>,
    },
    /// The place was given back.
    Returned,
    /// Members of staff found the entry ineligible.
    Ineligible,
    /// There is no place, now or any more.
    NoPlace,
}

impl Verdict {
    /// As in the API.
    pub fn key(self) -> &'static str {
        match self {
            Self::Valid(_) => "valid",
            Self::NotYet(_) => "not_yet",
            Self::Over(_) => "over",
            Self::Redeemed { .. } => "redeemed",
            Self::Returned => "returned",
            Self::Ineligible => "ineligible",
            Self::NoPlace => "no_place",
        }
    }
}

/// The window of a place, with what failed payments added to it.
pub fn window(standing: Standing, extended_until: Option<DateTime<Utc>>) -> Option<Window> {
    let place = standing.place()?;
    let until = extended_until.map_or(place.turn.until, |extended| extended.max(place.turn.until));
    Some(Window { from: place.turn.starts_at, until, amount: place.amount })
}

/// Until when a place is held after a payment failed at `at` that was begun in the window.
pub fn extended(window: Window, own_until: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
    (at + AGAIN).min(own_until + LATEST).max(window.until)
}

/// What an entry may do at `now`.
pub fn verdict(standing: Standing, said: &Said, now: DateTime<Utc>) -> Verdict {
    if let Some((amount, at)) = said.bought {
        return Verdict::Redeemed { amount, at };
    }
    let ended = match standing {
        Standing::Ended(outcome) => Some(outcome),
        _ => said.ended,
    };
    match ended {
        Some(Outcome::Returned) => return Verdict::Returned,
        Some(Outcome::Ineligible) => return Verdict::Ineligible,
        _ => {}
    }
    let window = window(standing, said.extended_until);
    // While the sale stands still, everybody's time is to come.
    let from = |from: DateTime<Utc>| said.paused_until.map_or(from, |paused| from.max(paused));
    match window.map(|window| Window { from: from(window.from), ..window }) {
        None => Verdict::NoPlace,
        // Nothing is given back by a pause that had run out before it.
        Some(window) if window.until <= now => Verdict::Over(window),
        Some(window) if now < window.from => Verdict::NotYet(window),
        Some(window) if now < window.until => Verdict::Valid(window),
        Some(window) => Verdict::Over(window),
    }
}

/// What a pass says, signed (RFC 7519).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Whose site it is from.
    pub iss: String,
    /// The sellers it is for.
    pub aud: Vec<String>,
    /// The receipt.
    pub sub: String,
    /// The same for everything that one entry is ever shown: it buys once.
    pub jti: String,
    /// From then on, in seconds since 1970.
    pub nbf: i64,
    /// Until then.
    pub exp: i64,
    /// The round.
    pub round: String,
    /// Won.
    pub amount: u64,
    /// People in the entry.
    pub people: u32,
}

/// What the gate gives along to a seller that knows no pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Whose site it is from.
    pub iss: String,
    /// The seller.
    pub aud: String,
    /// The same whenever this entry comes to this seller, so that it buys once; it names nobody. The seller's list of
    /// purchases says it if it knows no receipt.
    pub jti: String,
    /// From then on, in seconds since 1970.
    pub nbf: i64,
    /// Until then: some minutes.
    pub exp: i64,
    /// The round.
    pub round: String,
    /// Won.
    pub amount: u64,
    /// People in the entry.
    pub people: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{standing::Place, status::Turn};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn placed() -> Standing {
        let turn = Turn { starts_at: at(1_000), until: at(4_600) };
        Standing::Placed(Place { turn, amount: 10_000, offer: 0, caught_up: false })
    }

    #[test]
    fn a_pass_is_good_from_its_second_to_its_last() {
        let key = |seconds| verdict(placed(), &Said::default(), at(seconds)).key();
        assert_eq!([999, 1_000, 4_599, 4_600].map(key), ["not_yet", "valid", "valid", "over"]);
        assert_eq!(verdict(Standing::Waiting, &Said::default(), at(2_000)), Verdict::NoPlace);
        for outcome in [Outcome::Lapsed, Outcome::Returned, Outcome::Ineligible] {
            let verdict = verdict(Standing::Ended(outcome), &Said::default(), at(2_000));
            assert!(!matches!(verdict, Verdict::Valid(_)), "{outcome:?}");
        }
    }

    #[test]
    fn what_was_said_counts() {
        let with = |said: Said| verdict(placed(), &said, at(4_700)).key();
        assert_eq!(with(Said { extended_until: Some(at(5_000)), ..Said::default() }), "valid");
        assert_eq!(with(Said { extended_until: Some(at(4_000)), ..Said::default() }), "over");
        assert_eq!(with(Said { ended: Some(Outcome::Returned), ..Said::default() }), "returned");
        assert_eq!(with(Said { ended: Some(Outcome::Ineligible), ..Said::default() }), "ineligible");
        // The sale stands still: whose time has come waits, whose time is over waits for nothing.
        let paused = Said { paused_until: Some(at(2_000)), ..Said::default() };
        let key = |seconds| verdict(placed(), &paused, at(seconds)).key();
        assert_eq!([999, 1_999, 2_000, 4_600].map(key), ["not_yet", "not_yet", "valid", "over"]);
        let bought = Some((10_000, at(1_100)));
        assert_eq!(with(Said { bought, ended: Some(Outcome::Returned), ..Said::default() }), "redeemed");
    }

    #[test]
    fn a_failed_payment_gives_half_an_hour_and_never_takes() {
        let window = window(placed(), None).unwrap();
        let until = |seconds| (extended(window, at(4_600), at(seconds)) - at(0)).num_seconds();
        assert_eq!([1_100, 2_799, 2_801, 4_599].map(until), [4_600, 4_600, 4_601, 6_399]);
        // Not for ever: a day after its own end nothing is added.
        let window = Window { until: at(4_600 + 86_400), ..window };
        assert_eq!(until_of(window), 4_600 + 86_400);
    }

    fn until_of(window: Window) -> i64 {
        (extended(window, at(4_600), at(4_600 + 86_300)) - at(0)).num_seconds()
    }
}
