//! Places: which slot each taken entry goes to (protocol §6, "When").

use crate::pool::{Pool, Row};
use crate::rules::{MAX_SEATS, Match, Rules, Slot};

/// The level targets of slots with these capacities when `seats` are taken: tⱼ = ⌊pⱼ·D/P⌋, and one
/// more for the largest remainders, earlier slot first on ties. Never more than the capacities.
#[must_use]
pub fn targets(capacities: &[u64], seats: u64) -> Vec<u64> {
    let all: u128 = capacities.iter().map(|p| u128::from(*p)).sum();
    let seats = u128::from(seats).min(all);
    let scaled = |p: &u64| u128::from(*p) * seats;
    let floor = |p: &u64| u64::try_from(scaled(p) / all.max(1)).unwrap_or(*p);
    let mut targets: Vec<u64> = capacities.iter().map(floor).collect();
    let missing = seats - targets.iter().map(|t| u128::from(*t)).sum::<u128>();
    let mut by_remainder: Vec<usize> = (0..capacities.len()).collect();
    by_remainder.sort_by_key(|j| std::cmp::Reverse(scaled(&capacities[*j]) % all.max(1)));
    for j in by_remainder.into_iter().take(usize::try_from(missing).unwrap_or_default()) {
        targets[j] += 1;
    }
    targets
}

/// The slot of each entry in rank order, as an index into the rules' slots.
pub(super) fn place(rules: &Rules, pool: &Pool, ranked: &[Row], amounts: &[u64]) -> Vec<Option<u32>> {
    let cohort_of = cohort_of_group(rules, pool);
    let guest = |(entry, amount): (&Row, &u64)| {
        let cohort = cohort_of[entry.group as usize].filter(|_| *amount > 0)?;
        Some(Guest { cohort, seats: entry.seats.into(), wish: entry.wish })
    };
    let rooms = (0..).zip(&rules.slots).map(|(index, slot)| (index, slot, slot.capacity.into()));
    let filling = Filling { cohorts: &rules.cohorts(), parts: &rules.parts, walks: &pool.walks() };
    filling.fill(rooms, ranked.iter().zip(amounts).map(guest))
}

/// Somebody to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guest {
    pub cohort: usize,
    pub seats: u64,
    /// Its number among the pool's wishes.
    pub wish: u32,
}

/// What does not change while slots are filled.
pub(crate) struct Filling<'f> {
    pub cohorts: &'f [&'f Match],
    pub parts: &'f [String],
    /// Day parts in the order in which they are tried, by number of wish.
    pub walks: &'f [Vec<usize>],
}

impl Filling<'_> {
    /// The slot of each guest in rank order, by its index among the rooms: slots and their capacity.
    ///
    /// Walk the ranks; the wish is tried under the targets first and then under the capacities, so
    /// that slots fill evenly and nobody waits while there is room.
    pub fn fill<'s>(
        &self,
        rooms: impl Iterator<Item = (u32, &'s Slot, u64)>,
        guests: impl Iterator<Item = Option<Guest>> + Clone,
    ) -> Vec<Option<u32>> {
        let mut seats = vec![0; self.cohorts.len()];
        for guest in guests.clone().flatten() {
            seats[guest.cohort] += guest.seats;
        }
        let mut slots: Vec<Vec<(u32, &Slot, u64)>> = vec![Vec::new(); self.cohorts.len()];
        for room in rooms {
            if let Some(cohort) = self.cohorts.iter().position(|cohort| **cohort == room.1.cohort) {
                slots[cohort].push(room);
            }
        }
        let cohort = |(slots, seats)| Cohort::new(self.parts, slots, seats);
        let mut cohorts: Vec<Cohort> = slots.into_iter().zip(seats).map(cohort).collect();
        let place = |guest: Option<Guest>| {
            let guest = guest?;
            cohorts[guest.cohort].place(&self.walks[guest.wish as usize], guest.seats)
        };
        guests.map(place).collect()
    }
}

/// The first cohort, in order of appearance, that each combination of values matches.
pub(crate) fn cohort_of_group(rules: &Rules, pool: &Pool) -> Vec<Option<usize>> {
    let cohorts = rules.cohorts();
    pool.by_group(|value_of| cohorts.iter().position(|cohort| cohort.matches(value_of)))
}

/// The slots of one cohort while they fill.
struct Cohort {
    /// By day part, each in time order.
    parts: Vec<Vec<Room>>,
    /// `first[under][part][seats]`: all slots of the part before this one have no room for an
    /// entry of that size. Room only shrinks, so these only grow and the walk is fast.
    first: [Vec<Vec<usize>>; 2],
}

struct Room {
    index: u32,
    /// Seats left under the target and under the capacity.
    room: [u64; 2],
}

impl Cohort {
    fn new(parts: &[String], mut slots: Vec<(u32, &Slot, u64)>, seats: u64) -> Self {
        slots.sort_by_key(|(_, slot, _)| slot.starts_at);
        let capacities: Vec<u64> = slots.iter().map(|(_, _, capacity)| *capacity).collect();
        let targets = targets(&capacities, seats);
        let (names, mut parts) = (parts, parts.iter().map(|_| Vec::new()).collect::<Vec<Vec<Room>>>());
        for ((index, slot, capacity), target) in slots.into_iter().zip(targets) {
            if let Some(part) = names.iter().position(|part| *part == slot.part) {
                parts[part].push(Room { index, room: [target, capacity] });
            }
        }
        let sizes = MAX_SEATS as usize + 1;
        let none = || parts.iter().map(|slots| vec![0; if slots.is_empty() { 0 } else { sizes }]);
        let first = [none().collect(), none().collect()];
        Self { parts, first }
    }

    fn place(&mut self, walk: &[usize], seats: u64) -> Option<u32> {
        for under in [TARGET, CAPACITY] {
            for part in walk {
                if let Some(slot) = self.earliest(under, *part, seats) {
                    slot.room = slot.room.map(|room| room.saturating_sub(seats));
                    return Some(slot.index);
                }
            }
        }
        None
    }

    /// The earliest slot of a part with room for these seats.
    fn earliest(&mut self, under: usize, part: usize, seats: u64) -> Option<&mut Room> {
        let slots = &mut self.parts[part];
        let first = self.first[under][part].get_mut(usize::try_from(seats).ok()?)?;
        while slots.get(*first)?.room[under] < seats {
            *first += 1;
        }
        slots.get_mut(*first)
    }
}

/// Under the level target.
const TARGET: usize = 0;
/// Under the capacity.
const CAPACITY: usize = 1;

/// A cohort whose slots cannot seat everyone who could be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowded {
    /// The cohort, or `None` for entries that match no cohort at all.
    pub cohort: Option<Match>,
    /// Seats of its entries.
    pub seats: u64,
    /// Seats of its slots.
    pub capacity: u64,
}

/// Cohorts for which P ≥ D does not hold; with any of these the round cannot be sealed.
///
/// In modes `share` and `everyone` D is the seats of all entries. In mode `lottery` who is taken is
/// not known before the draw, so D cannot be either and nothing is demanded: there, an entry that
/// is taken and finds its cohort's slots full is waitlisted.
#[must_use]
pub fn crowded(rules: &Rules, pool: &Pool) -> Vec<Crowded> {
    let cohorts = rules.cohorts();
    let cohort_of = cohort_of_group(rules, pool);
    let mut seats = vec![0_u64; cohorts.len() + 1];
    for row in pool.rows() {
        seats[cohort_of[row.group as usize].unwrap_or(cohorts.len())] += u64::from(row.seats);
    }
    let mut crowded = Vec::new();
    for (at, seats) in seats.into_iter().enumerate() {
        let cohort = cohorts.get(at).copied();
        let slots = rules.slots.iter().filter(|slot| Some(&slot.cohort) == cohort);
        let capacity = slots.map(|slot| u64::from(slot.capacity)).sum();
        if seats > capacity && rules.mode != crate::rules::Mode::Lottery {
            crowded.push(Crowded { cohort: cohort.cloned(), seats, capacity });
        }
    }
    crowded
}
