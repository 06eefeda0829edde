//! How large a drill has to be so that a round may be announced on it.
//!
//! A drill of one person shows that the program starts. What goes wrong in a crowd shows in a crowd: so many people that
//! every kind of trouble meets some of them, and no more than a clerk's machine takes through a whole round in minutes.

use crate::domain::{draft::Expect, plan::People};

/// People over sockets, or everybody if they are fewer. At one in a hundred a fault is met by twenty of them.
pub const OVER_SOCKETS: u64 = 2_000;
/// People drawn in process, or everybody if they are fewer: of thirteen millions one in thirteen, in windows of minutes.
pub const IN_PROCESS: u64 = 1_000_000;

/// Who expects fewer than one in so many of those who could take part is not taken at their word: on its first day alone
/// one in sixteen of Gyeonggi's residents came.
const ONE_IN: u64 = 10;

/// How many people could take part in a round: as many as its draft says. Where it says nothing, as many as there are seats,
/// or as are expected if these are more: that few are expected keeps nobody away.
pub fn could_take_part(people: &People, expect: &Expect) -> u64 {
    let seats = people.cohorts.iter().map(|cohort| cohort.seats).sum::<u64>();
    expect.at_most.unwrap_or(seats.max(people.entrants))
}

/// How many people the drill of a round is for: those who are expected, or, where these are few, as many of those who could
/// take part as a drill has over sockets at least, and one in ten of them. So a round that many could come to is not
/// announced on the drill of a handful, whatever its draft expects. Never more than could take part.
pub fn rehearsing(people: &People, expect: &Expect) -> u64 {
    let at_most = could_take_part(people, expect);
    people.entrants.max(OVER_SOCKETS).max(at_most.div_ceil(ONE_IN)).min(at_most).max(1)
}

/// How many people a drill had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Over sockets.
    pub over_sockets: u64,
    /// Drawn in process.
    pub in_process: u64,
}

impl Size {
    /// Of a drill on which a round for so many people may be announced.
    pub fn asked_for(people: u64) -> Self {
        // Nobody at all is no drill.
        let at_most = |most| people.clamp(1, most);
        Self { over_sockets: at_most(OVER_SOCKETS), in_process: at_most(IN_PROCESS) }
    }

    /// Whether a drill of this size is as large as that.
    pub fn reaches(self, asked: Self) -> bool {
        self.over_sockets >= asked.over_sockets && self.in_process >= asked.in_process
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::CohortPeople;

    /// With as many seats, where so many are expected and so many could take part.
    fn rehearsed(seats: u64, entrants: u64, at_most: Option<u64>) -> u64 {
        let cohort = CohortPeople { cohort: None, at_most: 0, expected: entrants, placed: 0, seats };
        let people = People { entrants, cohorts: vec![cohort] };
        rehearsing(&people, &Expect { at_most, ..Expect::default() })
    }

    #[test]
    fn a_round_for_many_is_not_drilled_with_the_few_who_are_expected() {
        // Whom the draft expects, as long as that is a part of all that can be thought.
        assert_eq!(rehearsed(9_000, 5_000, Some(9_000)), 5_000);
        assert_eq!(rehearsed(1_000_000, 826_226, Some(1_000_000)), 826_226);
        // Thirty of 900,000 are none; of a small round all come.
        assert_eq!(rehearsed(900_000, 30, Some(900_000)), 90_000);
        assert_eq!(rehearsed(12_000, 30, Some(12_000)), OVER_SOCKETS);
        assert_eq!(rehearsed(100, 30, Some(100)), 100);
        // Who says nothing of those who could is not taken at their word either: a crowd that has seats may come.
        assert_eq!(rehearsed(900_000, 30, None), 90_000);
        assert_eq!(rehearsed(360, 300, None), 360);
        // A lottery has fewer seats than people.
        assert_eq!(rehearsed(200, 50_000, None), 50_000);
        // Where the draft says nothing, it is planned with all seats, of which there may be more than people.
        assert_eq!(rehearsed(12_000, 12_000, Some(9_000)), 9_000);
        assert_eq!(rehearsed(0, 0, None), 1);
        assert_eq!(Size::asked_for(rehearsed(900_000, 30, None)).over_sockets, OVER_SOCKETS);
    }

    #[test]
    fn everybody_of_a_small_round_is_drilled_and_a_part_of_a_large_one() {
        let size = |over_sockets, in_process| Size { over_sockets, in_process };
        assert_eq!(Size::asked_for(300), size(300, 300));
        assert_eq!(Size::asked_for(90_000), size(2_000, 90_000));
        assert_eq!(Size::asked_for(13_260_000), size(2_000, 1_000_000));
        // What was kept without figures has none, and reaches nothing.
        assert!(!size(0, 0).reaches(Size::asked_for(0)));
        let asked = Size::asked_for(90_000);
        assert!(size(2_000, 90_000).reaches(asked) && size(90_000, 90_000).reaches(asked));
        assert!(!size(1_999, 90_000).reaches(asked) && !size(2_000, 89_999).reaches(asked));
    }
}
