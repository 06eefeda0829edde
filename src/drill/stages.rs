//! What a drill says while it runs: a line on standard error for each stage that is through, and how many people it had. So
//! whoever waits for an hour sees that it goes on; the figures on standard output are not mixed with it.

use std::{
    fmt::{self, Display, Formatter},
    io::{self, Write},
};

use crate::{domain::plan::number, words::number::grouped};

/// People who enter or buy are told of when so many parts of them have.
const PARTS: u64 = 5;

/// What was done.
pub enum Stage {
    /// Drawn in process, one in so many.
    InProcess {
        /// Of all of them.
        people: u64,
        /// One in so many.
        one_in: f64,
    },
    /// So many have entered by now.
    Entering {
        /// Those who have.
        done: u64,
        /// Of all who will.
        of: u64,
    },
    /// Sealed, with so many people.
    Sealed(u64),
    /// So many are drawn.
    Drawn(u64),
    /// So many were told, and so many are on the list of the unreached.
    Told(u64, u64),
    /// So many have bought by now, at their time or, after that, at a second one.
    Buying {
        /// Those who have.
        done: u64,
        /// Of all who come at that time.
        of: u64,
    },
    /// So many bought, at their time and at a second one.
    Bought(u64, u64),
    /// The record of so many was verified, and whether it was right.
    Verified(u64, bool),
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::InProcess { people, one_in } if one_in > 1.0 => {
                write!(f, "drawn in process: one in {} of {} people", number(one_in), grouped(people))
            }
            Self::InProcess { people, .. } => {
                write!(f, "drawn in process: all {} people", grouped(people))
            }
            Self::Entering { done, of } => write!(f, "entering: {} of {}", grouped(done), grouped(of)),
            Self::Sealed(people) => write!(f, "sealed: {} people", grouped(people)),
            Self::Drawn(people) => write!(f, "drawn: {} people", grouped(people)),
            Self::Told(told, listed) => {
                write!(f, "told: {} people, {} on the list of the unreached", grouped(told), grouped(listed))
            }
            Self::Buying { done, of } => write!(f, "buying: {} of {}", grouped(done), grouped(of)),
            Self::Bought(first, second) => {
                write!(
                    f,
                    "bought: {} people at their time, {} at a second time",
                    grouped(first),
                    grouped(second)
                )
            }
            Self::Verified(people, true) => write!(f, "verified: the record of {} people", grouped(people)),
            Self::Verified(people, false) => {
                write!(f, "not verified: the record of {} people differs", grouped(people))
            }
        }
    }
}

/// Says it. That nobody can be told stops no drill.
pub fn say(stage: &Stage) {
    let _ = writeln!(io::stderr().lock(), "{stage}");
}

/// How many have done something, of all who will, told of in coarse steps.
pub struct Steps {
    of: u64,
    said: u64,
}

impl Steps {
    /// Nobody yet.
    pub fn new(of: u64) -> Self {
        Self { of, said: 0 }
    }

    /// Of how many, where those who have done it by now are a step more than was told last.
    pub fn further(&mut self, done: u64) -> Option<u64> {
        let step = done * PARTS / self.of.max(1);
        let is_further = step > self.said;
        self.said = self.said.max(step);
        is_further.then_some(self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_says_what_was_done_and_with_how_many_people() {
        let all = [
            (Stage::InProcess { people: 10_000, one_in: 1.0 }, "drawn in process: all 10,000 people"),
            (
                Stage::InProcess { people: 900_000, one_in: 9.0 },
                "drawn in process: one in 9 of 900,000 people",
            ),
            (Stage::Entering { done: 400, of: 2_000 }, "entering: 400 of 2,000"),
            (Stage::Sealed(2_000), "sealed: 2,000 people"),
            (Stage::Drawn(2_000), "drawn: 2,000 people"),
            (Stage::Told(1_980, 20), "told: 1,980 people, 20 on the list of the unreached"),
            (Stage::Buying { done: 360, of: 1_800 }, "buying: 360 of 1,800"),
            (Stage::Bought(1_700, 100), "bought: 1,700 people at their time, 100 at a second time"),
            (Stage::Verified(2_000, true), "verified: the record of 2,000 people"),
            (Stage::Verified(2_000, false), "not verified: the record of 2,000 people differs"),
        ];
        for (stage, said) in all {
            assert_eq!(stage.to_string(), said);
        }
    }

    #[test]
    fn of_many_who_enter_a_few_lines_are_said() {
        let mut steps = Steps::new(1_000);
        let said: Vec<u64> = (1..=1_000).filter(|done| steps.further(*done) == Some(1_000)).collect();
        assert_eq!(said, [200, 400, 600, 800, 1_000]);
        // Who come together are told of together, and of nobody nothing is said.
        let mut steps = Steps::new(10);
        assert_eq!([7, 7, 10].map(|done| steps.further(done)), [Some(10), None, Some(10)]);
        assert_eq!(Steps::new(0).further(0), None);
    }
}
