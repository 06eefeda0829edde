//! A drill that came to a halt in the middle of its round: the worst that can come of one, so it is reported like any other.

use std::{io, path::Path};

use serde::Serialize;

use super::{
    Drill,
    report::{Report, printed},
};

/// What was drilled, and why it went no further. The round did not hold.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[error("the drill came to a halt: {halted}")]
pub struct Halted {
    /// Which drill it was.
    #[serde(flatten)]
    pub drill: Drill,
    /// Why, in English.
    pub halted: String,
    /// Its report.
    #[serde(skip)]
    pub report: Report,
}

impl Halted {
    /// A drill that met this where it was made; it has no report yet.
    pub fn new(drill: Drill, made_in: &Path, error: &anyhow::Error) -> Self {
        // Where it was drilled is nobody's business.
        let halted = format!("{error:#}").replace(&made_in.display().to_string(), "(folder of the report)");
        Self { drill, halted, report: Report::default() }
    }

    /// Says what came of it: in words, or the figures, in which `halted` says why.
    ///
    /// # Errors
    /// What standard output said.
    pub fn print(&self, json: bool) -> io::Result<()> {
        self.report.print(json, |to, page| printed::halted(to, self, page))
    }
}
