//! The draw: from a sealed pool and a draw seed to who goes when (protocol §5, §6).
//!
//! Deterministic and in whole numbers throughout. Each step is one small file:
//! rank → who and how much (share, funds or lottery) → place → minute. Two take these steps: [`draw`]
//! with all entries in memory, and `long` with as little of it as one likes, for the verifier.

mod funds;
mod group;
mod long;
mod lottery;
mod minute;
mod place;
mod rank;
mod share;

use crate::digest::Digest;
use crate::instant::Instant;
use crate::pool::{self, Pool};
use crate::receipt::Receipt;
use crate::rules::{Mode, Problem, Rules};

pub use funds::{Claim, claims};
pub(crate) use funds::{Claims, due, per_seat};
pub(crate) use group::{Groups, Known, alike};
pub use long::{Long, LongError, long};
pub(crate) use lottery::{Stock, lottery, reserve_matches};
pub(crate) use minute::minutes;
pub(crate) use place::{Crowd, Filling, Guest, cohort_of_group, cohorts};
pub use place::{Crowded, crowded, targets};
pub(crate) use rank::Ranked;
pub use share::level;

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
    /// Index in [`Rules::slots`].
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

/// Draws.
///
/// # Errors
/// Only when rules and pool do not belong together or the rules are not valid; never by chance.
pub fn draw(rules: &Rules, pool: &Pool, draw_seed: &Digest) -> Result<Drawn, DrawError> {
    let stages = stages(rules, pool, draw_seed)?;
    Ok(Drawn { share_level: stages.share_level, rows: stages.rows().collect() })
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

/// The draw itself: who is before whom, how much each gets, where, and when.
pub(crate) fn stages(rules: &Rules, pool: &Pool, draw_seed: &Digest) -> Result<Stages, DrawError> {
    let problems = rules.problems();
    if !problems.is_empty() {
        return Err(DrawError::Rules(problems));
    }
    if !pool.fits(rules) {
        return Err(DrawError::Pool);
    }
    let ranked = rank::rank(pool, draw_seed);
    let entries: Vec<pool::Row> = ranked.iter().map(|r| pool.rows()[r.entry as usize]).collect();
    let (mut share_level, mut reserves, mut stock) = (None, Vec::new(), Stock::of(rules));
    let amounts = match rules.mode {
        Mode::Share => {
            let (level, amounts) = share::share(rules, &entries);
            share_level = Some(level);
            amounts
        }
        Mode::Everyone => funds::everyone(rules, pool, &entries),
        Mode::Lottery => {
            reserves = lottery(rules, &reserve_matches(rules, pool), &mut stock, entries.iter(), |_| true);
            let won = |(entry, reserve): (&pool::Row, &Option<u32>)| reserve.map_or(0, |_| entry.want);
            entries.iter().zip(&reserves).map(won).collect()
        }
    };
    let slots = place::place(rules, pool, &entries, &amounts);
    let seats = entries.iter().map(|entry| u64::from(entry.seats));
    let starts = minutes(&rules.slots, seats.zip(slots.iter().copied()));
    let left = stock.places;
    Ok(Stages { ranked, entries, share_level, amounts, reserves, left, slots, starts })
}
