//! Where everybody is after the draw.

use std::sync::Arc;

use crate::digest::Digest;
use crate::draw::{self, DrawError, Drawn, Stock, cohort_of_group, per_seat, reserve_matches};
use crate::instant::Instant;
use crate::pool::{Pool, Row};
use crate::receipt::Receipt;
use crate::rules::{Mode, Rules, Slot};

/// Where an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'c> {
    /// On the waitlist, by its rank.
    Waitlisted,
    /// It has a place.
    Placed {
        /// The slot's name.
        slot: &'c str,
        /// The personal start, with all shifts so far.
        start: Instant,
        /// The end of the hold: until then the place cannot be missed.
        until: Instant,
        /// Won.
        amount: u64,
        /// Whether this is its second and last time.
        caught_up: bool,
    },
    /// It lapsed, gave back or was not entitled; it never comes back.
    Ended,
}

/// A round's course after the draw, event after event; nothing here asks for the time.
///
/// Ranks are counted from 0.
#[derive(Clone, Debug)]
pub struct Course {
    pub(super) rules: Rules,
    /// `slots` and then `catch_up` of the rules, with all shifts so far.
    pub(super) slots: Vec<Slot>,
    /// Seats of those who have a place, for each slot.
    pub(super) used: Vec<u64>,
    /// In the order of the pool, which has the same: by receipt.
    pub(super) pool: Arc<Vec<Row>>,
    /// By rank, the entry in the pool; and the other way round.
    pub(super) by_rank: Vec<u32>,
    rank_of: Vec<u32>,
    /// By rank.
    pub(super) states: Vec<State>,
    /// By number of group: the cohort, what funds pay for a seat, and which reserves are for it.
    pub(super) cohort_of: Vec<Option<usize>>,
    /// By number of slot.
    pub(super) cohort_of_slots: Vec<Option<usize>>,
    per_seat: Vec<u64>,
    pub(super) reserve_matches: Vec<Vec<bool>>,
    /// By number of wish.
    pub(super) walks: Vec<Vec<usize>>,
    /// Mode `share`: max(L, unit).
    pub(super) level: u64,
    /// Won and places which nobody has.
    pub(super) stock: Stock,
    /// So far.
    pub(super) offers: usize,
}

/// Where an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waitlisted,
    Placed(Held),
    Ended,
}

/// An entry, and what was taken out of the stock for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub rank: usize,
    pub taken: Taken,
}

/// What was taken out of the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub amount: u64,
    /// Mode `lottery`: the reserve that took it.
    pub reserve: Option<u32>,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub taken: Taken,
    /// Index in [`Course::slots`].
    pub slot: u32,
    pub start: Instant,
    pub until: Instant,
    pub caught_up: bool,
}

impl Course {
    /// As the draw left it.
    ///
    /// # Errors
    /// As [`draw::draw`].
    pub fn new(rules: &Rules, pool: &Pool, draw_seed: &Digest) -> Result<Self, DrawError> {
        let Drawn { share_level, ranked, amounts, reserves, left, slots, starts, .. } =
            draw::draw(rules, pool, draw_seed)?;
        let by_rank: Vec<u32> = ranked.iter().map(|ranked| ranked.entry).collect();
        // The largest of all lists, and nothing below asks for more of it.
        drop(ranked);
        let catch_up = rules.after.iter().flat_map(|after| &after.catch_up);
        let all: Vec<Slot> = rules.slots.iter().chain(catch_up).cloned().collect();
        let mut rank_of = vec![0; by_rank.len()];
        (0..).zip(&by_rank).for_each(|(rank, entry)| rank_of[*entry as usize] = rank);
        let budget = match rules.mode {
            Mode::Everyone => 0,
            _ => rules.goods.budget.saturating_sub(amounts.iter().sum()),
        };
        let mut course = Self {
            used: vec![0; all.len()],
            slots: all,
            states: vec![State::Waitlisted; by_rank.len()],
            pool: pool.shared_rows(),
            by_rank,
            rank_of,
            cohort_of: cohort_of_group(rules, pool),
            cohort_of_slots: rules.cohort_of_slots(),
            per_seat: per_seat(rules, pool),
            reserve_matches: reserve_matches(rules, pool),
            walks: pool.walks(),
            level: share_level.unwrap_or_default().max(rules.goods.unit),
            stock: Stock { places: left, budget },
            offers: 0,
            rules: rules.clone(),
        };
        for (rank, amount) in amounts.into_iter().enumerate() {
            let taken = Taken { amount, reserve: reserves.get(rank).copied().flatten() };
            let chosen = Chosen { rank, taken };
            match slots[rank].zip(starts[rank]) {
                Some((slot, start)) => course.hold(chosen, slot, start, false),
                None => course.give_back(chosen),
            }
        }
        Ok(course)
    }

    /// Time as if it had stood still at `from` for so many seconds: what starts then or later starts
    /// later, and who could come then is waited for.
    pub fn shift(&mut self, from: Instant, seconds: u64) {
        for slot in self.slots.iter_mut().filter(|slot| from <= slot.starts_at) {
            slot.starts_at = slot.starts_at.plus(seconds);
        }
        for state in &mut self.states {
            let State::Placed(held) = state else { continue };
            if from < held.until || from <= held.start {
                held.until = held.until.plus(seconds);
            }
            if from <= held.start {
                held.start = held.start.plus(seconds);
            }
        }
    }

    /// Holds for so many seconds longer the place of everybody who could come at some time from `from` to `until`:
    /// who starts then or earlier and whose hold was not over. Nobody starts at another time.
    pub fn extend(&mut self, from: Instant, until: Instant, seconds: u64) {
        for state in &mut self.states {
            let State::Placed(held) = state else { continue };
            if held.start <= until && from < held.until {
                held.until = held.until.plus(seconds);
            }
        }
    }

    /// Where an entry is; `None` if it is not in the pool.
    #[must_use]
    pub fn place(&self, receipt: &Receipt) -> Option<Place<'_>> {
        self.find(receipt).map(|rank| self.place_at(rank))
    }

    /// Where everybody is, in rank order.
    pub fn places(&self) -> impl ExactSizeIterator<Item = (Receipt, Place<'_>)> {
        (0..self.by_rank.len()).map(|rank| (self.entry(rank).receipt, self.place_at(rank)))
    }

    /// Won that nobody has. In mode `everyone` there is no budget: what entries were due that have
    /// no place.
    #[must_use]
    pub const fn free(&self) -> u64 {
        self.stock.budget
    }

    /// Places that nobody has, in each reserve; none but in mode `lottery`.
    #[must_use]
    pub fn free_places(&self) -> &[u64] {
        &self.stock.places
    }

    /// Offers so far.
    #[must_use]
    pub const fn offers(&self) -> usize {
        self.offers
    }

    pub(super) fn find(&self, receipt: &Receipt) -> Option<usize> {
        let entry = self.pool.binary_search_by_key(receipt, |entry| entry.receipt).ok()?;
        Some(self.rank_of[entry] as usize)
    }

    pub(super) fn entry(&self, rank: usize) -> &Row {
        &self.pool[self.by_rank[rank] as usize]
    }

    fn place_at(&self, rank: usize) -> Place<'_> {
        match &self.states[rank] {
            State::Waitlisted => Place::Waitlisted,
            State::Ended => Place::Ended,
            State::Placed(held) => Place::Placed {
                slot: &self.slots[held.slot as usize].name,
                start: held.start,
                until: held.until,
                amount: held.taken.amount,
                caught_up: held.caught_up,
            },
        }
    }

    pub(super) fn seats(&self, rank: usize) -> u64 {
        self.entry(rank).seats.into()
    }

    /// What an entry gets where everybody gets something.
    pub(super) fn due(&self, entry: &Row) -> u64 {
        draw::due(&self.rules, entry.want, entry.seats.into(), self.per_seat[entry.group as usize])
    }

    /// Has a place held from its start until the grace is over.
    pub(super) fn hold(&mut self, chosen: Chosen, slot: u32, start: Instant, caught_up: bool) {
        self.used[slot as usize] += self.seats(chosen.rank);
        let until = start.plus(self.rules.grace_seconds.into());
        let taken = chosen.taken;
        self.states[chosen.rank] = State::Placed(Held { taken, slot, start, until, caught_up });
    }

    /// Empties the place of an entry; its amount is still spoken for.
    pub(super) fn leave(&mut self, rank: usize, held: &Held) {
        self.used[held.slot as usize] -= self.seats(rank);
    }

    /// Frees the amount, and in mode `lottery` the places of the reserve that took it.
    pub(super) fn give_back(&mut self, chosen: Chosen) {
        let seats = self.seats(chosen.rank);
        let Taken { amount, reserve } = chosen.taken;
        self.stock.budget = self.stock.budget.saturating_add(amount);
        if let Some(places) = reserve.and_then(|reserve| self.stock.places.get_mut(reserve as usize)) {
            *places = places.saturating_add(seats);
        }
    }
}
