//! Places: which slot each taken entry goes to (protocol §6, "When").

use super::Ranked;
use super::group::Groups;
use crate::pool::Pool;
use crate::rules::{MAX_SEATS, Match, Mode, Rules, Slot};

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
pub(super) fn place(rules: &Rules, pool: &Pool, ranked: &[Ranked], amounts: &[u64]) -> Vec<Option<u32>> {
    let cohort_of = cohort_of_group(rules, pool);
    let guest = |(entry, amount): (&Ranked, &u64)| {
        let cohort = cohort_of[entry.group as usize].filter(|_| *amount > 0)?;
        Some(Guest { cohort, seats: entry.seats.into(), wish: entry.wish })
    };
    let (cohort_of_slots, walks) = (rules.cohort_of_slots(), pool.walks());
    let filling = Filling { cohort_of_slots: &cohort_of_slots, parts: &rules.parts, walks: &walks };
    filling.fill(rooms(rules), ranked.iter().zip(amounts).map(guest))
}

/// All slots, empty: each by its index and with its capacity.
pub(super) fn rooms(rules: &Rules) -> impl Iterator<Item = (u32, &Slot, u64)> {
    (0..).zip(&rules.slots).map(|(index, slot)| (index, slot, slot.capacity.into()))
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
    /// As [`Rules::cohort_of_slots`] has them, by index among the rooms.
    pub cohort_of_slots: &'f [Option<usize>],
    pub parts: &'f [String],
    /// Day parts in the order in which they are tried, by number of wish.
    pub walks: &'f [Vec<usize>],
}

impl Filling<'_> {
    /// The slot of each guest in rank order, by its index among the rooms: slots and their capacity.
    pub fn fill<'s>(
        &self,
        rooms: impl Iterator<Item = (u32, &'s Slot, u64)>,
        guests: impl Iterator<Item = Option<Guest>> + Clone,
    ) -> Vec<Option<u32>> {
        let mut seats = vec![0; cohorts(self.cohort_of_slots)];
        for guest in guests.clone().flatten() {
            seats[guest.cohort] += guest.seats;
        }
        let mut seating = Seating::new(self.cohort_of_slots, self.parts, rooms, seats);
        let place = |guest: Option<Guest>| {
            let guest = guest?;
            seating.place(guest.cohort, &self.walks[guest.wish as usize], guest.seats)
        };
        guests.map(place).collect()
    }
}

/// How many cohorts there are, none of which is without a slot.
pub(crate) fn cohorts(cohort_of_slots: &[Option<usize>]) -> usize {
    cohort_of_slots.iter().flatten().max().map_or(0, |last| last + 1)
}

/// Slots while they fill, those of each cohort by themselves. Of cohorts from which nobody comes there are none:
/// rules may name thousands.
pub(super) struct Seating(Vec<Option<Cohort>>);

impl Seating {
    /// Over these rooms, when so many seats of each cohort are to be placed.
    pub fn new<'s>(
        cohort_of_slots: &[Option<usize>],
        parts: &[String],
        rooms: impl Iterator<Item = (u32, &'s Slot, u64)>,
        seats: Vec<u64>,
    ) -> Self {
        let mut slots: Vec<Vec<(u32, &Slot, u64)>> = vec![Vec::new(); seats.len()];
        for room in rooms {
            let cohort = cohort_of_slots.get(room.0 as usize).copied().flatten();
            if let Some(cohort) = cohort.filter(|cohort| seats[*cohort] > 0) {
                slots[cohort].push(room);
            }
        }
        let fresh = |(slots, seats)| (seats > 0).then(|| Cohort::new(parts, slots, seats));
        Self(slots.into_iter().zip(seats).map(fresh).collect())
    }

    /// The slot of the next by rank: its walk is tried under the targets first and then under the
    /// capacities, so that slots fill evenly and nobody waits while there is room.
    pub fn place(&mut self, cohort: usize, walk: &[usize], seats: u64) -> Option<u32> {
        self.0[cohort].as_mut()?.place(walk, seats)
    }
}

/// The first cohort, in order of appearance, that each combination of values matches.
pub(crate) fn cohort_of_group(rules: &Rules, pool: &Pool) -> Vec<Option<usize>> {
    let groups = Groups::new(rules);
    pool.by_group(|value_of| groups.cohort(value_of))
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
    let cohort_of = cohort_of_group(rules, pool);
    let mut crowd = Crowd::new(rules);
    pool.rows().iter().for_each(|row| crowd.add(cohort_of[row.group as usize], row.seats.into()));
    crowd.crowded()
}

/// The same, entry after entry.
pub(crate) struct Crowd<'r> {
    rules: &'r Rules,
    cohorts: Vec<&'r Match>,
    /// By cohort, and last of those that match none.
    seats: Vec<u64>,
}

impl<'r> Crowd<'r> {
    pub fn new(rules: &'r Rules) -> Self {
        let cohorts = rules.cohorts();
        Self { rules, seats: vec![0; cohorts.len() + 1], cohorts }
    }

    pub fn add(&mut self, cohort: Option<usize>, seats: u64) {
        self.seats[cohort.unwrap_or(self.cohorts.len())] += seats;
    }

    pub fn crowded(self) -> Vec<Crowded> {
        if self.rules.mode == Mode::Lottery {
            return Vec::new();
        }
        let mut capacities = vec![0; self.seats.len()];
        for (slot, cohort) in self.rules.slots.iter().zip(self.rules.cohort_of_slots()) {
            capacities[cohort.unwrap_or(self.cohorts.len())] += u64::from(slot.capacity);
        }
        let mut crowded = Vec::new();
        for (at, (seats, capacity)) in self.seats.into_iter().zip(capacities).enumerate() {
            let cohort = self.cohorts.get(at).copied();
            if seats > capacity {
                crowded.push(Crowded { cohort: cohort.cloned(), seats, capacity });
            }
        }
        crowded
    }
}
