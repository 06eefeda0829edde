//! What the draw decides, and what each of its steps found.

use super::Ranked;
use crate::instant::Instant;
use crate::receipt::Receipt;
use crate::rules::Problem;

/// Everything the draw decided: what each of its steps found, in rank order.
///
/// Rows are put together as they are asked for: ten million of them would take half a gigabyte more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// L, the level of mode `share` in won.
    pub share_level: Option<u64>,
    pub(crate) ranked: Vec<Ranked>,
    /// 0 is nothing. An entry with an amount and without a slot is waitlisted for want of room.
    pub(crate) amounts: Vec<u64>,
    /// Mode `lottery`: the reserve that took each, and what was left; elsewhere empty.
    pub(crate) reserves: Vec<Option<u32>>,
    pub(crate) left: Vec<u64>,
    pub(crate) slots: Vec<Option<u32>>,
    pub(crate) starts: Vec<Option<Instant>>,
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

impl Drawn {
    /// What was decided about each entry, in rank order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row> + Clone {
        (0..self.ranked.len()).map(|at| self.row_at(at))
    }

    /// What was decided about the entry of a rank; none has rank 0.
    #[must_use]
    pub fn row(&self, rank: u32) -> Option<Row> {
        let at = (rank as usize).checked_sub(1).filter(|at| *at < self.ranked.len())?;
        Some(self.row_at(at))
    }

    /// Ranks are counted from 0 here.
    fn row_at(&self, at: usize) -> Row {
        let (Ranked { lot, entry, receipt, jitter, .. }, amount) = (self.ranked[at], self.amounts[at]);
        let place = self.slots[at].zip(self.starts[at]);
        Row {
            rank: u32::try_from(at + 1).unwrap_or(u32::MAX),
            entry,
            receipt,
            lot,
            jitter,
            assignment: place.map(|(slot, start_at)| Assignment { slot, start_at, amount }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool;

    #[test]
    fn ten_million_entries_are_drawn_in_a_gibibyte() {
        let columns = size_of::<u64>() + 2 * size_of::<Option<u32>>() + size_of::<Option<Instant>>();
        let each = size_of::<pool::Row>() + size_of::<Ranked>() + columns;
        assert!(each * 10_000_000 < 1 << 30, "{each} bytes an entry");
    }
}
