//! `result.txt`: the outcome of every entry, one line each in rank order (protocol §6).
//!
//! ```text
//! 1 zznw-thk6-yqxq-zzdp assigned d1-am 2026-12-02T00:00:00Z 250000
//! 2 jqb2-qfcn-nrtz-ryty waitlisted - - -
//! ```

use std::fmt::Write as _;

use crate::Digest;
use crate::draw::{Drawn, Row};
use crate::entry::number;
use crate::instant::Instant;
use crate::merkle;
use crate::receipt::Receipt;
use crate::rules::{Rules, is_value};

/// What a line of `result.txt` says by itself, without the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 1-based.
    pub rank: u32,
    /// Whose.
    pub receipt: Receipt,
    /// The place; `None` is `waitlisted`.
    pub place: Option<Place>,
}

/// An assignment as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The slot's name.
    pub slot: String,
    /// The personal start.
    pub start_at: Instant,
    /// Won.
    pub amount: u64,
}

/// The line is not a line of `result.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not `rank receipt assigned slot start amount` or `rank receipt waitlisted - - -`")]
pub struct LineError;

impl Line {
    /// Reads a line given without its LF.
    ///
    /// # Errors
    /// On everything that [`text`] would not have written.
    pub fn parse(line: &str) -> Result<Self, LineError> {
        let words: Vec<&str> = line.splitn(7, ' ').collect();
        let [rank, receipt, outcome, slot, start, amount] = words[..] else {
            return Err(LineError);
        };
        let count = |text| number(text, "").map_err(|_| LineError);
        let rank = u32::try_from(count(rank)?).ok().filter(|rank| *rank > 0).ok_or(LineError)?;
        let receipt = receipt.parse().map_err(|_| LineError)?;
        let place = match (outcome, slot, start, amount) {
            ("waitlisted", "-", "-", "-") => None,
            ("assigned", slot, start, amount) if is_value(slot) => Some(Place {
                slot: slot.to_owned(),
                start_at: start.parse().map_err(|_| LineError)?,
                amount: count(amount)?,
            }),
            _ => return Err(LineError),
        };
        Ok(Self { rank, receipt, place })
    }
}

/// Appends the line of one entry, without LF.
pub fn write_line(rules: &Rules, row: &Row, line: &mut String) {
    let _ = match row.assignment {
        None => write!(line, "{} {} waitlisted - - -", row.rank, row.receipt),
        Some(a) => {
            let slot = rules.slots.get(a.slot as usize).map_or("-", |slot| slot.name.as_str());
            let (rank, receipt) = (row.rank, row.receipt);
            write!(line, "{rank} {receipt} assigned {slot} {} {}", a.start_at, a.amount)
        }
    };
}

/// The bytes of `result.txt`.
#[must_use]
pub fn text(rules: &Rules, drawn: &Drawn) -> String {
    let mut text = String::new();
    for row in drawn.rows() {
        write_line(rules, &row, &mut text);
        text.push('\n');
    }
    text
}

/// The Merkle root over the lines of `result.txt`.
#[must_use]
pub fn root(rules: &Rules, drawn: &Drawn) -> Digest {
    let (mut builder, mut line) = (merkle::Builder::new(), String::new());
    for row in drawn.rows() {
        line.clear();
        write_line(rules, &row, &mut line);
        builder.push_line(line.as_bytes());
    }
    builder.root()
}
