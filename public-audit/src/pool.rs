//! The pool: the ordered list of entries that takes part (protocol §3).
//!
//! `pool.txt` is strict enough that a line can be rebuilt from its meaning, so a [`Pool`] keeps 32
//! bytes for each entry and no text: ten million entries fit into a phone's memory.

pub(crate) mod lines;

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::rc::Rc;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::entry::{Entry, EntryError, LineForm, LineParts};
use crate::merkle;
use crate::receipt::Receipt;
use crate::rules::Rules;
use lines::{Line, Strict};

/// Why there is no pool.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// A line is not as the rules say; lines are counted from 1.
    #[error("line {0}: {1}")]
    Line(u64, EntryError),
    /// A line is not ASCII.
    #[error("line {0}: a character that is not ASCII")]
    Ascii(u64),
    /// A line's receipt is not larger than the one before: unsorted, or entered twice.
    #[error("line {0}: the receipt {1} is not larger than the one before")]
    Order(u64, Receipt),
    /// The last line has no LF.
    #[error("the last line is not ended by LF")]
    Unended,
    /// More than 2³² − 2 entries.
    #[error("more entries than can be numbered")]
    Many,
    /// The reader failed; only [`Pool::read`].
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// One entry in 32 bytes; wish and group are numbers in the pool's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub want: u64,
    pub wish: u32,
    pub group: u32,
    pub seats: u16,
    pub weight: u16,
    pub receipt: Receipt,
}

/// Texts numbered in order of appearance. A tree and not a hash table, whose seed would come from
/// the operating system.
#[derive(Clone, Debug, Default)]
struct Table {
    numbers: BTreeMap<String, u32>,
    texts: Vec<String>,
    /// The last number given out: many neighbours are alike.
    last: u32,
}

impl Table {
    fn number(&mut self, text: &str) -> u32 {
        if self.texts.get(self.last as usize).is_some_and(|last| last == text) {
            return self.last;
        }
        if let Some(number) = self.numbers.get(text) {
            self.last = *number;
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }
}

/// A whole pool with its digest and its root.
#[derive(Clone, Debug)]
pub struct Pool {
    form: LineForm,
    /// Whatever is drawn from it shares them.
    rows: Arc<Vec<Row>>,
    wishes: Table,
    /// Combinations of cohort and reserve values, each value followed by a space.
    groups: Table,
    digest: Digest,
    root: Digest,
}

/// Takes lines in order and makes a [`Pool`] of them.
#[derive(Debug)]
struct Builder {
    rows: Vec<Row>,
    wishes: Table,
    groups: Table,
    sum: Sha256,
    tree: merkle::Builder,
}

impl Builder {
    fn new() -> Self {
        Self {
            rows: Vec::new(),
            wishes: Table::default(),
            groups: Table::default(),
            sum: Sha256::new(),
            tree: merkle::Builder::new(),
        }
    }

    fn push(&mut self, line: &Line<'_>) {
        let parts = &line.parts;
        self.rows.push(Row {
            want: parts.want,
            wish: self.wishes.number(parts.wish),
            group: self.groups.number(line.others),
            seats: u16::try_from(parts.seats).unwrap_or(u16::MAX),
            weight: u16::try_from(parts.weight).unwrap_or(u16::MAX),
            receipt: parts.receipt,
        });
        self.sum.update(line.bytes);
        self.tree.push_line(line.bytes.strip_suffix(b"\n").unwrap_or(line.bytes));
    }

    fn finish(self, form: LineForm) -> Pool {
        let digest = Digest(self.sum.finalize().into());
        let (wishes, groups, root) = (self.wishes, self.groups, self.tree.root());
        Pool { form, rows: Arc::new(self.rows), wishes, groups, digest, root }
    }
}

impl Pool {
    /// Reads `pool.txt` line by line, in memory that does not grow with its text.
    ///
    /// # Errors
    /// The first line that is not as the rules say, or the reader's own error.
    pub fn read(rules: &Rules, reader: impl BufRead) -> Result<Self, PoolError> {
        let (mut builder, mut strict) = (Builder::new(), Strict::new(rules));
        lines::read(&mut strict, reader, |line| {
            builder.push(&line);
            Ok::<(), PoolError>(())
        })?;
        Ok(builder.finish(strict.form().clone()))
    }

    /// The same for whoever only draws from it, where `alike` says with whose cohort and reserve values an entry is
    /// drawn as with its own. So a pool in which all values differ takes no memory for them.
    pub(crate) fn read_alike(
        rules: &Rules,
        reader: impl BufRead,
        mut alike: impl FnMut(&str) -> Rc<str>,
    ) -> Result<Self, PoolError> {
        let (mut builder, mut strict) = (Builder::new(), Strict::new(rules));
        lines::read(&mut strict, reader, |line| {
            builder.push(&Line { others: &alike(line.others), ..line });
            Ok::<(), PoolError>(())
        })?;
        Ok(builder.finish(strict.form().clone()))
    }

    /// Reads the bytes of `pool.txt`.
    ///
    /// # Errors
    /// The first line that is not as the rules say.
    pub fn parse(rules: &Rules, text: &[u8]) -> Result<Self, PoolError> {
        Self::read(rules, text)
    }

    /// A pool of entries in any order.
    ///
    /// # Errors
    /// When an entry has no line under these rules or a receipt stands twice; the number in the
    /// error is that of the line in the sorted pool.
    pub fn from_entries(rules: &Rules, entries: &[Entry]) -> Result<Self, PoolError> {
        let mut order: Vec<&Entry> = entries.iter().collect();
        order.sort_unstable_by_key(|entry| entry.receipt);
        let (mut builder, mut strict) = (Builder::new(), Strict::new(rules));
        for entry in order {
            let number = strict.count() + 1;
            let line = entry.line(rules).map_err(|error| PoolError::Line(number, error))?;
            builder.push(&strict.take(format!("{line}\n").as_bytes())?);
        }
        Ok(builder.finish(strict.form().clone()))
    }

    /// Entries.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// SHA-256 of `pool.txt`.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The Merkle root over the lines.
    #[must_use]
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// The bytes of `pool.txt`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for row in self.rows() {
            self.write(row, &mut text);
            text.push('\n');
        }
        text
    }

    /// Line `index` (0-based) without LF.
    #[must_use]
    pub fn line(&self, index: usize) -> Option<String> {
        let mut line = String::new();
        self.write(self.rows.get(index)?, &mut line);
        Some(line)
    }

    /// Entry `index` (0-based, in the order of receipts).
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<Entry> {
        let row = self.rows.get(index)?;
        Some(Entry {
            receipt: row.receipt,
            seats: row.seats.into(),
            want: row.want,
            weight: row.weight.into(),
            wish: self.wishes.text(row.wish).to_owned(),
            others: self.others(row.group).map(str::to_owned).collect(),
        })
    }

    /// The index of the entry with this receipt.
    #[must_use]
    pub fn find(&self, receipt: &Receipt) -> Option<usize> {
        self.rows.binary_search_by_key(receipt, |row| row.receipt).ok()
    }

    /// The leaf hashes of the lines, for inclusion paths ([`merkle::path`]).
    #[must_use]
    pub fn leaves(&self) -> Vec<Digest> {
        let mut line = String::new();
        let leaf = |row| {
            line.clear();
            self.write(row, &mut line);
            merkle::leaf(line.as_bytes())
        };
        self.rows.iter().map(leaf).collect()
    }

    /// The fewest entries that share one combination of cohort and reserve values, and that
    /// combination; `None` if there is only one combination, so that nothing could be merged.
    #[must_use]
    pub fn smallest_cell(&self) -> Option<(u64, String)> {
        let mut counts = vec![0_u64; self.groups.texts.len()];
        for row in self.rows() {
            counts[row.group as usize] += 1;
        }
        let smallest = counts.iter().zip(&self.groups.texts).min()?;
        (counts.len() > 1).then(|| (*smallest.0, smallest.1.trim_end().to_owned()))
    }

    fn write(&self, row: &Row, line: &mut String) {
        let parts = LineParts {
            receipt: row.receipt,
            seats: row.seats.into(),
            want: row.want,
            weight: row.weight.into(),
            wish: self.wishes.text(row.wish),
        };
        self.form.write(&parts, self.others(row.group), line);
    }

    fn others(&self, group: u32) -> impl Iterator<Item = &str> {
        self.groups.text(group).split_terminator(' ')
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The same, for whoever keeps them.
    pub(crate) fn shared_rows(&self) -> Arc<Vec<Row>> {
        Arc::clone(&self.rows)
    }

    /// Whether this pool was read under rules with the same lines.
    pub(crate) fn fits(&self, rules: &Rules) -> bool {
        self.form == LineForm::new(rules)
    }

    /// For each wish number, the day parts in the order in which they are tried.
    pub(crate) fn walks(&self) -> Vec<Vec<usize>> {
        self.wishes.texts.iter().map(|wish| self.form.walk(wish)).collect()
    }

    /// `decide(value_of)` once for each combination of cohort and reserve values, by group number.
    pub(crate) fn by_group<'p, T>(
        &'p self,
        decide: impl Fn(&dyn Fn(&str) -> Option<&'p str>) -> T,
    ) -> Vec<T> {
        let of_group = |text: &'p String| decide(&self.form.value_of(text));
        self.groups.texts.iter().map(of_group).collect()
    }
}
