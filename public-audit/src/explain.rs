//! "Why did I get this time?": one entry's way through the draw, with the numbers in the formulas.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::after::{Course, Fact, OfferError, Place};
use crate::digest::Digest;
use crate::draw::{self, DrawError, Drawn, cohort_of_group, targets};
use crate::instant::Instant;
use crate::lot;
use crate::pool::Pool;
use crate::receipt::Receipt;
use crate::rules::{Mode, Rules, Slot};

/// Why nothing can be explained.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The receipt is not in the pool.
    #[error("the receipt {0} is not in the pool")]
    Unknown(Receipt),
    /// There is no draw to explain.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// There is no such offer.
    #[error(transparent)]
    Offer(#[from] OfferError),
}

/// How the entry with this receipt got its rank, amount, slot and minute: one labelled line for
/// each step, ended by LF.
///
/// # Errors
/// When the receipt is not in the pool, or nothing can be drawn.
pub fn explain(
    rules: &Rules,
    pool: &Pool,
    draw_seed: &Digest,
    receipt: &Receipt,
) -> Result<String, ExplainError> {
    let unknown = || ExplainError::Unknown(*receipt);
    let index = pool.find(receipt).ok_or_else(unknown)?;
    let drawn = draw::draw(rules, pool, draw_seed)?;
    let at = drawn.ranked.iter().position(|ranked| ranked.entry as usize == index).ok_or_else(unknown)?;
    let told = Told { rules, pool, draw_seed, drawn: &drawn, receipt, index, at };
    let mut text = String::new();
    let steps = [
        ("entry", told.entry()),
        ("lot", told.lot()),
        ("rank", told.rank()),
        ("amount", told.amount()),
        ("slot", told.slot()),
        ("start", told.start()),
        ("notices", told.notices()),
    ];
    for (label, told) in steps {
        let _ = writeln!(text, "{label:8} {told}");
    }
    Ok(text)
}

/// What happened after the draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The clock stood still at an instant, for so many seconds.
    Shifted(Instant, u64),
    /// Who could come between two instants is waited for so many seconds longer.
    Extended(Instant, Instant, u64),
    /// The next offer, with its facts.
    Offered(Vec<Fact>),
}

/// What that did to the entry with this receipt: one labelled line for each time, ended by LF.
///
/// # Errors
/// When the receipt is not in the pool, nothing can be drawn, or something cannot have happened.
pub fn afterwards(
    rules: &Rules,
    pool: &Pool,
    draw_seed: &Digest,
    receipt: &Receipt,
    happened: &[Happened],
) -> Result<String, ExplainError> {
    let mut course = Course::new(rules, pool, draw_seed)?;
    let mut text = String::new();
    let place = |course: &Course| {
        course.place(receipt).map(|place| told_place(&place)).ok_or(ExplainError::Unknown(*receipt))
    };
    let mut before = place(&course)?;
    for happened in happened {
        let (label, mut told) = match happened {
            Happened::Shifted(from, seconds) => {
                course.shift(*from, *seconds);
                ("shifted".to_owned(), format!("by {seconds} s from {from}"))
            }
            Happened::Extended(from, until, seconds) => {
                course.extend(*from, *until, *seconds);
                ("extended".to_owned(), format!("by {seconds} s, who could come from {from} to {until}"))
            }
            Happened::Offered(facts) => {
                let offer = course.offer(facts)?;
                let own = facts.iter().find(|fact| fact.receipt == *receipt);
                (format!("offer {}", offer.number), own.map_or("by rank", |fact| fact.kind.word()).to_owned())
            }
        };
        let now = place(&course)?;
        if now != before {
            let _ = write!(told, ": {now}");
            let _ = writeln!(text, "{label:8} {told}");
            before = now;
        }
    }
    Ok(text)
}

fn told_place(place: &Place<'_>) -> String {
    match place {
        Place::Waitlisted => "it is on the waitlist".to_owned(),
        Place::Ended => "it is out of it".to_owned(),
        Place::Placed { slot, start, until, amount, caught_up } => {
            let last = if *caught_up { ", its second and last time" } else { "" };
            format!("{slot}, from {start}, held until {until}, {amount} won{last}")
        }
    }
}

/// Everything that the sentences are about.
struct Told<'t> {
    rules: &'t Rules,
    pool: &'t Pool,
    draw_seed: &'t Digest,
    drawn: &'t Drawn,
    receipt: &'t Receipt,
    /// Index in the pool.
    index: usize,
    /// Rank from 0.
    at: usize,
}

/// A slot when the entry's turn came.
struct SlotAtTurn {
    name: String,
    placed: u64,
    target: u64,
    capacity: u32,
}

impl Told<'_> {
    fn seats_at(&self, at: usize) -> u64 {
        self.drawn.ranked[at].seats.into()
    }

    fn want(&self) -> u64 {
        self.pool.rows()[self.index].want
    }

    fn entry(&self) -> String {
        let line = self.pool.line(self.index).unwrap_or_default();
        format!("line {} of {} of the pool: {line}", self.index + 1, self.pool.count())
    }

    fn lot(&self) -> String {
        let weight = u32::from(self.pool.rows()[self.index].weight);
        let key = lot::lot_key(self.draw_seed, self.receipt);
        let lots = lot::lots(self.draw_seed, self.receipt, weight);
        let lot = lots.iter().min().copied().unwrap_or(u64::MAX);
        let drawn = match lots.len() {
            1 => format!("one lot, {lot}"),
            // A thousand numbers are proof enough when one knows where the smallest stands.
            many => {
                let place = lots.iter().position(|l| *l == lot).unwrap_or_default();
                format!("{many} lots, of which number {place} (from 0) is the smallest: {lot}")
            }
        };
        format!("{drawn}; the key is sha256(\"jebi-lot-1\", draw seed, receipt) = {key}")
    }

    fn rank(&self) -> String {
        let (rank, of) = (self.at + 1, self.pool.count());
        match self.at.checked_sub(1).map(|before| self.drawn.ranked[before].lot) {
            None => format!("{rank} of {of}: nobody drew a smaller lot"),
            Some(before) => {
                format!("{rank} of {of}: {} drew smaller lots, the one before it {before}", self.at)
            }
        }
    }

    fn amount(&self) -> String {
        let (amount, want) = (self.drawn.amounts[self.at], self.want());
        match (self.rules.mode, self.drawn.share_level) {
            (Mode::Everyone, _) if !self.rules.funds.is_empty() => self.funds(amount),
            (Mode::Everyone, _) => format!("{amount} won: everyone gets what they want"),
            (Mode::Lottery, _) if amount == 0 => {
                "none: at its rank no reserve that it matches had places and money for it".to_owned()
            }
            (Mode::Lottery, _) => format!("{amount} won, what it wants: at its rank a reserve had room"),
            (Mode::Share, level) => {
                let level = level.unwrap_or_default();
                let share = format!("min(want {want}, level {level}) = {}", want.min(level));
                match amount - want.min(level) {
                    0 => format!("{amount} won: {share}"),
                    unit => format!("{amount} won: {share}, and {unit} of what was left, by rank"),
                }
            }
        }
    }

    /// Each fund that it matches.
    fn funds(&self, amount: u64) -> String {
        let entry = self.pool.entry(self.index);
        let others = entry.map(|entry| entry.others).unwrap_or_default();
        let values: BTreeMap<&str, &str> =
            self.rules.other_fields().zip(others.iter().map(String::as_str)).collect();
        let own =
            self.rules.funds.iter().filter(|fund| fund.matching.matches(|field| values.get(field).copied()));
        let own: Vec<String> = own.map(|fund| format!("{} {}", fund.name, fund.per_seat)).collect();
        match own.is_empty() {
            true => "none: no fund is for it".to_owned(),
            false => format!("{amount} won: {} seats * ({})", self.seats_at(self.at), own.join(" + ")),
        }
    }

    /// The entry's cohort in words, and its slots in time order.
    fn turn(&self) -> Option<(String, Vec<SlotAtTurn>)> {
        let cohort_of = cohort_of_group(self.rules, self.pool);
        let cohort_at = |at: usize| cohort_of[self.drawn.ranked[at].group as usize];
        let own = cohort_at(self.at)?;
        let cohort = *self.rules.cohorts().get(own)?;
        let taken = (0..self.drawn.ranked.len())
            .filter(|at| self.drawn.amounts[*at] > 0 && cohort_at(*at) == Some(own));
        let seats = taken.map(|at| self.seats_at(at)).sum();
        let mut slots: Vec<(usize, &Slot)> =
            self.rules.slots.iter().enumerate().filter(|(_, slot)| slot.cohort == *cohort).collect();
        slots.sort_by_key(|(_, slot)| slot.starts_at);
        let capacities: Vec<u64> = slots.iter().map(|(_, slot)| slot.capacity.into()).collect();
        let placed = self.placed_by(self.at);
        let at_turn = slots.iter().zip(targets(&capacities, seats)).map(|((index, slot), target)| {
            SlotAtTurn { name: slot.name.clone(), placed: placed[*index], target, capacity: slot.capacity }
        });
        Some((format!("cohort {cohort}, {seats} seats"), at_turn.collect()))
    }

    /// For each slot of the rules, the seats placed by the first `ranks` ranks.
    fn placed_by(&self, ranks: usize) -> Vec<u64> {
        let mut placed = vec![0; self.rules.slots.len()];
        for at in 0..ranks {
            if let Some(slot) = self.drawn.slots[at] {
                placed[slot as usize] += self.seats_at(at);
            }
        }
        placed
    }

    fn slot(&self) -> String {
        if self.drawn.amounts[self.at] == 0 {
            return "none: it is on the waitlist, by its rank".to_owned();
        }
        let Some((cohort, slots)) = self.turn() else {
            return "none: it belongs to no cohort".to_owned();
        };
        let wish = self.pool.entry(self.index).map(|entry| entry.wish).unwrap_or_default();
        let mut told = match self.drawn.slots[self.at] {
            Some(slot) => self.rules.slots[slot as usize].name.clone(),
            None => "none for want of room: it is on the waitlist".to_owned(),
        };
        let seats = self.seats_at(self.at);
        let _ = write!(told, ": wish {wish}, {seats} of {cohort}; placed before / target / capacity:");
        for SlotAtTurn { name, placed, target, capacity } in slots {
            let _ = write!(told, " {name} {placed}/{target}/{capacity}");
        }
        told
    }

    fn start(&self) -> String {
        let (Some(slot), Some(start)) = (self.drawn.slots[self.at], self.drawn.starts[self.at]) else {
            return "none".to_owned();
        };
        let k = self.placed_by(self.at)[slot as usize];
        let n = self.placed_by(self.drawn.slots.len())[slot as usize];
        let rule = &self.rules.slots[slot as usize];
        format!("{start} = {} + floor({} s * {k} / {n})", rule.starts_at, rule.seconds)
    }

    fn notices(&self) -> String {
        let weight = self.pool.rows()[self.index].weight;
        let jitter = self.drawn.ranked[self.at].jitter;
        format!("{jitter} s after their planned minute: number {weight} of its stream mod 60")
    }
}
