//! `batches.txt` read change by change, however long its batches are.

use std::io::{BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use super::batch::{BatchError, MAX_CHANGES};
use crate::digest::Digest;
use crate::entry::number;

/// The longest line with its LF: a sign, a space and 64 characters; `batch` and 16 digits are
/// shorter.
const MAX_LINE: u64 = 67;

/// A change of the pool-to-be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// This leaf is in it from now on.
    Added(Digest),
    /// This leaf no longer is.
    Removed(Digest),
}

/// What a batch is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// In its round, from 1 without gaps.
    pub number: u64,
    /// Its `+` and `-` lines.
    pub changes: u64,
    /// SHA-256 of its text.
    pub digest: Digest,
}

/// Reads one batch after the other.
#[derive(Debug)]
pub struct Blocks<R> {
    reader: R,
    text: Vec<u8>,
    /// Lines so far.
    line: u64,
    /// The number in the `batch` line that ended the batch before.
    next: Option<u64>,
}

enum Line {
    Batch(u64),
    Change(Change),
}

fn parse_line(line: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    if let Some(rest) = text.strip_prefix("batch ") {
        return number(rest, "").ok().filter(|number| *number > 0).map(Line::Batch);
    }
    let change = match text.split_once(' ')? {
        ("+", leaf) => Change::Added(leaf.parse().ok()?),
        ("-", leaf) => Change::Removed(leaf.parse().ok()?),
        _ => return None,
    };
    Some(Line::Change(change))
}

impl<R: BufRead> Blocks<R> {
    /// Nothing is read yet.
    pub const fn new(reader: R) -> Self {
        Self { reader, text: Vec::new(), line: 0, next: None }
    }

    fn line(&mut self) -> Result<Option<Line>, BatchError> {
        self.text.clear();
        if (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut self.text)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        parse_line(&self.text).map(Some).ok_or(BatchError::Line(self.line))
    }

    /// Shows the changes of the next batch, and says what it was; `None` after the last. That a leaf both
    /// comes and goes is not looked at here: see `Twice`.
    ///
    /// # Errors
    /// The first line that is not as it should be, and the first that `each` gives.
    pub fn next<E: From<BatchError>>(
        &mut self,
        mut each: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<Option<Block>, E> {
        let number = match self.next.take() {
            Some(number) => number,
            None => match self.line()? {
                None => return Ok(None),
                Some(Line::Batch(number)) => number,
                Some(Line::Change(_)) => return Err(BatchError::Line(self.line).into()),
            },
        };
        let (mut changes, mut last) = (0_u64, None);
        let mut sum = Sha256::new().chain_update(format!("batch {number}\n"));
        while let Some(line) = self.line()? {
            let change = match line {
                Line::Batch(next) => {
                    self.next = Some(next);
                    break;
                }
                Line::Change(_) if changes >= MAX_CHANGES as u64 => {
                    return Err(BatchError::Large(number).into());
                }
                Line::Change(change) => change,
            };
            // All that is added comes first, and both groups are sorted.
            if last.is_some_and(|last| last >= change) {
                return Err(BatchError::Line(self.line).into());
            }
            last = Some(change);
            changes += 1;
            sum.update(&self.text);
            each(change)?;
        }
        if changes == 0 {
            return Err(BatchError::Empty(number).into());
        }
        Ok(Some(Block { number, changes, digest: Digest(sum.finalize().into()) }))
    }
}

/// Looks in the changes of one batch for a leaf that both comes and goes. Keeps those that come: at most
/// 32 MB.
#[derive(Debug, Default)]
pub(crate) struct Twice {
    added: Vec<Digest>,
    /// All before this one are smaller than what goes now.
    at: usize,
    found: Option<Digest>,
}

impl Twice {
    pub fn see(&mut self, change: Change) {
        let leaf = match change {
            Change::Added(leaf) => return self.added.push(leaf),
            Change::Removed(leaf) => leaf,
        };
        while self.added.get(self.at).is_some_and(|added| *added < leaf) {
            self.at += 1;
        }
        if self.added.get(self.at) == Some(&leaf) {
            self.found.get_or_insert(leaf);
        }
    }

    /// Whether there was one, once the batch is at its end.
    pub fn end(mut self, block: &Block) -> Result<(), BatchError> {
        self.found.take().map_or(Ok(()), |leaf| Err(BatchError::Twice(block.number, leaf)))
    }
}
