//! The minute: starts spread evenly over each slot (protocol §6).

use crate::instant::Instant;
use crate::rules::Slot;

/// The seats of each slot, first counted and then given their starts.
pub(crate) struct Minutes<'s> {
    slots: &'s [Slot],
    seats: Vec<u64>,
    before: Vec<u64>,
}

impl<'s> Minutes<'s> {
    pub fn new(slots: &'s [Slot]) -> Self {
        Self { slots, seats: vec![0; slots.len()], before: vec![0; slots.len()] }
    }

    /// Has an entry with so many seats in this slot.
    pub fn count(&mut self, own: u64, slot: Option<u32>) {
        if let Some(slot) = slot {
            self.seats[slot as usize] += own;
        }
    }

    /// Once all are counted, the start of each in the same order: an entry before which k of the n seats
    /// of its slot were placed starts ⌊length × k / n⌋ seconds into the slot.
    pub fn start(&mut self, own: u64, slot: Option<u32>) -> Option<Instant> {
        let slot = slot? as usize;
        let offset = u64::from(self.slots[slot].seconds) * self.before[slot] / self.seats[slot];
        self.before[slot] += own;
        Some(self.slots[slot].starts_at.plus(offset))
    }
}

/// Each entry's start in rank order, given its seats and its slot.
pub(crate) fn minutes(
    slots: &[Slot],
    placed: impl Iterator<Item = (u64, Option<u32>)> + Clone,
) -> Vec<Option<Instant>> {
    let mut minutes = Minutes::new(slots);
    placed.clone().for_each(|(own, slot)| minutes.count(own, slot));
    placed.map(|(own, slot)| minutes.start(own, slot)).collect()
}
