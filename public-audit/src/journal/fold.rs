//! What batches, one after the other, make of the pool-to-be.

use std::collections::BTreeSet;

use super::batch::Batch;
use crate::digest::Digest;

/// Why batches do not follow on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// Another number than the next.
    #[error("batch {found} where batch {expected} should be")]
    Number {
        /// The next.
        expected: u64,
        /// Found instead.
        found: u64,
    },
    /// It adds what is there.
    #[error("batch {0} adds {1}, which is there already")]
    There(u64, Digest),
    /// It removes what is not there.
    #[error("batch {0} removes {1}, which is not there")]
    Absent(u64, Digest),
    /// Far more is there than was expected.
    #[error("after batch {0}, more than {SPARE} leaves more than expected are there")]
    Many(u64),
}

/// How many leaves may be there for a time beyond twice those expected, so that a hostile list of
/// batches cannot fill the memory.
const SPARE: usize = if cfg!(test) { 100 } else { 1_000_000 };

/// The pool-to-be, batch after batch.
///
/// What is expected to be in it at the end takes 33 bytes each, whatever else passes through takes
/// a place in a tree.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    batches: u64,
    /// Sorted, with a mark beside each that is there.
    expected: Vec<Digest>,
    there: Vec<bool>,
    others: BTreeSet<Digest>,
    /// The most that may be in `others`.
    most: Option<usize>,
    count: u64,
}

impl Fold {
    /// Empty, and expected to become exactly these; a million more, and once more as many as these,
    /// may be there for a time.
    #[must_use]
    pub fn expecting(mut leaves: Vec<Digest>) -> Self {
        leaves.sort_unstable();
        leaves.dedup();
        let (there, most) = (vec![false; leaves.len()], Some(leaves.len() + SPARE));
        Self { expected: leaves, there, most, ..Self::default() }
    }

    /// Adds and removes.
    ///
    /// # Errors
    /// When the batch is not the next, adds what is there or removes what is not; the fold is of no
    /// use after that.
    pub fn apply(&mut self, batch: &Batch) -> Result<(), FoldError> {
        let expected = self.batches + 1;
        if batch.number != expected {
            return Err(FoldError::Number { expected, found: batch.number });
        }
        self.batches = expected;
        for leaf in &batch.added {
            if !self.put(leaf, true) {
                return Err(FoldError::There(batch.number, *leaf));
            }
            self.count += 1;
        }
        for leaf in &batch.removed {
            if !self.put(leaf, false) {
                return Err(FoldError::Absent(batch.number, *leaf));
            }
            self.count -= 1;
        }
        match self.most {
            Some(most) if self.others.len() > most => Err(FoldError::Many(batch.number)),
            _ => Ok(()),
        }
    }

    /// Whether this changed anything.
    fn put(&mut self, leaf: &Digest, there: bool) -> bool {
        match self.expected.binary_search(leaf) {
            Ok(at) => std::mem::replace(&mut self.there[at], there) != there,
            Err(_) if there => self.others.insert(*leaf),
            Err(_) => self.others.remove(leaf),
        }
    }

    /// Batches so far.
    #[must_use]
    pub const fn batches(&self) -> u64 {
        self.batches
    }

    /// Leaves in the pool-to-be.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// What is there and not expected.
    #[must_use]
    pub fn unexpected(&self) -> Option<Digest> {
        self.others.first().copied()
    }

    /// What is expected and not there.
    #[must_use]
    pub fn missing(&self) -> Option<Digest> {
        self.there.iter().position(|there| !there).and_then(|at| self.expected.get(at)).copied()
    }
}

/// The pool-to-be after all batches.
///
/// # Errors
/// The first batch that is not the next, adds what is there or removes what is not.
pub fn fold<'b>(batches: impl IntoIterator<Item = &'b Batch>) -> Result<BTreeSet<Digest>, FoldError> {
    let mut fold = Fold::default();
    batches.into_iter().try_for_each(|batch| fold.apply(batch))?;
    Ok(fold.others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle;

    fn batch(number: u64, added: &[u8], removed: &[u8]) -> Batch {
        let set = |bytes: &[u8]| bytes.iter().map(|byte| Digest([*byte; 32])).collect();
        Batch { number, added: set(added), removed: set(removed) }
    }

    #[test]
    fn a_flood_is_refused() {
        let flood = |number: u64| Batch {
            number,
            added: (0..101_u64).map(|n| merkle::leaf(&[number, n].map(u64::to_be_bytes).concat())).collect(),
            removed: BTreeSet::new(),
        };
        let mut fold = Fold::expecting(vec![Digest::ZERO]);
        assert_eq!(fold.apply(&flood(1)), Ok(()));
        assert_eq!(fold.apply(&flood(2)), Err(FoldError::Many(2)));
    }

    #[test]
    fn folds() {
        let all = [batch(1, &[1, 2], &[]), batch(2, &[3], &[1]), batch(3, &[1], &[])];
        let there = fold(&all).unwrap();
        assert_eq!(there, batch(1, &[1, 2, 3], &[]).added);
        assert_eq!(fold(&all[1..]), Err(FoldError::Number { expected: 1, found: 2 }));
        let again = [all[0].clone(), batch(2, &[2], &[])];
        assert_eq!(fold(&again), Err(FoldError::There(2, Digest([2; 32]))));
        let absent = [all[0].clone(), batch(2, &[], &[3])];
        assert_eq!(fold(&absent), Err(FoldError::Absent(2, Digest([3; 32]))));

        let mut expecting = Fold::expecting(vec![Digest([3; 32]), Digest([1; 32]), Digest([4; 32])]);
        all.iter().for_each(|batch| expecting.apply(batch).unwrap());
        assert_eq!((expecting.count(), expecting.batches()), (3, 3));
        assert_eq!(expecting.missing(), Some(Digest([4; 32])));
        assert_eq!(expecting.unexpected(), Some(Digest([2; 32])));
    }
}
