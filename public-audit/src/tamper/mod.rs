//! The catalogue of tamperings: each changes one thing in a good record, and names the check that
//! must be the first to notice.
//!
//! Whoever tampers here is the organiser: the signing key is theirs, and the manifest is mended
//! after every case which is not about the manifest, so that only what the protocol binds can
//! catch them. A sceptic reads the catalogue; `jebi-audit selftest` runs it.

mod base;
mod forge;

mod after;
mod batches;
mod events;
mod files;
mod funds;
mod journal;
mod offers;
mod pool;
mod result;
mod rules;
mod seal;
mod seed;

use std::fmt;
use std::io;

pub use base::Base;
pub use forge::Forge;

use crate::scratch::Desk;
use crate::verify::verify_on;

/// One tampering.
#[derive(Clone, Copy)]
pub struct Case {
    /// A short name, unique.
    pub name: &'static str,
    /// What the organiser does.
    pub story: &'static str,
    /// To which record.
    pub base: Base,
    /// The check that must be the first to fail.
    pub check: &'static str,
    /// Does it; `None` if the record is not such that it can be done, which is a fault of the case.
    pub tamper: fn(&mut Forge) -> Option<()>,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catch {
    /// By the check that must catch it.
    Caught,
    /// By another check first, or by none.
    Missed(Option<&'static str>),
    /// The case could not be made.
    Unmade,
}

/// All cases.
#[must_use]
pub fn catalogue() -> Vec<Case> {
    let round = [files::CASES, rules::CASES, seal::CASES, pool::CASES, seed::CASES, result::CASES];
    let log = [journal::CASES, events::CASES, batches::CASES];
    let later = [funds::CASES, after::CASES, offers::CASES];
    [round.concat(), log.concat(), later.concat()].concat()
}

impl Case {
    /// Tampers with a good record and has it verified.
    ///
    /// # Errors
    /// Never by itself; the signature is that of [`verify`](crate::verify::verify).
    pub fn run(&self) -> io::Result<Catch> {
        self.run_on(Desk::unlimited())
    }

    /// The same with this much memory.
    ///
    /// # Errors
    /// When there is no room on the tapes.
    pub fn run_on(&self, desk: Desk<'_>) -> io::Result<Catch> {
        let Some(mut forge) = Forge::of(self.base) else { return Ok(Catch::Unmade) };
        let before = forge.files.clone();
        if (self.tamper)(&mut forge).is_none() || forge.files == before {
            return Ok(Catch::Unmade);
        }
        let report = verify_on(desk, &forge.finish())?;
        Ok(match report.failed().next().map(|check| check.name) {
            Some(check) if check == self.check => Catch::Caught,
            other => Catch::Missed(other),
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:26} {:18} {}", self.name, self.check, self.story)
    }
}
