//! `rules.json`: everything that is fixed at announce, in one file (protocol §1, §4, §6).
//!
//! The file's exact bytes are what is hashed, so whoever hashes keeps the bytes; [`Rules`] is what
//! they mean. Parsing is strict: ASCII, no unknown and no doubled key, whole numbers only.

use std::collections::{BTreeMap, BTreeSet};

mod check;
mod matching;
mod optional;
mod types;

pub use check::Problem;
pub(crate) use check::is_value;
pub use matching::Match;
pub use types::{After, Beacon, Format, Fund, Goods, Mode, Reserve, Rules, Slot, Times, Weighting};

/// The largest `rules.json`, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// The largest amount anywhere, in won: below 2⁵³, so that every language counts it exactly.
pub const MAX_WON: u64 = 1_000_000_000_000_000;
/// The largest cap: a hundred seats of it have sixteen digits, as many as a number has.
pub const MAX_CAP: u64 = 99_999_999_999_999;
/// The most seats (people) of one entry.
pub const MAX_SEATS: u32 = 100;
/// The most lots of one entry.
pub const MAX_WEIGHT: u32 = 1000;

/// The fields of a pool line that mean something to the draw itself, in their customary order.
/// All others are cohort and reserve fields.
pub const KNOWN_FIELDS: [&str; 4] = ["seats", "want", "weight", "wish"];

/// Why a file is not a valid `rules.json`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// The bytes are not rules at all.
    #[error("not a rules file: {0}")]
    Form(String),
    /// They are, but say things that cannot be.
    #[error("{}", list(.0))]
    Problems(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Rules {
    /// Reads and checks a `rules.json`.
    ///
    /// # Errors
    /// [`RulesError::Form`] for the first thing that is not the format, or
    /// [`RulesError::Problems`] with everything that is the format and makes no sense.
    pub fn parse(bytes: &[u8]) -> Result<Self, RulesError> {
        let form = |reason: &str| Err(RulesError::Form(reason.to_owned()));
        if bytes.len() > MAX_BYTES {
            return form("larger than 4 MiB");
        }
        if !bytes.is_ascii() {
            return form("a character that is not ASCII");
        }
        let rules: Self =
            serde_json::from_slice(bytes).map_err(|error| RulesError::Form(error.to_string()))?;
        // Two things serde lets pass: a list where an object belongs, and an optional key left out.
        // Whoever writes another reader would not; so what was read must say the same again.
        let same = serde_json::from_slice::<serde_json::Value>(bytes).ok();
        if same.is_none() || same != serde_json::to_value(&rules).ok() {
            return form("a list in place of an object, or a key left out");
        }
        let problems = rules.problems();
        if problems.is_empty() { Ok(rules) } else { Err(RulesError::Problems(problems)) }
    }

    /// The file as it is announced: indented by two, with a final LF.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// The fields of a pool line which are not [`KNOWN_FIELDS`], in the order of the line.
    pub fn other_fields(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(String::as_str).filter(|field| !KNOWN_FIELDS.contains(field))
    }

    /// Whether pool lines state this field.
    #[must_use]
    pub fn lists(&self, field: &str) -> bool {
        self.fields.iter().any(|listed| listed == field)
    }

    /// The cohorts: one per different `cohort` map of the slots, in order of appearance. An entry
    /// belongs to the first that it matches.
    #[must_use]
    pub fn cohorts(&self) -> Vec<&Match> {
        let mut seen = BTreeSet::new();
        self.slots.iter().map(|slot| &slot.cohort).filter(|cohort| seen.insert(*cohort)).collect()
    }

    /// For each of `slots`, and then of `catch_up`, the number of its cohort among [`Rules::cohorts`].
    pub(crate) fn cohort_of_slots(&self) -> Vec<Option<usize>> {
        let numbers: BTreeMap<&Match, usize> = self.cohorts().into_iter().zip(0..).collect();
        let catch_up = self.after.iter().flat_map(|after| &after.catch_up);
        self.slots.iter().chain(catch_up).map(|slot| numbers.get(&slot.cohort).copied()).collect()
    }
}
