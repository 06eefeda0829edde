//! An offer: who is out of it, who catches up, and who moves up.

use super::course::{Chosen, Course, Held, State, Taken};
use super::text::{Fact, FactKind, Move, Offer, Outcome};
use crate::draw::{Candidate, Filling, Guest, cohorts, lottery, minutes};
use crate::instant::Instant;
use crate::receipt::Receipt;
use crate::result;
use crate::rules::Mode;

/// Why there is no such offer. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// The rules name no time for it.
    #[error("the rules name no time for offer {0}")]
    Time(usize),
    /// A receipt is not in the pool.
    #[error("{0} is not in the pool")]
    Unknown(Receipt),
    /// Two facts about one receipt.
    #[error("{0} stands twice")]
    Twice(Receipt),
    /// The entry has no place to miss or to give back.
    #[error("{0} has no place")]
    NoPlace(Receipt),
    /// The entry is out of it already.
    #[error("{0} has ended already")]
    Ended(Receipt),
    /// The place is held longer.
    #[error("the place of {0} is held until {1}")]
    Held(Receipt, Instant),
}

impl Course {
    /// The next offer: what follows from these facts.
    ///
    /// # Errors
    /// When the rules name no time for it or a fact cannot be; then nothing has changed.
    pub fn offer(&mut self, facts: &[Fact]) -> Result<Offer, OfferError> {
        let at = self.offer_at()?;
        let facts = self.check(facts, at)?;
        let mut moves = Vec::new();

        // Who gave back or was not entitled is out of it, and so is who missed a second time.
        let mut missed = Vec::new();
        for (rank, kind) in self.by_rank(&facts) {
            let Some(held) = self.end(rank) else { continue };
            let chosen = Chosen { rank, taken: held.taken };
            match kind {
                FactKind::Missed if !held.caught_up => missed.push(chosen),
                _ => {
                    self.give_back(chosen);
                    if kind == FactKind::Missed {
                        moves.push((rank, Outcome::Lapsed));
                    }
                }
            }
        }

        // Who missed for the first time catches up, as far as there is room, with the same amount.
        let places = self.seat(&missed, self.rules.slots.len(), at);
        for (chosen, place) in missed.into_iter().zip(places) {
            let outcome = match place {
                Some((slot, start)) => Outcome::CaughtUp(self.settle(chosen, slot, start, true)),
                None => {
                    self.give_back(chosen);
                    Outcome::Lapsed
                }
            };
            moves.push((chosen.rank, outcome));
        }

        // What is free by now goes to the waitlist in rank order; who finds no room still waits.
        let offered = self.choose(at);
        let places = self.seat(&offered, 0, at);
        for (chosen, place) in offered.into_iter().zip(places) {
            match place {
                Some((slot, start)) => {
                    let place = self.settle(chosen, slot, start, false);
                    moves.push((chosen.rank, Outcome::Assigned(place)));
                }
                None => self.give_back(chosen),
            }
        }

        self.offers += 1;
        let receipt_of = |(rank, outcome): (usize, _)| Move { receipt: self.entry(rank).receipt, outcome };
        let moves = moves.into_iter().map(receipt_of).collect();
        Ok(Offer { number: self.offers as u64, facts, moves })
    }

    /// The time of the next offer, whenever it is made.
    fn offer_at(&self) -> Result<Instant, OfferError> {
        let offers_at = self.rules.after.as_ref().map_or(&[][..], |after| &after.offers_at);
        offers_at.get(self.offers).copied().ok_or(OfferError::Time(self.offers + 1))
    }

    /// The facts sorted by receipt, if all of them can be.
    fn check(&self, facts: &[Fact], at: Instant) -> Result<Vec<Fact>, OfferError> {
        let mut facts = facts.to_vec();
        facts.sort_unstable();
        for (number, fact) in facts.iter().enumerate() {
            let receipt = fact.receipt;
            if facts.get(number + 1).is_some_and(|next| next.receipt == receipt) {
                return Err(OfferError::Twice(receipt));
            }
            let rank = self.find(&receipt).ok_or(OfferError::Unknown(receipt))?;
            match self.states[rank] {
                State::Ended => return Err(OfferError::Ended(receipt)),
                State::Waitlisted if fact.kind != FactKind::Ineligible => {
                    return Err(OfferError::NoPlace(receipt));
                }
                State::Placed(held) if fact.kind == FactKind::Missed && at < held.until => {
                    return Err(OfferError::Held(receipt, held.until));
                }
                State::Waitlisted | State::Placed(_) => {}
            }
        }
        Ok(facts)
    }

    fn by_rank(&self, facts: &[Fact]) -> Vec<(usize, FactKind)> {
        let rank = |fact: &Fact| Some((self.find(&fact.receipt)?, fact.kind));
        let mut ranked: Vec<(usize, FactKind)> = facts.iter().filter_map(rank).collect();
        ranked.sort_unstable();
        ranked
    }

    /// Whom the free money and places reach; they are taken out of the stock.
    fn choose(&mut self, at: Instant) -> Vec<Chosen> {
        let mut room = Room::of(self, at);
        let waits = |(rank, state): (usize, &State)| (*state == State::Waitlisted).then_some(rank);
        let waiting: Vec<usize> = self.states.iter().enumerate().filter_map(waits).collect();
        let mut chosen = Vec::new();
        if self.rules.mode == Mode::Lottery {
            let (pool, by_rank) = (&self.pool, &self.by_rank);
            let entries = waiting.iter().map(|rank| Candidate::from(&pool[by_rank[*rank] as usize]));
            let admits = |entry: Candidate| room.admits(self.cohort_of[entry.group as usize], entry.seats);
            let taken = lottery(&self.rules, &self.reserve_matches, &mut self.stock, entries, admits);
            for (rank, reserve) in waiting.into_iter().zip(taken).filter(|(_, reserve)| reserve.is_some()) {
                let amount = self.entry(rank).want;
                chosen.push(Chosen { rank, taken: Taken { amount, reserve } });
            }
            return chosen;
        }
        for rank in waiting {
            let entry = self.entry(rank);
            let (amount, there) = match self.rules.mode {
                Mode::Share => (entry.want.min(self.level), self.stock.budget),
                _ => (self.due(entry), u64::MAX),
            };
            let reached = amount > 0 && amount <= there;
            if reached && room.admits(self.cohort_of[entry.group as usize], entry.seats.into()) {
                self.stock.budget = self.stock.budget.saturating_sub(amount);
                chosen.push(Chosen { rank, taken: Taken { amount, reserve: None } });
            }
        }
        chosen
    }

    /// Slot and start of each, by rank, among the slots from number `first` on that are open at `at`.
    fn seat(&self, chosen: &[Chosen], first: usize, at: Instant) -> Vec<Option<(u32, Instant)>> {
        let guest = |chosen: &Chosen| {
            let entry = self.entry(chosen.rank);
            let cohort = self.cohort_of[entry.group as usize]?;
            Some(Guest { cohort, seats: entry.seats.into(), wish: entry.wish })
        };
        let (cohort_of_slots, parts, walks) = (&self.cohort_of_slots, &self.rules.parts, &self.walks);
        let filling = Filling { cohort_of_slots, parts, walks };
        let slots = filling.fill(self.open(first, at), chosen.iter().map(guest));
        let seats = chosen.iter().map(|chosen| self.seats(chosen.rank));
        let starts = minutes(&self.slots, seats.zip(slots.iter().copied()));
        slots.into_iter().zip(starts).map(|(slot, start)| slot.zip(start)).collect()
    }

    /// The slots from number `first` on that begin late enough for people to be told, with the room
    /// that is left in each.
    fn open(&self, first: usize, at: Instant) -> impl Iterator<Item = (u32, &crate::rules::Slot, u64)> {
        let lead = self.rules.after.as_ref().map_or(0, |after| after.lead_seconds);
        let earliest = at.plus(lead.into());
        let slots = (0..).zip(&self.slots).zip(&self.used).skip(first);
        slots
            .filter(move |((_, slot), _)| earliest <= slot.starts_at)
            .map(|((index, slot), used)| (index, slot, u64::from(slot.capacity).saturating_sub(*used)))
    }

    /// Has the place, and says it as it is written down.
    fn settle(&mut self, chosen: Chosen, slot: u32, start_at: Instant, caught_up: bool) -> result::Place {
        self.hold(chosen, slot, start_at, caught_up);
        let slot = self.slots[slot as usize].name.clone();
        result::Place { slot, start_at, amount: chosen.taken.amount }
    }

    /// Takes an entry out of its place and out of everything.
    fn end(&mut self, rank: usize) -> Option<Held> {
        match std::mem::replace(&mut self.states[rank], State::Ended) {
            State::Placed(held) => {
                self.leave(rank, &held);
                Some(held)
            }
            State::Waitlisted | State::Ended => None,
        }
    }
}

/// The seats that each cohort can be offered, so that nobody for whom there is no room keeps free
/// what others could have.
struct Room {
    /// In all its open slots together, less those that were offered.
    left: Vec<u64>,
    /// In one of them.
    most: Vec<u64>,
}

impl Room {
    fn of(course: &Course, at: Instant) -> Self {
        let cohorts = cohorts(&course.cohort_of_slots);
        let mut room = Self { left: vec![0; cohorts], most: vec![0; cohorts] };
        for (index, _, free) in course.open(0, at) {
            if let Some(cohort) = course.cohort_of_slots[index as usize] {
                room.left[cohort] += free;
                room.most[cohort] = room.most[cohort].max(free);
            }
        }
        room
    }

    /// Whether there is room for these seats of a cohort, which then are offered.
    fn admits(&mut self, cohort: Option<usize>, seats: u64) -> bool {
        let Some(cohort) = cohort else { return false };
        let admits = seats <= self.most[cohort] && seats <= self.left[cohort];
        if admits {
            self.left[cohort] -= seats;
        }
        admits
    }
}
