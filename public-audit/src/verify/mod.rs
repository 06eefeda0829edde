//! Checks a record: numbered, named checks, each of which says what it saw.
//!
//! The order is the order of events: rules, seal, pool, seed, pulse, result, and then the
//! journal in which all of that was said at its time, and what was published after the draw. A file that no longer
//! parses fails its form check, and what needs it is skipped; nothing here panics on any bytes.

mod after;
mod entered;
mod journal;
mod pool;
mod report;
mod result;
mod steps;

use std::io;

pub use report::{Check, Report, Verdict};

use crate::plain::plain;
use crate::record::Files;
use crate::scratch::Desk;
use steps::Steps;

/// The names of all checks in their order. Numbers may move when one is added, names stay.
pub const CHECKS: [&str; 28] = [
    "files-present",
    "manifest",
    "rules-form",
    "seal-form",
    "seal-signature",
    "seal-rules",
    "seal-time",
    "pool-form",
    "pool-digest",
    "pool-root",
    "smallest-cell",
    "capacity",
    "funds",
    "seed-form",
    "seed-input",
    "commitment",
    "pulse-form",
    "pulse",
    "result-form",
    "result-recomputed",
    "journal-form",
    "checkpoint",
    "journal-paths",
    "journal-events",
    "journal-pool",
    "after-form",
    "after-events",
    "offers-recomputed",
];

/// Checks a whole record, with all of it in memory that has to be.
///
/// # Errors
/// Only when a file that is there cannot be read; a wrong record is a [`Report`], not an error.
pub fn verify(files: &dyn Files) -> io::Result<Report> {
    verify_on(Desk::unlimited(), files)
}

/// The same within this much memory, however many entries there are; only what was offered after the draw
/// takes some for each entry.
///
/// # Errors
/// Also when there is no room on the tapes.
pub fn verify_on(desk: Desk<'_>, files: &dyn Files) -> io::Result<Report> {
    run(Steps::new(files, desk, None))
}

/// The same, of a record that has to be signed with this key: who makes up a whole record can give a key of their
/// own any name.
///
/// # Errors
/// As [`verify_on`].
pub fn verify_signed_by(key: &str, desk: Desk<'_>, files: &dyn Files) -> io::Result<Report> {
    run(Steps::new(files, desk, Some(key)))
}

fn run(mut steps: Steps<'_>) -> io::Result<Report> {
    for name in CHECKS {
        let (verdict, reason) = match steps.step(name) {
            Ok(reason) => (Verdict::Pass, reason),
            Err(Refusal::Fail(reason)) => (Verdict::Fail, reason),
            Err(Refusal::Nothing(reason)) => (Verdict::Skip, reason.to_owned()),
            Err(Refusal::Needs(other)) => (Verdict::Skip, format!("needs {other}")),
            Err(Refusal::Unreadable(error)) => return Err(error),
        };
        let number = steps.checks.len() + 1;
        steps.checks.push(Check { number, name, verdict, reason: plain(&reason) });
    }
    let checks = steps.checks;
    Ok(Report { matches: checks.iter().all(|check| check.verdict != Verdict::Fail), checks })
}

/// Why a check did not pass.
enum Refusal {
    /// It found something wrong.
    Fail(String),
    /// It needs something that an earlier check refused.
    Needs(&'static str),
    /// There is nothing that it could look at.
    Nothing(&'static str),
    /// The file could not be read.
    Unreadable(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}
