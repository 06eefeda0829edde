//! Whether batches make a pool, sorted by leaf instead of in the order of time: so it needs no memory for
//! those who are in it.

use std::cmp::Reverse;
use std::io::{self, Read};
use std::iter::Peekable;

use crate::digest::Digest;
use crate::journal::batch::{Change, FoldError};
use crate::scratch::{Desk, Item, Sorter, array};

/// A leaf, and what happens to it when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    leaf: Digest,
    /// Twice the number of the batch, and one more where it goes: all that a batch adds comes before what
    /// it removes.
    when: u64,
}

/// It is in the pool: later than any batch.
const IN_POOL: u64 = u64::MAX;

impl Item for Step {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.leaf.as_bytes());
        to.extend_from_slice(&self.when.to_le_bytes());
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        Ok(Self { leaf: Digest(array(from)?), when: u64::from_le_bytes(array(from)?) })
    }
}

/// All leaves of a pool, and all changes of its batches.
pub(super) struct Entered<'s>(Sorter<'s, Step>);

/// What became of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The first batch that adds what is there or removes what is not, and the first such leaf in it.
    pub wrong: Option<FoldError>,
    /// The smallest leaf that is there at the end and not in the pool.
    pub unexpected: Option<Digest>,
    /// The smallest leaf of the pool that is not there at the end.
    pub missing: Option<Digest>,
}

impl<'s> Entered<'s> {
    pub fn new(desk: Desk<'s>) -> Self {
        Self(Sorter::new(desk))
    }

    /// A leaf of the pool.
    pub fn expect(&mut self, leaf: Digest) -> io::Result<()> {
        self.0.push(Step { leaf, when: IN_POOL })
    }

    /// A change in the batch of this number, counted from 1 without gaps.
    pub fn change(&mut self, batch: u64, change: Change) -> io::Result<()> {
        let (leaf, removed) = match change {
            Change::Added(leaf) => (leaf, 0),
            Change::Removed(leaf) => (leaf, 1),
        };
        self.0.push(Step { leaf, when: 2 * batch + removed })
    }

    /// What batches up to number `last` make; later ones do not count.
    pub fn found(self, last: u64) -> io::Result<Found> {
        let sorted = self.0.sorted()?;
        let mut steps = sorted.iter()?.peekable();
        let (mut found, mut first) = (Found::default(), None);
        while let Some(of_leaf) = Course::next(&mut steps, last)? {
            let Course { leaf, wrong, there, expected } = of_leaf;
            if let Some(when) = wrong {
                first = first.max(Some(Reverse((when, leaf))));
            }
            if there && !expected {
                found.unexpected.get_or_insert(leaf);
            }
            if expected && !there {
                found.missing.get_or_insert(leaf);
            }
        }
        found.wrong = first.map(|Reverse((when, leaf))| match when % 2 {
            0 => FoldError::There(when / 2, leaf),
            _ => FoldError::Absent(when / 2, leaf),
        });
        Ok(found)
    }
}

/// What happens to one leaf.
struct Course {
    leaf: Digest,
    /// Its first step that cannot be.
    wrong: Option<u64>,
    there: bool,
    expected: bool,
}

impl Course {
    /// Takes all steps of the next leaf.
    fn next(
        steps: &mut Peekable<impl Iterator<Item = io::Result<Step>>>,
        last: u64,
    ) -> io::Result<Option<Self>> {
        let Some(first) = steps.peek() else { return Ok(None) };
        // An error stays where it is until it is taken.
        let leaf = first.as_ref().map_or(Digest::ZERO, |step| step.leaf);
        let mut course = Self { leaf, wrong: None, there: false, expected: false };
        while let Some(step) = steps.next_if(|step| step.as_ref().map_or(true, |step| step.leaf == leaf)) {
            let when = step?.when;
            if when == IN_POOL {
                course.expected = true;
            } else if when / 2 <= last {
                let comes = when % 2 == 0;
                if comes == course.there {
                    course.wrong.get_or_insert(when);
                }
                course.there = comes;
            }
        }
        Ok(Some(course))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::batch::{Batch, Fold};
    use crate::scratch::InMemory;

    /// A few leaves come and go at random; both ways of looking at it find the same.
    #[test]
    fn it_finds_what_following_the_batches_finds() {
        let mut number = 1_u64;
        let mut below = |n: u64| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (number >> 33) % n
        };
        let mut seen = [0; 4];
        for round in 0..3000 {
            let leaf = |n: u64| Digest::of(n.to_le_bytes());
            let (mut there, mut batches) = (vec![false; 8], Vec::new());
            for number in 1..=below(6) {
                let mut batch = Batch { number, ..Batch::default() };
                for (n, there) in (0..).zip(&mut there).filter(|_| below(3) == 0) {
                    // Mostly what can be, so that something comes of it.
                    let comes = if number % 3 == 0 && n == 4 { *there } else { !*there };
                    (if comes { &mut batch.added } else { &mut batch.removed }).insert(leaf(n));
                    *there = comes;
                }
                batches.push(batch);
            }
            // Often the pool that they make, and often one with another leaf.
            let other = if round % 2 == 0 { 8 } else { round / 2 % 8 };
            let pool = (0..).zip(&there).filter(|(n, there)| **there != (*n == other as u64));
            let pool: Vec<Digest> = pool.map(|(n, _)| leaf(n)).collect();
            let mut expecting = Fold::expecting(pool.clone());
            let memory = [0, 300, usize::MAX][round % 3];
            let mut entered = Entered::new(Desk { memory, scratch: &InMemory });
            pool.iter().for_each(|leaf| entered.expect(*leaf).unwrap());
            let mut wrong = None;
            for batch in &batches {
                let (added, removed) = (batch.added.iter().copied(), batch.removed.iter().copied());
                let changes = added.map(Change::Added).chain(removed.map(Change::Removed));
                changes.for_each(|change| entered.change(batch.number, change).unwrap());
                wrong = wrong.or_else(|| expecting.apply(batch).err());
            }
            let found = entered.found(u64::MAX / 4).unwrap();
            assert_eq!(found.wrong, wrong);
            if wrong.is_none() {
                assert_eq!((found.unexpected, found.missing), (expecting.unexpected(), expecting.missing()));
            }
            let all = [
                wrong.is_some(),
                found.unexpected.is_some(),
                found.missing.is_some(),
                found == Found::default(),
            ];
            seen.iter_mut().zip(all).for_each(|(count, is)| *count += u32::from(is));
        }
        assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
    }
}
