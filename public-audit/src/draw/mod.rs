//! The draw: from a sealed pool and a draw seed to who goes when (protocol §5, §6).
//!
//! Deterministic and in whole numbers throughout. Each step is one small file:
//! rank → who and how much (share, funds or lottery) → place → minute. Two take these steps: [`draw`]
//! with all entries in memory, and `long` with as little of it as one likes, for the verifier.

mod drawn;
mod funds;
mod group;
mod long;
mod lottery;
mod minute;
mod place;
mod rank;
mod share;

use crate::digest::Digest;
use crate::pool::Pool;
use crate::rules::{Mode, Rules};

pub use drawn::{Assignment, DrawError, Drawn, Outcome, Row};
pub use funds::{Claim, claims};
pub(crate) use funds::{Claims, due, per_seat};
pub(crate) use group::{Groups, Known, alike};
pub use long::{Long, LongError, long};
pub(crate) use lottery::{Candidate, Stock, lottery, reserve_matches};
pub(crate) use minute::minutes;
pub(crate) use place::{Crowd, Filling, Guest, cohort_of_group, cohorts};
pub use place::{Crowded, crowded, targets};
pub(crate) use rank::Ranked;
pub use share::level;

/// Draws: who is before whom, how much each gets, where, and when.
///
/// # Errors
/// Only when rules and pool do not belong together or the rules are not valid; never by chance.
pub fn draw(rules: &Rules, pool: &Pool, draw_seed: &Digest) -> Result<Drawn, DrawError> {
    let problems = rules.problems();
    if !problems.is_empty() {
        return Err(DrawError::Rules(problems));
    }
    if !pool.fits(rules) {
        return Err(DrawError::Pool);
    }
    let ranked = rank::rank(pool, draw_seed);
    let (mut share_level, mut reserves, mut stock) = (None, Vec::new(), Stock::of(rules));
    let amounts = match rules.mode {
        Mode::Share => {
            let (level, amounts) = share::share(rules, &ranked);
            share_level = Some(level);
            amounts
        }
        Mode::Everyone => funds::everyone(rules, pool, &ranked),
        Mode::Lottery => {
            let candidates = ranked.iter().map(Candidate::from);
            reserves = lottery(rules, &reserve_matches(rules, pool), &mut stock, candidates, |_| true);
            let won = |(entry, reserve): (&Ranked, &Option<u32>)| reserve.map_or(0, |_| entry.want);
            ranked.iter().zip(&reserves).map(won).collect()
        }
    };
    let slots = place::place(rules, pool, &ranked, &amounts);
    let seats = ranked.iter().map(|entry| u64::from(entry.seats));
    let starts = minutes(&rules.slots, seats.zip(slots.iter().copied()));
    let left = stock.places;
    Ok(Drawn { share_level, ranked, amounts, reserves, left, slots, starts })
}
