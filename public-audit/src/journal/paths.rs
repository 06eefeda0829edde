//! The light check: one entry's place in pool, result and journal, without the pool.
//!
//! ```text
//! jebi-paths-1
//! SLUG
//! pool INDEX COUNT PATH LINE
//! result INDEX COUNT PATH LINE
//! journal INDEX PATH EVENT
//! ```
//!
//! Before the draw is published, only the first three lines are there.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::event::Act;
use super::excerpt::{Logged, parse_path, path_text};
use crate::digest::Digest;
use crate::entry::{self, Entry, EntryError, number};
use crate::lot;
use crate::merkle;
use crate::note::{NoteError, Verifier};
use crate::result;
use crate::rules::{Rules, RulesError};
use crate::seal::{Seal, SealError};
use crate::seed::{SeedError, SeedInput};
use crate::slug::Slug;

/// The largest such file, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

/// A line and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// 0-based.
    pub index: u64,
    /// Lines in all.
    pub count: u64,
    /// The audit path, nearest sibling first.
    pub path: Vec<Digest>,
    /// Without LF.
    pub line: String,
}

/// What the service tells a phone about one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The round.
    pub round: Slug,
    /// The entry's line in the pool.
    pub pool: Placed,
    /// Its line in the result, and the `drawn` event; `None` before the draw is published.
    pub drawn: Option<(Placed, Logged)>,
}

/// What else a phone needs, all of it from the record.
#[derive(Clone, Copy, Debug)]
pub struct Published<'p> {
    /// `rules.json`.
    pub rules: &'p [u8],
    /// `seal.txt`.
    pub seal: &'p str,
    /// `seed-input.txt` and `checkpoint.txt`; `None` before the draw is published.
    pub drawn: Option<(&'p str, &'p str)>,
}

/// What a phone can say after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The entry, which is in the sealed pool.
    pub entry: Entry,
    /// Its lot and its line in the result that was drawn; `None` before that.
    pub drawn: Option<(u64, result::Line)>,
}

/// Why the light check fails.
#[derive(Debug, thiserror::Error)]
pub enum PathsError {
    /// The file is malformed; lines are counted from 1.
    #[error("line {0} is not as it should be")]
    Line(usize),
    /// The rules are malformed.
    #[error("rules.json: {0}")]
    Rules(#[from] RulesError),
    /// The rules' key is none.
    #[error("the signing key of the rules: {0}")]
    Key(#[from] NoteError),
    /// The seal is malformed or not signed.
    #[error("seal.txt: {0}")]
    Seal(#[from] SealError),
    /// The seed's text is malformed.
    #[error("seed-input.txt: {0}")]
    Seed(#[from] SeedError),
    /// The checkpoint is malformed or not signed.
    #[error("checkpoint.txt: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The pool line is malformed.
    #[error("the line in the pool: {0}")]
    Entry(#[from] EntryError),
    /// Two things do not fit each other.
    #[error("{0}")]
    Mismatch(&'static str),
}

impl Placed {
    fn to_text(&self, label: &str) -> String {
        format!("{label} {} {} {} {}\n", self.index, self.count, path_text(&self.path), self.line)
    }

    fn parse(line: &str, label: &str) -> Option<Self> {
        let mut words = line.strip_prefix(label)?.strip_prefix(' ')?.splitn(4, ' ');
        let placed = Self {
            index: number(words.next()?, "").ok()?,
            count: number(words.next()?, "").ok()?,
            path: parse_path(words.next()?)?,
            line: words.next()?.to_owned(),
        };
        let plain = |b: u8| (0x20..0x7f).contains(&b);
        (placed.line.len() <= entry::MAX_LINE && placed.line.bytes().all(plain)).then_some(placed)
    }

    fn is_in(&self, count: u64, root: &Digest) -> bool {
        let leaf = merkle::leaf(self.line.as_bytes());
        self.count == count && merkle::verify(&leaf, self.index, count, &self.path, root)
    }
}

fn demand(holds: bool, otherwise: &'static str) -> Result<(), PathsError> {
    if holds { Ok(()) } else { Err(PathsError::Mismatch(otherwise)) }
}

impl Paths {
    /// The file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("jebi-paths-1\n{}\n{}", self.round, self.pool.to_text("pool"));
        if let Some((result, logged)) = &self.drawn {
            text.push_str(&result.to_text("result"));
            text.push_str(&format!("journal {logged}\n"));
        }
        text
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`PathsError::Line`].
    pub fn parse(text: &str) -> Result<Self, PathsError> {
        if text.len() > MAX_BYTES {
            return Err(PathsError::Line(1));
        }
        let lines: Vec<&str> = text.splitn(7, '\n').collect();
        let (round, pool, drawn) = match lines[..] {
            ["jebi-paths-1", round, pool, ""] => (round, pool, None),
            ["jebi-paths-1", round, pool, result, journal, ""] => (round, pool, Some((result, journal))),
            ["jebi-paths-1", ..] => return Err(PathsError::Line(lines.len())),
            _ => return Err(PathsError::Line(1)),
        };
        let drawn = drawn.map(|(result, journal)| {
            let result = Placed::parse(result, "result").ok_or(PathsError::Line(4))?;
            let logged = journal.strip_prefix("journal ").and_then(|line| line.parse().ok());
            Ok::<_, PathsError>((result, logged.ok_or(PathsError::Line(5))?))
        });
        Ok(Self {
            round: round.parse().map_err(|_| PathsError::Line(2))?,
            pool: Placed::parse(pool, "pool").ok_or(PathsError::Line(3))?,
            drawn: drawn.transpose()?,
        })
    }

    /// Checks that the pool line is in the sealed pool and, once it is drawn, that the result line
    /// is that entry's in the result which the journal holds.
    ///
    /// # Errors
    /// The first thing that does not hold; [`PathsError::Mismatch`] also when the draw is published
    /// and the paths do not speak of it, or the other way round.
    pub fn check(&self, published: &Published<'_>) -> Result<Told, PathsError> {
        let rules = Rules::parse(published.rules)?;
        let rules_digest = Digest::of(published.rules);
        let verifier = Verifier::parse(&rules.signing_key)?;
        let seal = Seal::open(published.seal, &verifier)?;
        demand(self.round == rules.round && seal.round == rules.round, "of another round")?;
        demand(seal.rules_digest == rules_digest, "other rules were sealed")?;
        demand(self.pool.is_in(seal.count, &seal.root), "the line is not in the sealed pool")?;
        let entry = Entry::parse(&rules, &self.pool.line)?;
        let ((result, logged), (seed, checkpoint)) = match (&self.drawn, published.drawn) {
            (None, None) => return Ok(Told { entry, drawn: None }),
            (Some(paths), Some(drawn)) => (paths, drawn),
            _ => {
                return Err(PathsError::Mismatch(
                    "the draw is in the paths or in the record, and not in both",
                ));
            }
        };
        let seed = SeedInput::parse(seed)?;
        demand(seed.round == rules.round, "the seed is of another round")?;
        demand(seed.rules_digest == rules_digest, "the seed is of other rules")?;
        demand(seed.root == seal.root, "the seed is of another pool")?;
        let checkpoint = Checkpoint::open(checkpoint, &verifier)?;
        demand(logged.is_in(checkpoint.size, &checkpoint.root), "the event is not in the journal")?;
        demand(logged.event.round == rules.round, "the event is of another round")?;
        let Act::Drawn { seed: drawn_from, root, .. } = logged.event.act else {
            return Err(PathsError::Mismatch("the event is not `drawn`"));
        };
        demand(drawn_from == seed.draw_seed(), "it was drawn from another seed")?;
        demand(result.is_in(seal.count, &root), "the line is not in the result that was drawn")?;
        let line =
            result::Line::parse(&result.line).map_err(|_| PathsError::Mismatch("not a line of a result"))?;
        demand(line.receipt == entry.receipt, "the result is another entry's")?;
        demand(u64::from(line.rank) == result.index + 1, "the rank is not the place in the result")?;
        let lot = lot::lot(&seed.draw_seed(), &entry.receipt, entry.weight);
        Ok(Told { entry, drawn: Some((lot, line)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_return_and_are_strict() {
        let hash = "0a".repeat(32);
        let before = format!("jebi-paths-1\nt\npool 0 2 {hash} a=1 b\n");
        let event = "2026-11-20T00:00:00Z closed t";
        let after = format!("{before}result 1 2 {hash} x y\njournal 7 - {event}\n");
        for good in [&before, &after] {
            assert_eq!(Paths::parse(good).unwrap().text(), *good);
        }
        for bad in [
            String::new(),
            before.replace("-1\n", "-2\n"),
            before.replace("pool 0", "pool 00"),
            before.replace("pool 0 2", "pool 0  2"),
            before.replace(&hash, "."),
            before.replace("a=1", "ä=1"),
            format!("{before}\n"),
            format!("{before}result 1 2 {hash} x y\n"),
            format!("{after}\n"),
            after.replace("journal", "pool"),
            after[..after.len() - 1].to_owned(),
        ] {
            assert!(Paths::parse(&bad).is_err(), "{bad}");
        }
    }
}
