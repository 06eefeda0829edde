//! How large a drill has to be so that a round may be announced on it.
//!
//! A drill of one person shows that the program starts. What goes wrong in a crowd shows in a crowd: so many people that
//! every kind of trouble meets some of them, and no more than a clerk's machine takes through a whole round in minutes.

use crate::domain::{draft::Expect, plan::People};

/// People over sockets, or everybody if they are fewer. At one in a hundred a fault is met by twenty of them.
const OVER_SOCKETS: u64 = 2_000;
/// One in so many of a large round, so that ten seconds of everybody are an hour of theirs: in longer windows a rush is none
/// any more, and whatever they do tests no limit a second.
const ONE_OVER_SOCKETS: u64 = 360;
/// But no more than these, who keep two cores for some 40 minutes (`benches/run drills`, tongyeong): one in 360 of Gyeonggi would
/// take hours, and a drill that is as long as a day is left out. Of more than 3.6 million people those over sockets say
/// nothing about a limit a second, and those in process do.
const MOST_OVER_SOCKETS: u64 = 10_000;
/// People drawn in process, or everybody if they are fewer: of thirteen millions one in thirteen, in windows of minutes.
pub const IN_PROCESS: u64 = 1_000_000;

/// Who expects fewer than one in so many of those who could take part is not taken at their word: on its first day alone
/// one in sixteen of Gyeonggi's residents came.
const ONE_IN: u64 = 10;

/// How many people could take part in a round: as many as its draft says, or expects where it says nothing, and as many as
/// there are seats if these are more. That few are written down keeps nobody away who has a seat; a roster does: nobody
/// comes who is not on it.
pub fn could_take_part(people: &People, expect: &Expect) -> u64 {
    let seats = people.cohorts.iter().map(|cohort| cohort.seats).sum::<u64>();
    let could = expect.at_most.unwrap_or(people.entrants).max(seats);
    expect.on_roster.map_or(could, |listed| could.min(listed))
}

/// How many people the drill of a round is for: those who are expected, or, where these are few, as many of those who the
/// draft says could as a drill has over sockets at least; and one in ten of all who could take part. So a round that many
/// could come to is not announced on the drill of a handful, whatever its draft says. Never more than could take part.
pub fn rehearsing(people: &People, expect: &Expect) -> u64 {
    let could = could_take_part(people, expect);
    let said = expect.at_most.unwrap_or(could);
    people.entrants.max(OVER_SOCKETS).min(said).max(could.div_ceil(ONE_IN)).min(could).max(1)
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
        let over_sockets = people.div_ceil(ONE_OVER_SOCKETS).clamp(OVER_SOCKETS, MOST_OVER_SOCKETS);
        Self { over_sockets: at_most(over_sockets), in_process: at_most(IN_PROCESS) }
    }

    /// Whether a drill of this size is as large as that.
    pub fn reaches(self, asked: Self) -> bool {
        self.over_sockets >= asked.over_sockets && self.in_process >= asked.in_process
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        draft::{Dependency, Step},
        drill::{Deed, Deeds, can_tell, measure},
        plan::{CohortPeople, Spike},
    };

    fn people(seats: u64, entrants: u64) -> People {
        let cohort = CohortPeople { cohort: None, at_most: 0, expected: entrants, placed: 0, seats };
        People { entrants, cohorts: vec![cohort] }
    }

    /// With as many seats, where so many are expected and the draft says that so many could take part.
    fn rehearsed(seats: u64, entrants: u64, at_most: Option<u64>) -> u64 {
        rehearsing(&people(seats, entrants), &Expect { at_most, ..Expect::default() })
    }

    #[test]
    fn whoever_has_a_seat_could_take_part_unless_a_roster_keeps_them_out() {
        let could = |seats: u64, at_most: Option<u64>, on_roster: Option<u64>| {
            could_take_part(&people(seats, 30), &Expect { at_most, on_roster, ..Expect::default() })
        };
        // What the draft says, or all seats: whichever is more.
        assert_eq!(could(9_000, Some(9_999), None), 9_999);
        assert_eq!(could(100_000, Some(9_999), None), 100_000);
        assert_eq!(could(360, None, None), 360);
        assert_eq!(could(0, None, None), 30);
        // With a roster nobody else comes, whatever is said, and however many seats there are.
        assert_eq!(could(100_000, Some(9_999), Some(300)), 300);
        assert_eq!(could(100_000, Some(9_999), Some(40_000)), 40_000);
        assert_eq!(could(9_000, Some(9_000), Some(40_000)), 9_000);
        // And so many are rehearsed: one in ten of the seats, or all who are on the roster.
        assert_eq!(rehearsed(100_000, 30, Some(9_999)), 10_000);
        let listed = Expect { at_most: Some(9_999), on_roster: Some(300), ..Expect::default() };
        assert_eq!(rehearsing(&people(100_000, 5_000), &listed), 300);
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
        // Some more seats than people are for wishes, and no reason to drill with more.
        assert_eq!(rehearsed(126, 100, Some(100)), 100);
        assert_eq!(rehearsed(0, 0, None), 1);
        assert_eq!(Size::asked_for(rehearsed(900_000, 30, None)).over_sockets, OVER_SOCKETS);
    }

    #[test]
    fn everybody_of_a_small_round_is_drilled_and_a_part_of_a_large_one() {
        let size = |over_sockets, in_process| Size { over_sockets, in_process };
        assert_eq!(Size::asked_for(300), size(300, 300));
        assert_eq!(Size::asked_for(90_000), size(2_000, 90_000));
        assert_eq!(Size::asked_for(900_000), size(2_500, 900_000));
        assert_eq!(Size::asked_for(13_260_000), size(10_000, 1_000_000));
        // What was kept without figures has none, and reaches nothing.
        assert!(!size(0, 0).reaches(Size::asked_for(0)));
        let asked = Size::asked_for(90_000);
        assert!(size(2_000, 90_000).reaches(asked) && size(90_000, 90_000).reaches(asked));
        assert!(!size(1_999, 90_000).reaches(asked) && !size(2_000, 89_999).reaches(asked));
    }

    #[test]
    fn as_many_are_over_sockets_as_can_meet_a_limit_a_second() {
        let slow = Dependency {
            name: "seller".to_owned(),
            per_second: Some(1.0),
            uses: [(Step::Purchase, 1.0)].into(),
            ..Dependency::default()
        };
        // All of them come at once.
        let tells = |whole: u32, sockets: u32| {
            let scale = f64::from(sockets) / f64::from(whole);
            let at = vec![36_000; usize::try_from(sockets).unwrap()];
            let all = vec![Deed { spike: Spike::Starts, step: Step::Purchase, at }];
            let deeds = Deeds { one_in: 1.0 / scale, all };
            let found = measure(&slow, &deeds);
            can_tell(&slow, &deeds, &found[0])
        };
        for whole in [2_000, 10_000, 720_000, 720_001, 826_226, 900_000, 3_600_000] {
            let asked = u32::try_from(Size::asked_for(whole.into()).over_sockets).unwrap();
            assert!(tells(whole, asked), "{asked} of {whole}");
        }
        assert!(!tells(900_000, 2_499));
        // Of more they say nothing about a second: docs/drills.md says so.
        assert!(!tells(3_600_001, 10_000));
    }
}
