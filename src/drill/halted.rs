//! A drill that came to a halt in the middle of its round: the worst that can come of one, so it is reported like any other.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use public_audit::Digest;
use serde::Serialize;

use super::{Options, report};
use crate::clock;

/// What was drilled, and why it went no further. The round did not hold.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[error("the drill came to a halt: {halted}")]
pub struct Halted {
    /// `jebi-drill/1`.
    pub format: &'static str,
    /// Which jebi drilled.
    pub version: &'static str,
    /// Which scenario, or the name of the draft's file.
    pub scenario: String,
    /// The digest of rules and plan: of what this was the drill.
    pub subject: Digest,
    /// The round's titles, Korean and English.
    pub title: (String, String),
    /// When it came to a halt.
    pub made_at: DateTime<Utc>,
    /// Chance of what people did.
    pub seed: u64,
    /// The part of the people over sockets.
    pub scale: f64,
    /// People in process at most.
    pub sample: u32,
    /// Percent of what the seller says that it takes.
    pub capacity: u32,
    /// Why, in English.
    pub halted: String,
    /// Where it was drilled, and its report is.
    #[serde(skip)]
    pub dir: PathBuf,
    /// Figures, page and signed note.
    #[serde(skip)]
    pub files: [String; 3],
}

/// What of a drill was settled before it began.
pub struct Begun<'a> {
    /// How it was asked for.
    pub options: &'a Options,
    /// The digest of rules and plan.
    pub subject: Digest,
    /// The round's titles.
    pub title: (String, String),
    /// The part of the people over sockets.
    pub scale: f64,
    /// Its folder.
    pub dir: &'a Path,
}

impl Halted {
    /// A drill that met this; its report is not written yet.
    pub fn new(begun: Begun<'_>, error: &anyhow::Error) -> Self {
        let Begun { options, subject, title, scale, dir } = begun;
        Self {
            format: "jebi-drill/1",
            version: env!("CARGO_PKG_VERSION"),
            scenario: options.name(),
            subject,
            title,
            made_at: clock::wall(),
            seed: options.seed,
            scale,
            sample: options.most(),
            capacity: options.capacity,
            // Where it was drilled is nobody's business.
            halted: format!("{error:#}").replace(&dir.display().to_string(), "(folder of the report)"),
            dir: dir.to_owned(),
            files: Default::default(),
        }
    }

    /// Says what came of it: in words, or the figures, in which `halted` says why.
    pub fn print(&self, json: bool) {
        let [figures, ..] = &self.files;
        match json {
            true => print!("{figures}"),
            false => report::print_halted(self, &self.dir.join(report::PAGE)),
        }
    }
}
