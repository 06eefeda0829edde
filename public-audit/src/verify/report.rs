//! What a check says, and how it is printed.

use std::fmt;

use serde::Serialize;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it must be.
    Pass,
    /// Not as it must be.
    Fail,
    /// Not looked at: what it needs has failed, or does not exist in such a round.
    Skip,
}

/// One numbered and named check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// In the order of [`super::CHECKS`], from 1.
    pub number: usize,
    /// A name that stays when numbers move.
    pub name: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// Why, in a sentence on one line that no terminal obeys, whatever of the record it cites.
    pub reason: String,
}

/// All checks of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing failed.
    pub matches: bool,
    /// In order.
    pub checks: Vec<Check>,
}

impl Report {
    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.verdict == Verdict::Fail)
    }

    /// The report as one JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
            Verdict::Skip => "SKIP",
        };
        write!(f, "{:02} {:<18} {verdict}  {}", self.number, self.name, self.reason)
    }
}

/// One line per check, and one line of conclusion.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        let failed = self.failed().map(|check| check.name).collect::<Vec<_>>();
        match failed[..] {
            [] => write!(f, "The record matches: this result follows from these files."),
            _ => write!(f, "The record DOES NOT MATCH: {}", failed.join(", ")),
        }
    }
}
