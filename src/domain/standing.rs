//! Where an entry stands after the draw: the place it drew, or the latest that an offer gave it, and every
//! time that stood still since. Nothing is ever overwritten, so what was before and why it changed can
//! always be said.

use chrono::{DateTime, TimeDelta, Utc};

use super::status::Turn;

/// Time stood still: at `from`, for so long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// How many offers were made before. Their places move with it; later ones know of it already.
    pub offers: i64,
    /// What had not begun by then begins later.
    pub from: DateTime<Utc>,
    /// By so much.
    pub by: TimeDelta,
    /// Why, for everybody to read.
    pub reason: String,
    /// It is an extension: nobody begins later, and whoever could have bought at some time from `from` to then is
    /// waited for so much longer.
    pub until: Option<DateTime<Utc>>,
    /// It is a pause: from `from` to then nobody can buy.
    pub closed_until: Option<DateTime<Utc>>,
}

/// Until when nobody can buy, if that is so at `now`.
pub fn paused_until(shifts: &[Shift], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let pauses = shifts.iter().filter(|shift| shift.from <= now);
    pauses.filter_map(|shift| shift.closed_until).filter(|until| now < *until).max()
}

/// What an offer said about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It missed its time and has a second one.
    CaughtUp,
    /// It waited, and a place came free.
    Assigned,
    /// Its amount went on to others.
    Lapsed,
    /// It was given back.
    Returned,
    /// Members of staff found it ineligible.
    Ineligible,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::CaughtUp, Self::Assigned, Self::Lapsed, Self::Returned, Self::Ineligible];

    /// As in tables and in `offers.txt`.
    pub fn key(self) -> &'static str {
        match self {
            Self::CaughtUp => "caught_up",
            Self::Assigned => "assigned",
            Self::Lapsed => "lapsed",
            Self::Returned => "returned",
            Self::Ineligible => "ineligible",
        }
    }

    /// The outcome of a table's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

/// A step of an entry's history: what the draw (offer 0) or an offer gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which offer; 0 is the draw.
    pub offer: i64,
    /// `None` is what the draw said.
    pub outcome: Option<Outcome>,
    /// When it was to begin, as it was said then; `None` is no place.
    pub starts_at: Option<DateTime<Utc>>,
    /// Won.
    pub amount: u64,
}

/// A place that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When: with every shift in it.
    pub turn: Turn,
    /// Won.
    pub amount: u64,
    /// Which offer gave it; 0 is the draw.
    pub offer: i64,
    /// Whether it is a second time, after a miss.
    pub caught_up: bool,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No place yet.
    Waiting,
    /// A place, begun or over; whether it was missed is for an offer to say.
    Placed(Place),
    /// Nothing comes any more.
    Ended(Outcome),
}

impl Standing {
    /// The place, if there is one.
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Placed(place) => Some(place),
            Self::Waiting | Self::Ended(_) => None,
        }
    }
}

/// Where the entry stands now, given what the draw and each offer said, oldest first.
pub fn standing(steps: &[Step], shifts: &[Shift], grace_seconds: u64) -> Standing {
    let Some(last) = steps.last() else { return Standing::Waiting };
    match (last.outcome, last.starts_at) {
        (None | Some(Outcome::CaughtUp | Outcome::Assigned), Some(starts_at)) => {
            let turn = shifted(Turn::new(starts_at, grace_seconds), last.offer, shifts);
            let caught_up = last.outcome == Some(Outcome::CaughtUp);
            Standing::Placed(Place { turn, amount: last.amount, offer: last.offer, caught_up })
        }
        (None | Some(Outcome::CaughtUp | Outcome::Assigned), None) => Standing::Waiting,
        (Some(ended), _) => Standing::Ended(ended),
    }
}

/// A turn that offer `offer` gave, with every shift since.
pub fn shifted(turn: Turn, offer: i64, shifts: &[Shift]) -> Turn {
    shifts.iter().filter(|shift| shift.offers >= offer).fold(turn, shifted_by)
}

/// A turn after one shift: it begins later, or, if it had begun, is held for longer; after an extension it never
/// begins later.
pub fn shifted_by(turn: Turn, shift: &Shift) -> Turn {
    if let Some(until) = shift.until {
        let could = turn.starts_at <= until && shift.from < turn.until;
        return if could { Turn { until: turn.until + shift.by, ..turn } } else { turn };
    }
    match () {
        () if turn.starts_at >= shift.from => {
            Turn { starts_at: turn.starts_at + shift.by, until: turn.until + shift.by }
        }
        () if turn.until > shift.from => Turn { until: turn.until + shift.by, ..turn },
        () => turn,
    }
}

/// The latest start as drawn that begins at `starts_at` or before, after every shift. Shifts keep the order, so
/// whatever was drawn later begins later.
pub fn drawn_by(starts_at: DateTime<Utc>, shifts: &[Shift]) -> DateTime<Utc> {
    shifts.iter().rev().filter(|shift| shift.until.is_none()).fold(starts_at, |at, shift| match () {
        () if at >= shift.from + shift.by => at - shift.by,
        // Nothing begins while time stands still.
        () if at >= shift.from => shift.from - TimeDelta::seconds(1),
        () => at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn shift(offers: i64, from: i64, by: i64) -> Shift {
        let by = TimeDelta::minutes(by);
        Shift { offers, from: at(from), by, reason: "x".to_owned(), until: None, closed_until: None }
    }

    #[test]
    fn an_extension_holds_who_could_come_and_moves_no_start() {
        let longer = Shift { until: Some(at(110)), closed_until: Some(at(110)), ..shift(0, 100, 35) };
        for (starts_at, until) in [(40, 100), (41, 136), (100, 195), (110, 205), (111, 171)] {
            let turn = shifted(Turn::new(at(starts_at), 3600), 0, std::slice::from_ref(&longer));
            assert_eq!((turn.starts_at, turn.until), (at(starts_at), at(until)), "{starts_at}");
        }
        let shifts = [shift(0, 100, 35), longer];
        let paused = |minute| paused_until(&shifts, at(minute));
        assert_eq!([99, 100, 109, 110].map(paused), [None, Some(at(110)), Some(at(110)), None]);
        assert_eq!(drawn_by(at(300), &shifts), drawn_by(at(300), &shifts[..1]));
    }

    fn step(offer: i64, outcome: Option<Outcome>, starts_at: Option<i64>) -> Step {
        Step { offer, outcome, starts_at: starts_at.map(at), amount: 10 }
    }

    #[test]
    fn a_shift_moves_exactly_what_had_not_begun_and_keeps_the_length() {
        // Grace of an hour; time stands still at minute 100 for 35 minutes.
        for (starts_at, expected) in [
            (0, (0, 60)),
            (40, (40, 100)),
            (41, (41, 136)),
            (99, (99, 194)),
            (100, (135, 195)),
            (500, (535, 595)),
        ] {
            let turn = shifted(Turn::new(at(starts_at), 3600), 0, &[shift(0, 100, 35)]);
            assert_eq!((turn.starts_at, turn.until), (at(expected.0), at(expected.1)), "{starts_at}");
        }
        // One after the other, in the order they were made.
        let turn = shifted(Turn::new(at(90), 3600), 0, &[shift(0, 80, 30), shift(0, 110, 5)]);
        assert_eq!((turn.starts_at, turn.until), (at(125), at(185)));
    }

    #[test]
    fn what_begins_by_then_was_drawn_by_then() {
        let shifts = [shift(0, 100, 35), shift(0, 120, 10)];
        let begins = |drawn| shifted(Turn::new(at(drawn), 60), 0, &shifts).starts_at;
        for until in 0..300 {
            let by = drawn_by(at(until), &shifts);
            for drawn in 0..300 {
                assert_eq!(begins(drawn) <= at(until), at(drawn) <= by, "{drawn}, by {until}");
            }
        }
    }

    #[test]
    fn a_shift_moves_what_was_given_before_it_and_nothing_later() {
        let shifts = [shift(1, 0, 10)];
        for (offer, starts_at) in [(0, 60), (1, 60), (2, 50)] {
            let turn = shifted(Turn::new(at(50), 60), offer, &shifts);
            assert_eq!(turn.starts_at, at(starts_at), "offer {offer}");
        }
    }

    #[test]
    fn the_latest_word_counts() {
        let drawn = step(0, None, Some(50));
        let now = |steps: &[Step]| standing(steps, &[], 60);
        assert_eq!(now(&[step(0, None, None)]), Standing::Waiting);
        assert_eq!(
            now(std::slice::from_ref(&drawn)).place().map(|p| (p.caught_up, p.offer)),
            Some((false, 0))
        );
        let caught_up = step(1, Some(Outcome::CaughtUp), Some(90));
        let place = now(&[drawn.clone(), caught_up.clone()]).place().map(|p| (p.turn.starts_at, p.caught_up));
        assert_eq!(place, Some((at(90), true)));
        for outcome in [Outcome::Lapsed, Outcome::Returned, Outcome::Ineligible] {
            let ended = step(2, Some(outcome), None);
            assert_eq!(now(&[drawn.clone(), caught_up.clone(), ended]), Standing::Ended(outcome));
        }
        let offered = step(3, Some(Outcome::Assigned), Some(95));
        assert_eq!(now(&[step(0, None, None), offered]).place().map(|p| p.offer), Some(3));
    }

    #[test]
    fn keys_are_read_back() {
        assert!(Outcome::ALL.iter().all(|outcome| Outcome::from_key(outcome.key()) == Some(*outcome)));
        assert_eq!(Outcome::from_key("gone"), None);
    }
}
