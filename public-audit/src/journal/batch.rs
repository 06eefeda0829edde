//! Batches: the changes of the pool-to-be, published every few minutes as leaf hashes.
//!
//! ```text
//! batch 1
//! + 041712dd543f4db2c77e7183a84248530454d80d21cbcfb14e15cfaf56ad70fb
//! - acbe8fc8f74315dcf150fba93c76840c2639597a0bad2f955984c3ffb6233f4a
//! ```
//!
//! A leaf hash binds the line, and says nothing about anybody until the line is public.

use std::collections::BTreeSet;
use std::io::{self, BufRead};

use crate::digest::Digest;

pub(crate) use super::blocks::Twice;
pub use super::blocks::{Block, Blocks, Change};
pub use super::fold::{Fold, FoldError, fold};

/// The most changes in one batch, so that whoever reads one knows how much memory it takes.
pub const MAX_CHANGES: usize = 1_000_000;

/// One block of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// In its round, from 1 without gaps.
    pub number: u64,
    /// Leaf hashes of lines that are in the pool-to-be from now on.
    pub added: BTreeSet<Digest>,
    /// Leaf hashes of lines that no longer are.
    pub removed: BTreeSet<Digest>,
}

/// Why a text is not a batch or a list of batches.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A line is not as it should be, not in order, or the last has no LF; counted from 1.
    #[error("line {0} is not `batch` and a number, or + or - and a hash, in order")]
    Line(u64),
    /// A batch has no change.
    #[error("batch {0} is empty")]
    Empty(u64),
    /// A batch has more than [`MAX_CHANGES`].
    #[error("batch {0} has more than {MAX_CHANGES} changes")]
    Large(u64),
    /// A hash is added and removed in one batch.
    #[error("batch {0} adds and removes {1}")]
    Twice(u64, Digest),
    /// There is no batch, or more than one, where one was expected.
    #[error("not exactly one batch")]
    Number,
    /// The reader failed; only [`read`].
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Batch {
    /// The block.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("batch {}\n", self.number);
        let signs = [('+', &self.added), ('-', &self.removed)];
        for (sign, leaf) in signs.iter().flat_map(|(sign, leaves)| leaves.iter().map(move |l| (sign, l))) {
            text.push(*sign);
            text.push(' ');
            text.push_str(&crate::hex::encode(&leaf.0));
            text.push('\n');
        }
        text
    }

    /// Reads one block.
    ///
    /// # Errors
    /// On everything that [`Batch::text`] would not have written of a batch that is not empty and
    /// changes nothing twice.
    pub fn parse(text: &str) -> Result<Self, BatchError> {
        let mut batches = read(text.as_bytes());
        match (batches.next(), batches.next()) {
            (Some(batch), None) => batch,
            (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error),
            _ => Err(BatchError::Number),
        }
    }

    /// Its `+` and `-` lines.
    #[must_use]
    pub fn changes(&self) -> u64 {
        (self.added.len() + self.removed.len()) as u64
    }

    /// SHA-256 of the block, as in its event.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.text())
    }
}

/// The batches of `batches.txt`, one at a time.
pub fn read<R: BufRead>(reader: R) -> Batches<R> {
    Batches { blocks: Blocks::new(reader), done: false }
}

/// An iterator that holds one batch; it ends after the first error.
#[derive(Debug)]
pub struct Batches<R> {
    blocks: Blocks<R>,
    done: bool,
}

impl<R: BufRead> Batches<R> {
    fn batch(&mut self) -> Result<Option<Batch>, BatchError> {
        let (mut added, mut removed, mut twice) = (Vec::new(), Vec::new(), Twice::default());
        let block = self.blocks.next::<BatchError>(|change| {
            twice.see(change);
            match change {
                Change::Added(leaf) => added.push(leaf),
                Change::Removed(leaf) => removed.push(leaf),
            }
            Ok(())
        })?;
        let Some(block) = block else { return Ok(None) };
        twice.end(&block)?;
        // Both groups come sorted, which is what makes a set of them quickly.
        let (added, removed) = (added.into_iter().collect(), removed.into_iter().collect());
        Ok(Some(Batch { number: block.number, added, removed }))
    }
}

impl<R: BufRead> Iterator for Batches<R> {
    type Item = Result<Batch, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let batch = self.batch().transpose();
        self.done = !matches!(batch, Some(Ok(_)));
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u64, added: &[u8], removed: &[u8]) -> Batch {
        let set = |bytes: &[u8]| bytes.iter().map(|byte| Digest([*byte; 32])).collect();
        Batch { number, added: set(added), removed: set(removed) }
    }

    #[test]
    fn texts_return() {
        for one in [batch(1, &[3, 1, 2], &[]), batch(7, &[], &[1]), batch(2, &[9], &[8, 7])] {
            assert_eq!(Batch::parse(&one.text()).unwrap(), one);
            assert_eq!(one.digest(), Digest::of(one.text()));
        }
        assert_eq!(batch(2, &[9], &[8, 7]).changes(), 3);
        let all = [batch(1, &[1, 2], &[]), batch(2, &[3], &[1])];
        let text: String = all.iter().map(Batch::text).collect();
        assert_eq!(read(text.as_bytes()).collect::<Result<Vec<_>, _>>().unwrap(), all);
        assert!(matches!(Batch::parse(&text), Err(BatchError::Number)));
        assert_eq!(read(&b""[..]).count(), 0);
    }

    #[test]
    fn one_spelling() {
        let (a, b) = ("0a".repeat(32), "0b".repeat(32));
        assert!(Batch::parse(&format!("batch 1\n+ {a}\n+ {b}\n")).is_ok());
        for bad in [
            String::new(),
            format!("+ {a}\n"),
            "batch 1\n".to_owned(),
            format!("batch 1\n+ {b}\n+ {a}\n"),
            format!("batch 1\n+ {a}\n+ {a}\n"),
            format!("batch 1\n- {a}\n+ {b}\n"),
            format!("batch 1\n+ {a}\n- {a}\n"),
            format!("batch 01\n+ {a}\n"),
            format!("batch 0\n+ {a}\n"),
            format!("batch 1\n+ {a}"),
            format!("batch 1\n+ {a}\r\n"),
            format!("batch 1\n\n+ {a}\n"),
            format!("batch 1\n* {a}\n"),
            format!("batch 1\n+ {}\n", a.to_uppercase()),
            format!("batch 1\n+ {a}\nbatch 2\n"),
            format!("batch 1\n+ {a}0\n"),
            format!("batch 1\n+{a}\n"),
            format!("batch 1\n+  {a}\n"),
            "batch 1\né\n".to_owned(),
        ] {
            assert!(Batch::parse(&bad).is_err(), "{bad}");
        }
    }
}
