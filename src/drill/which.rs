//! Which drill it was: the head of every report, whether the round held, did not, or came to a halt.

use chrono::{DateTime, Utc};
use public_audit::Digest;
use serde::Serialize;

use super::Options;
use crate::{clock, domain::draft::Draft};

/// What was drilled, by which jebi, with which chance, and how large.
#[derive(Clone, Debug, Serialize)]
pub struct Drill {
    /// `jebi-drill/1`, of which docs/drills.md says what each field is.
    pub format: &'static str,
    /// Which jebi drilled.
    pub version: &'static str,
    /// Which scenario, or the name of the draft's file.
    pub scenario: String,
    /// The digest of rules and plan: of what this is the drill.
    pub subject: Digest,
    /// The round's titles, Korean and English.
    pub title: (String, String),
    /// When it came to its end, or to a halt.
    pub made_at: DateTime<Utc>,
    /// Chance of what people did.
    pub seed: u64,
    /// The part of the people over sockets.
    pub scale: f64,
    /// People in process at most.
    pub sample: u32,
    /// Percent of what the seller says that it takes.
    pub capacity: u32,
}

impl Drill {
    /// A drill of this draft that is over by now.
    pub fn new(options: &Options, subject: Digest, draft: &Draft, scale: f64) -> Self {
        Self {
            format: "jebi-drill/1",
            version: env!("CARGO_PKG_VERSION"),
            scenario: options.name(),
            subject,
            title: (draft.title_ko.clone(), draft.title_en.clone()),
            made_at: clock::wall(),
            seed: options.seed,
            scale,
            sample: options.most(),
            capacity: options.capacity,
        }
    }
}
