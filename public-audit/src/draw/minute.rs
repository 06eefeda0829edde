//! The minute: starts spread evenly over each slot (protocol §6).

use crate::instant::Instant;
use crate::rules::Slot;

/// Each entry's start in rank order, given its seats and its slot.
///
/// An entry before which k of the n seats of its slot were placed starts ⌊length × k / n⌋ seconds
/// into the slot.
pub(crate) fn minutes(
    slots: &[Slot],
    placed: impl Iterator<Item = (u64, Option<u32>)> + Clone,
) -> Vec<Option<Instant>> {
    let mut seats = vec![0; slots.len()];
    for (own, slot) in placed.clone() {
        if let Some(slot) = slot {
            seats[slot as usize] += own;
        }
    }
    let mut before = vec![0; slots.len()];
    let start = |(own, slot): (u64, Option<u32>)| {
        let slot = slot? as usize;
        let offset = u64::from(slots[slot].seconds) * before[slot] / seats[slot];
        before[slot] += own;
        Some(slots[slot].starts_at.plus(offset))
    };
    placed.map(start).collect()
}
