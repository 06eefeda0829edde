//! `journal.txt`: a round's own events, each with its path to the checkpoint.
//!
//! ```text
//! 17 38999f…,3f96d1…,a44574… 2026-11-20T00:00:00Z announced example-2026-12 number=1 rules=4c68…
//! ```

use std::fmt;
use std::io::{self, BufRead, Read as _};
use std::str::FromStr;

use super::event::{self, Event};
use crate::digest::Digest;
use crate::entry::number;
use crate::merkle;

/// The longest path: that of a tree of 2⁶⁴ leaves.
const MAX_PATH: usize = 64;
/// The longest line, in bytes with its LF.
const MAX_LINE: usize = 16 + 1 + 65 * MAX_PATH + event::MAX_LINE + 1;

/// An event and where it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// 0-based.
    pub index: u64,
    /// The audit path (RFC 6962 §2.1.1), nearest sibling first.
    pub path: Vec<Digest>,
    /// The event.
    pub event: Event,
}

impl Logged {
    /// Whether the log with this root holds the event where it says.
    #[must_use]
    pub fn is_in(&self, size: u64, root: &Digest) -> bool {
        merkle::verify(&self.event.leaf(), self.index, size, &self.path, root)
    }
}

/// The line without LF.
impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.index, path_text(&self.path), self.event)
    }
}

/// The text is not a line of `journal.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an index, a path and an event")]
pub struct LoggedError;

impl FromStr for Logged {
    type Err = LoggedError;

    fn from_str(line: &str) -> Result<Self, LoggedError> {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().ok_or(LoggedError);
        Ok(Self {
            index: number(word()?, "").map_err(|_| LoggedError)?,
            path: parse_path(word()?).ok_or(LoggedError)?,
            event: word()?.parse().map_err(|_| LoggedError)?,
        })
    }
}

/// A path as it is written: hashes joined by commas, or `-` for none.
pub(super) fn path_text(path: &[Digest]) -> String {
    let hashes: Vec<String> = path.iter().map(Digest::to_string).collect();
    if hashes.is_empty() { "-".to_owned() } else { hashes.join(",") }
}

pub(super) fn parse_path(text: &str) -> Option<Vec<Digest>> {
    if text == "-" {
        return Some(Vec::new());
    }
    let hashes = text.split(',').take(MAX_PATH + 1).map(|hash| hash.parse().ok());
    hashes.collect::<Option<Vec<_>>>().filter(|path| path.len() <= MAX_PATH)
}

/// All lines of a `journal.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// By index, ascending.
    pub events: Vec<Logged>,
}

/// Why a text is not a `journal.txt`.
#[derive(Debug, thiserror::Error)]
pub enum ExcerptError {
    /// A line is malformed, too long or not ended by LF; counted from 1.
    #[error("line {0} is not an index, a path and an event")]
    Line(u64),
    /// A line's index is not larger than the one before.
    #[error("line {0}: the index is not larger than the one before")]
    Order(u64),
    /// The reader failed; only [`read`].
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Excerpt {
    /// The file.
    #[must_use]
    pub fn text(&self) -> String {
        self.events.iter().map(|logged| format!("{logged}\n")).collect()
    }

    /// Reads the file.
    ///
    /// # Errors
    /// The first line that is malformed or out of order.
    pub fn parse(text: &str) -> Result<Self, ExcerptError> {
        Ok(Self { events: read(text.as_bytes()).collect::<Result<_, _>>()? })
    }
}

/// The lines of a `journal.txt`, one at a time.
pub fn read<R: BufRead>(reader: R) -> Lines<R> {
    Lines { reader, number: 0, last: None, done: false }
}

/// An iterator that holds one line; it ends after the first error.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    /// Lines so far.
    number: u64,
    /// The index of the last.
    last: Option<u64>,
    done: bool,
}

impl<R: BufRead> Lines<R> {
    fn line(&mut self) -> Result<Option<Logged>, ExcerptError> {
        let mut line = Vec::new();
        if (&mut self.reader).take(MAX_LINE as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix('\n'));
        let logged: Option<Logged> = ended.and_then(|line| line.parse().ok());
        let logged = logged.ok_or(ExcerptError::Line(self.number))?;
        if self.last.is_some_and(|last| last >= logged.index) {
            return Err(ExcerptError::Order(self.number));
        }
        self.last = Some(logged.index);
        Ok(Some(logged))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Logged, ExcerptError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let line = self.line().transpose();
        self.done = !matches!(line, Some(Ok(_)));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "2026-11-20T00:00:00Z closed t";

    #[test]
    fn texts_return() {
        let leaves: Vec<Digest> = (0..5).map(|_| EVENT.parse::<Event>().unwrap().leaf()).collect();
        let root = merkle::root_of_leaves(&leaves);
        let logged = |index: usize| Logged {
            index: index as u64,
            path: merkle::path(&leaves, index).unwrap(),
            event: EVENT.parse().unwrap(),
        };
        let excerpt = Excerpt { events: vec![logged(1), logged(4)] };
        assert_eq!(Excerpt::parse(&excerpt.text()).unwrap(), excerpt);
        assert!(excerpt.events.iter().all(|logged| logged.is_in(5, &root)));
        assert!(!excerpt.events[0].is_in(9, &root));
        assert_eq!(Excerpt::parse("").unwrap().text(), "");
        assert!(Excerpt::parse(&format!("0 - {EVENT}\n")).is_ok());
    }

    #[test]
    fn one_spelling() {
        let hash = "0a".repeat(32);
        for bad in [
            "\n".to_owned(),
            format!("0 - {EVENT}"),
            format!("0  {EVENT}\n"),
            format!("00 - {EVENT}\n"),
            format!("0 {hash}, {EVENT}\n"),
            format!("0 {} {EVENT}\n", [hash.as_str(); 65].join(",")),
            format!("0 - {EVENT}\n0 - {EVENT}\n"),
            format!("1 - {EVENT}\n0 - {EVENT}\n"),
            format!("0 - {EVENT} \n"),
            "0 -\n".to_owned(),
        ] {
            assert!(Excerpt::parse(&bad).is_err(), "{bad}");
        }
        assert!(Excerpt::parse(&format!("0 {} {EVENT}\n", [hash.as_str(); 64].join(","))).is_ok());
    }
}
