//! Everything that rules can say and must not, all at once, so that a clerk mends it in one go.

use std::collections::BTreeSet;
use std::fmt;

use super::{Beacon, KNOWN_FIELDS, MAX_CAP, MAX_WON, Match, Mode, Rules, Slot};
use crate::beacon;
use crate::note::Verifier;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key in `rules.json`, for example `slots[3].part`.
    pub path: String,
    /// What is wrong with it, in a sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Collects problems; `demand` reads as "at this path it must hold that …".
#[derive(Default)]
pub(super) struct Check(Vec<Problem>);

impl Check {
    pub(super) fn demand(&mut self, path: &str, holds: bool, message: &str) {
        if !holds {
            self.0.push(Problem { path: path.to_owned(), message: message.to_owned() });
        }
    }
}

/// `[a-z0-9._+-]{1,64}`: what may stand after `=` in a pool line.
pub(crate) fn is_value(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._+-".contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(known)
}

/// `[a-z][a-z0-9_]{0,31}`: the name of a field or of a day part.
fn is_name(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    text.len() <= 32 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(known)
}

impl Rules {
    /// What is wrong with these rules; empty if nothing is.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut check = Check::default();
        check.demand("number", self.number >= 1, "rounds are numbered from 1");
        self.check_goods(&mut check);
        self.check_fields(&mut check);
        self.check_reserves(&mut check);
        self.check_slots(&mut check);
        self.check_funds(&mut check);
        self.check_weighting(&mut check);
        self.check_after(&mut check);
        self.check_times(&mut check);
        self.check_beacon(&mut check);
        let key = Verifier::parse(&self.signing_key);
        check.demand("signing_key", key.is_ok(), "is not a signed-note verifier key");
        check.0
    }

    fn check_goods(&self, check: &mut Check) {
        let goods = self.goods;
        let within = |amount: u64| (1..=MAX_WON).contains(&amount);
        check.demand("goods.unit", within(goods.unit), "must be 1 to 10^15 won");
        check.demand("goods.budget", within(goods.budget), "must be 1 to 10^15 won");
        let cap = (1..=MAX_CAP).contains(&goods.cap) && goods.cap.checked_rem(goods.unit) == Some(0);
        check.demand("goods.cap", cap, "must be a multiple of the unit, below 10^14 won");
    }

    fn check_fields(&self, check: &mut Check) {
        check.demand("fields", self.fields.len() <= 16, "are more than 16");
        let mut seen = BTreeSet::new();
        for field in &self.fields {
            check.demand("fields", is_name(field), "a name must be [a-z][a-z0-9_]{0,31}");
            check.demand("fields", seen.insert(field), "a name stands twice");
        }
        check.demand("smallest_cell", self.smallest_cell >= 1, "must be at least 1");
        check.demand("parts", (1..=16).contains(&self.parts.len()), "must be 1 to 16");
        let mut seen = BTreeSet::new();
        for part in &self.parts {
            let name = is_name(part) && part != "any";
            check.demand("parts", name, "a name must be [a-z][a-z0-9_]{0,31} and not `any`");
            check.demand("parts", seen.insert(part), "a name stands twice");
        }
    }

    pub(super) fn check_match(&self, check: &mut Check, path: &str, matching: &Match) {
        for (field, values) in &matching.0 {
            let listed = self.lists(field) && !KNOWN_FIELDS.contains(&field.as_str());
            check.demand(path, listed, "names a field that pool lines do not carry");
            let some = (1..=1000).contains(&values.len());
            check.demand(path, some, "must list 1 to 1,000 values for each field");
            let sorted = values.is_sorted_by(|a, b| a < b);
            check.demand(path, sorted, "values must be sorted and different");
            let form = values.iter().all(|value| is_value(value));
            check.demand(path, form, "a value must be [a-z0-9._+-]{1,64}");
        }
    }

    fn check_reserves(&self, check: &mut Check) {
        let some = (1..=1000).contains(&self.reserves.len());
        match self.mode {
            Mode::Lottery => check.demand("reserves", some, "must be 1 to 1,000 in mode lottery"),
            _ => check.demand("reserves", self.reserves.is_empty(), "are for mode lottery only"),
        }
        let mut seen = BTreeSet::new();
        for (at, reserve) in self.reserves.iter().enumerate() {
            let path = format!("reserves[{at}]");
            check.demand(&path, is_value(&reserve.name), "the name must be [a-z0-9._+-]{1,64}");
            check.demand(&path, seen.insert(&reserve.name), "the name stands twice");
            check.demand(&path, reserve.places <= MAX_WON, "has too many places");
            self.check_match(check, &format!("{path}.match"), &reserve.matching);
            let later = self.reserves.get(at + 1..).unwrap_or_default();
            let known = reserve.spill.as_ref().is_none_or(|to| later.iter().any(|r| r.name == *to));
            check.demand(&format!("{path}.spill"), known, "must name a later reserve");
        }
    }

    fn check_slots(&self, check: &mut Check) {
        check.demand("slots", (1..=10_000).contains(&self.slots.len()), "must be 1 to 10,000");
        let catch_up = self.after.as_ref().map_or(&[][..], |after| after.catch_up.as_slice());
        let mut seen = BTreeSet::new();
        for (list, slots) in [("slots", self.slots.as_slice()), ("after.catch_up", catch_up)] {
            for (at, slot) in slots.iter().enumerate() {
                let path = format!("{list}[{at}]");
                check.demand(&path, seen.insert(&slot.name), "the name stands twice");
                self.check_slot(check, &path, slot);
            }
        }
    }

    fn check_slot(&self, check: &mut Check, path: &str, slot: &Slot) {
        check.demand(path, is_value(&slot.name), "the name must be [a-z0-9._+-]{1,64}");
        check.demand(path, self.parts.contains(&slot.part), "the part is not listed in `parts`");
        let seconds = (1..=2_678_400).contains(&slot.seconds);
        check.demand(path, seconds, "must last 1 second to 31 days");
        check.demand(path, slot.capacity <= 1_000_000_000, "the capacity is over 10^9");
        self.check_match(check, &format!("{path}.cohort"), &slot.cohort);
    }

    fn check_times(&self, check: &mut Check) {
        let t = self.times;
        check.demand("times.closes_at", t.opens_at < t.closes_at, "must be after opens_at");
        check.demand("times.seals_at", t.closes_at <= t.seals_at, "must not be before closes_at");
        check.demand("times.reveals_at", t.seals_at <= t.reveals_at, "must not be before seals_at");
        check.demand("times.pulse_at", t.reveals_at < t.pulse_at, "must be after reveals_at");
        check.demand("times.results_at", t.pulse_at <= t.results_at, "must not be before pulse_at");
        let first = self.slots.iter().map(|slot| slot.starts_at).min();
        let before = first.is_none_or(|first| t.results_at <= first);
        check.demand("times.results_at", before, "must not be after the first slot's start");
    }

    fn check_beacon(&self, check: &mut Check) {
        match &self.beacon {
            Beacon::None {} => {}
            Beacon::Drand { chain_hash, public_key, genesis_time, period, round } => {
                let named = chain_hash.to_string() == beacon::QUICKNET_CHAIN_HASH;
                let honest = !named || self.beacon == beacon::quicknet(*round);
                check.demand("beacon.chain_hash", honest, "is quicknet's, and the rest is not");
                let key = beacon::check_key(public_key).is_ok();
                check.demand("beacon.public_key", key, "is not a key of bls-unchained-g1-rfc9380");
                check.demand("beacon.period", *period <= 1_000_000_000, "is over 10^9 seconds");
                let due = Beacon::drand_round_at(*genesis_time, *period, self.times.pulse_at);
                let first = due == Some(*round) && *genesis_time <= self.times.pulse_at.seconds();
                check.demand("beacon.round", first, "must be the first at or after pulse_at");
            }
            Beacon::Declared { source } => {
                let printable = source.bytes().all(|b| (b' '..=b'~').contains(&b));
                let form = (1..=1000).contains(&source.len()) && printable;
                check.demand("beacon.source", form, "must be 1 to 1,000 printable characters of ASCII");
            }
        }
    }
}
