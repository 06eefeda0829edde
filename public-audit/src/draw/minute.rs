//! The minute: starts spread evenly over each slot (protocol §6).

use crate::instant::Instant;
use crate::pool::Row;
use crate::rules::Rules;

/// Each entry's start in rank order.
///
/// An entry before which k of the n seats of its slot were placed starts ⌊length × k / n⌋ seconds
/// into the slot.
pub(super) fn minutes(rules: &Rules, ranked: &[Row], slots: &[Option<u32>]) -> Vec<Option<Instant>> {
    let mut seats = vec![0; rules.slots.len()];
    for (entry, slot) in ranked.iter().zip(slots) {
        if let Some(slot) = slot {
            seats[*slot as usize] += u64::from(entry.seats);
        }
    }
    let mut before = vec![0; rules.slots.len()];
    let start = |(entry, slot): (&Row, &Option<u32>)| {
        let slot = (*slot)? as usize;
        let offset = u64::from(rules.slots[slot].seconds) * before[slot] / seats[slot];
        before[slot] += u64::from(entry.seats);
        Some(rules.slots[slot].starts_at.plus(offset))
    };
    ranked.iter().zip(slots).map(start).collect()
}
