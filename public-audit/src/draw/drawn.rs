//! What the draw decides, and what each of its steps found.

use super::Ranked;
use crate::instant::Instant;
use crate::pool;
use crate::receipt::Receipt;
use crate::rules::Problem;

/// Everything the draw decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// L, the level of mode `share` in won.
    pub share_level: Option<u64>,
    /// One per entry, in rank order.
    pub rows: Vec<Row>,
}

/// What the draw decided about one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// 1-based place in the order of lots.
    pub rank: u32,
    /// Index in the pool.
    pub entry: u32,
    /// The entry's receipt.
    pub receipt: Receipt,
    /// The lot that counted.
    pub lot: u64,
    /// Seconds, 0 to 59, that its notices are sent after their planned minute.
    pub jitter: u8,
    /// The place, or none: then it is on the waitlist.
    pub assignment: Option<Assignment>,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Index in [`crate::rules::Rules::slots`].
    pub slot: u32,
    /// The personal start.
    pub start_at: Instant,
    /// Won.
    pub amount: u64,
}

/// The outcome of an entry at the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has a place.
    Assigned,
    /// It waits, by rank, for places that lapse.
    Waitlisted,
}

impl Row {
    /// Whether the entry has a place.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        if self.assignment.is_some() { Outcome::Assigned } else { Outcome::Waitlisted }
    }
}

/// Why nothing was drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// The rules have problems.
    #[error("the rules have {} problems, among them: {}", .0.len(), .0.first().map_or(String::new(), ToString::to_string))]
    Rules(Vec<Problem>),
    /// The pool was read under rules with other fields, parts or goods.
    #[error("the pool was read under other rules")]
    Pool,
}

/// What each step of the draw found, in rank order throughout.
pub(crate) struct Stages {
    pub ranked: Vec<Ranked>,
    /// The entries themselves.
    pub entries: Vec<pool::Row>,
    pub share_level: Option<u64>,
    /// 0 is nothing. An entry with an amount and without a slot is waitlisted for want of room.
    pub amounts: Vec<u64>,
    /// Mode `lottery`: the reserve that took each, and what was left; elsewhere empty.
    pub reserves: Vec<Option<u32>>,
    pub left: Vec<u64>,
    pub slots: Vec<Option<u32>>,
    pub starts: Vec<Option<Instant>>,
}

impl Stages {
    /// What was decided about each entry, in rank order.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        (1..).zip(&self.ranked).enumerate().map(|(at, (rank, ranked))| Row {
            rank,
            entry: ranked.entry,
            receipt: self.entries[at].receipt,
            lot: ranked.lot,
            jitter: ranked.jitter,
            assignment: self.slots[at].zip(self.starts[at]).map(|(slot, start_at)| Assignment {
                slot,
                start_at,
                amount: self.amounts[at],
            }),
        })
    }
}
