//! The minute: starts spread evenly over each slot (protocol §6).

use super::Ranked;
use crate::instant::Instant;
use crate::pool::Pool;
use crate::rules::Rules;

/// Each entry's start in rank order.
///
/// An entry before which k of the n seats of its slot were placed starts ⌊length × k / n⌋ seconds
/// into the slot.
pub(super) fn minutes(
    rules: &Rules,
    pool: &Pool,
    ranked: &[Ranked],
    slots: &[Option<u32>],
) -> Vec<Option<Instant>> {
    let seats_of = |ranked: &Ranked| u64::from(pool.rows()[ranked.index()].seats);
    let mut seats = vec![0; rules.slots.len()];
    for (ranked, slot) in ranked.iter().zip(slots) {
        if let Some(slot) = slot {
            seats[*slot as usize] += seats_of(ranked);
        }
    }
    let mut before = vec![0; rules.slots.len()];
    let start = |(ranked, slot): (&Ranked, &Option<u32>)| {
        let slot = (*slot)? as usize;
        let offset = u64::from(rules.slots[slot].seconds) * before[slot] / seats[slot];
        before[slot] += seats_of(ranked);
        Some(rules.slots[slot].starts_at.plus(offset))
    };
    ranked.iter().zip(slots).map(start).collect()
}
