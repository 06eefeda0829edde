//! The draw of a pool that does not fit into memory: entries lie on tapes, and every walk over the ranks
//! reads them once more. Each step is the one that [`draw`](super::draw) takes.

use std::io::{self, BufRead, Read};

use super::group::{Groups, Known};
use super::lottery::Stock;
use super::minute::Minutes;
use super::place::{Seating, cohorts, rooms};
use super::share::{Shares, level_where};
use super::{Assignment, DrawError, Row, due};
use crate::digest::Digest;
use crate::entry::LineForm;
use crate::lot::Urn;
use crate::pool::PoolError;
use crate::pool::lines::{self, Strict};
use crate::receipt::Receipt;
use crate::rules::{Mode, Rules};
use crate::scratch::{Desk, Item, Sorter, Spool, array};

/// What was decided about all entries together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long {
    /// L, the level of mode `share` in won.
    pub share_level: Option<u64>,
    /// Entries with a place.
    pub assigned: u64,
    /// All others.
    pub waitlisted: u64,
}

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
pub enum LongError {
    /// The rules are not valid.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The pool is not as the rules say.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// A tape failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Draws from the lines of `pool.txt`, and shows what [`draw`](super::draw) would have said of each entry,
/// in rank order. Memory is that of the desk, whatever the number of entries.
///
/// # Errors
/// As [`draw`](super::draw); when the pool cannot be read or is not one; and the first that `each` gives.
pub fn long<E: From<LongError>>(
    rules: &Rules,
    pool: impl BufRead,
    draw_seed: &Digest,
    desk: Desk<'_>,
    each: impl FnMut(&Row) -> Result<(), E>,
) -> Result<Long, E> {
    let problems = rules.problems();
    if !problems.is_empty() {
        return Err(LongError::from(DrawError::Rules(problems)).into());
    }
    match rules.reserves.len() {
        0 => Ranks::<0>::read(rules, pool, draw_seed, desk)?.place(each),
        1..=64 => Ranks::<1>::read(rules, pool, draw_seed, desk)?.place(each),
        _ => Ranks::<16>::read(rules, pool, draw_seed, desk)?.place(each),
    }
}

/// No cohort, or no slot.
const NONE: u32 = u32::MAX;

/// An entry that has drawn, with all that the rules ask about it. In the order of lots; the number in the
/// pool stands for the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Drawn<const W: usize> {
    lot: u64,
    entry: u32,
    receipt: Receipt,
    jitter: u8,
    seats: u8,
    cohort: u32,
    /// Or, in mode `everyone`, what it is due.
    want: u64,
    /// Day parts in the order in which they are tried, four bits each.
    walk: u64,
    /// A bit for each reserve that is for it.
    reserves: [u64; W],
}

impl<const W: usize> Item for Drawn<W> {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.lot.to_le_bytes());
        to.extend_from_slice(&self.entry.to_le_bytes());
        to.extend_from_slice(self.receipt.as_bytes());
        to.extend_from_slice(&[self.jitter, self.seats]);
        to.extend_from_slice(&self.cohort.to_le_bytes());
        to.extend_from_slice(&self.want.to_le_bytes());
        to.extend_from_slice(&self.walk.to_le_bytes());
        self.reserves.iter().for_each(|bits| to.extend_from_slice(&bits.to_le_bytes()));
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        let (lot, entry) = (u64::from_le_bytes(array(from)?), u32::from_le_bytes(array(from)?));
        let (receipt, [jitter, seats]) = (Receipt::from_bytes(array(from)?), array(from)?);
        let (cohort, want) = (u32::from_le_bytes(array(from)?), u64::from_le_bytes(array(from)?));
        let (walk, mut reserves) = (u64::from_le_bytes(array(from)?), [0; W]);
        for bits in &mut reserves {
            *bits = u64::from_le_bytes(array(from)?);
        }
        Ok(Self { lot, entry, receipt, jitter, seats, cohort, want, walk, reserves })
    }
}

/// All entries in rank order, and who gets how much.
struct Ranks<'d, const W: usize> {
    rules: &'d Rules,
    desk: Desk<'d>,
    drawn: Spool<'d, Drawn<W>>,
    share_level: Option<u64>,
    /// Mode `share`: as it is before the first.
    shares: Option<Shares>,
    /// Mode `lottery`: the number of the reserve that took each, from 1; or 0.
    taken: Option<Spool<'d, u16>>,
}

impl<'d, const W: usize> Ranks<'d, W> {
    fn read(
        rules: &'d Rules,
        pool: impl BufRead,
        draw_seed: &Digest,
        desk: Desk<'d>,
    ) -> Result<Self, LongError> {
        let (urn, form, groups) = (Urn::new(draw_seed), LineForm::new(rules), Groups::new(rules));
        let (mut known, mut walks) = (Known::default(), Known::default());
        let (mut sorter, mut entry, mut largest) = (Sorter::new(desk), 0, 0);
        lines::read::<LongError>(&mut Strict::new(rules), pool, |line| {
            let (parts, others) = (&line.parts, line.others);
            let (cohort, per_seat, reserves) = known.get(others, || {
                let value_of = form.value_of(others);
                let cohort = groups.cohort(&value_of).and_then(|cohort| u32::try_from(cohort).ok());
                (cohort.unwrap_or(NONE), groups.per_seat(&value_of), bits(&groups.reserves(&value_of)))
            });
            let (lot, jitter) = urn.lot_and_jitter(&parts.receipt, parts.weight);
            let want = match rules.mode {
                Mode::Everyone => due(rules, parts.want, parts.seats.into(), per_seat),
                _ => parts.want,
            };
            largest = largest.max(want);
            let seats = u8::try_from(parts.seats).unwrap_or(u8::MAX);
            let walk = walks.get(parts.wish, || pack(&form.walk(parts.wish)));
            sorter.push(Drawn {
                lot,
                entry,
                receipt: parts.receipt,
                jitter,
                seats,
                cohort,
                want,
                walk,
                reserves,
            })?;
            entry += 1;
            Ok(())
        })?;
        let drawn = sorter.sorted()?.spool()?;
        let mut ranks = Self { rules, desk, drawn, share_level: None, shares: None, taken: None };
        match rules.mode {
            Mode::Share => ranks.share(largest)?,
            Mode::Lottery => ranks.taken = Some(ranks.lottery()?),
            Mode::Everyone => {}
        }
        Ok(ranks)
    }

    fn share(&mut self, largest: u64) -> io::Result<()> {
        let goods = self.rules.goods;
        let handed_out = |level: u64| {
            let mut sum = 0;
            for entry in self.drawn.iter() {
                sum += u128::from(entry?.want.min(level));
            }
            Ok::<u128, io::Error>(sum)
        };
        let level = level_where(largest, goods.unit, goods.budget, handed_out)?;
        self.shares = Some(Shares::new(goods, level, handed_out(level)?));
        self.share_level = Some(level);
        Ok(())
    }

    fn lottery(&self) -> io::Result<Spool<'d, u16>> {
        let (mut stock, mut taken) = (Stock::of(self.rules), None::<Spool<'d, u16>>);
        for (at, number) in (0..self.rules.reserves.len()).zip(1..) {
            let mut now = Spool::new(self.desk);
            let mut before = taken.as_ref().map(Spool::iter);
            for entry in self.drawn.iter() {
                let entry = entry?;
                let mut by = before.as_mut().map_or(Ok(0), of_the_same)?;
                let wanted = by == 0 && (entry.reserves[at / 64] >> (at % 64)) & 1 == 1;
                if wanted && stock.takes(at, entry.seats.into(), entry.want, || true) {
                    by = number;
                }
                now.push(by)?;
            }
            drop(before);
            taken = Some(now);
            stock.spill(self.rules, at);
        }
        Ok(taken.unwrap_or_else(|| Spool::new(self.desk)))
    }

    /// Each entry with its amount, in rank order.
    fn amounts(&self) -> impl Iterator<Item = io::Result<(Drawn<W>, u64)>> {
        let (mut shares, mut taken) = (self.shares, self.taken.as_ref().map(Spool::iter));
        self.drawn.iter().map(move |entry| {
            let entry = entry?;
            let amount = match (&mut shares, &mut taken) {
                (Some(shares), _) => shares.next(entry.want),
                (None, Some(taken)) => {
                    if of_the_same(taken)? == 0 {
                        0
                    } else {
                        entry.want
                    }
                }
                (None, None) => entry.want,
            };
            Ok((entry, amount))
        })
    }

    fn place<E: From<LongError>>(&self, mut each: impl FnMut(&Row) -> Result<(), E>) -> Result<Long, E> {
        let (slots, mut minutes) = self.seat()?;
        let mut told = Long { share_level: self.share_level, assigned: 0, waitlisted: 0 };
        for ((found, slot), rank) in self.amounts().zip(slots.iter()).zip(1..) {
            let (entry, amount) = found.map_err(LongError::from)?;
            let slot = Some(slot.map_err(LongError::from)?).filter(|slot| *slot != NONE);
            let start = minutes.start(entry.seats.into(), slot);
            let assignment = slot.zip(start).map(|(slot, start_at)| Assignment { slot, start_at, amount });
            *(if slot.is_some() { &mut told.assigned } else { &mut told.waitlisted }) += 1;
            let Drawn { lot, entry, receipt, jitter, .. } = entry;
            each(&Row { rank, entry, receipt, lot, jitter, assignment })?;
        }
        Ok(told)
    }

    /// The slot of each in rank order, and the seats of all slots counted.
    fn seat(&self) -> Result<(Spool<'d, u32>, Minutes<'d>), LongError> {
        let (rules, cohort_of_slots) = (self.rules, self.rules.cohort_of_slots());
        let cohort_of = |entry: &Drawn<W>, amount| match (amount, entry.cohort) {
            (0, _) | (_, NONE) => None,
            (_, cohort) => usize::try_from(cohort).ok(),
        };
        let mut seats = vec![0; cohorts(&cohort_of_slots)];
        for found in self.amounts() {
            let (entry, amount) = found?;
            if let Some(cohort) = cohort_of(&entry, amount) {
                seats[cohort] += u64::from(entry.seats);
            }
        }
        let mut seating = Seating::new(&cohort_of_slots, &rules.parts, rooms(rules), seats);
        let (mut slots, mut minutes) = (Spool::new(self.desk), Minutes::new(&rules.slots));
        for found in self.amounts() {
            let (entry, amount) = found?;
            let own = u64::from(entry.seats);
            let (walk, parts) = (unpack(entry.walk), rules.parts.len());
            let cohort = cohort_of(&entry, amount);
            let slot = cohort.and_then(|cohort| seating.place(cohort, &walk[..parts], own));
            minutes.count(own, slot);
            slots.push(slot.unwrap_or(NONE))?;
        }
        Ok((slots, minutes))
    }
}

/// What lies beside the entry that was read.
fn of_the_same(marks: &mut impl Iterator<Item = io::Result<u16>>) -> io::Result<u16> {
    marks.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
}

fn bits<const W: usize>(flags: &[bool]) -> [u64; W] {
    let mut bits = [0; W];
    for (at, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        bits[at / 64] |= 1 << (at % 64);
    }
    bits
}

/// The rules name at most 16 parts.
fn pack(walk: &[usize]) -> u64 {
    walk.iter().rev().fold(0, |packed, part| (packed << 4) | *part as u64)
}

fn unpack(walk: u64) -> [usize; 16] {
    std::array::from_fn(|at| ((walk >> (4 * at)) & 15) as usize)
}
