//! Rounds that go on after the draw, made from a number.

use std::collections::BTreeMap;

use public_audit::after::{Course, Fact, FactKind, Offer, Place};
use public_audit::journal::event::{Act, Event};
use public_audit::journal::plain::{self, Plain};
use public_audit::record::Pulse;
use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Entry, Instant, Pool};

use super::{Numbers, after, entries, organiser_seed, record_of, rules, rules_with_all, signer};

/// Small rules of any mode with everything that may be left out, little of everything, and entries.
pub fn any_rules(number: u64) -> (Rules, Vec<Entry>) {
    let mut numbers = Numbers(number);
    let mut rules = match numbers.below(4) {
        0 => rules(Mode::Share),
        1 => rules(Mode::Everyone),
        2 => rules(Mode::Lottery),
        _ => rules_with_all(),
    };
    rules.after = Some(after());
    let most = if numbers.below(2) == 0 { 300_000 } else { 3_000_000 };
    rules.goods.budget = 1 + numbers.below(most);
    rules.grace_seconds = u32::try_from(numbers.below(7200)).unwrap();
    let most = 2 + numbers.below(12);
    let after = rules.after.as_mut().unwrap();
    after.lead_seconds = u32::try_from(numbers.below(4) * 7200).unwrap();
    for slot in rules.slots.iter_mut().chain(&mut after.catch_up) {
        slot.capacity = u32::try_from(numbers.below(most)).unwrap();
        slot.seconds = u32::try_from(1 + numbers.below(7200)).unwrap();
    }
    let count = usize::try_from(numbers.below(60)).unwrap();
    let mut entries = entries(&rules, count, number);
    if numbers.below(3) == 0 {
        entries.iter_mut().for_each(|entry| {
            entry.want = entry.want / u64::from(entry.seats) / 10_000 * 10_000;
            entry.want = if rules.lists("want") { entry.want.max(10_000) } else { rules.goods.cap };
            entry.seats = 1;
        });
    }
    (rules, entries)
}

/// Something that is logged after the draw, and what was offered then.
pub type Happened = (Instant, Act, Option<Offer>);

/// What can be said at this time, and some of it is.
pub fn any_facts(course: &Course, at: Instant, numbers: &mut Numbers) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (receipt, place) in course.places() {
        let kind = match (place, numbers.below(100)) {
            (Place::Placed { until, .. }, 0..60) if until <= at => FactKind::Missed,
            (Place::Placed { .. }, 60..75) => FactKind::Returned,
            (Place::Placed { .. } | Place::Waitlisted, 95..) => FactKind::Ineligible,
            _ => continue,
        };
        facts.push(Fact { receipt, kind });
    }
    facts
}

/// All offers of the rules with any facts, and outages between them. After each step it is told what
/// happened and what came of it.
pub fn happen(rules: &Rules, mut course: Course, number: u64, mut tell: impl FnMut(&Course, &Happened)) {
    let (mut numbers, mut now) = (Numbers(number), rules.times.results_at);
    for at in rules.after.clone().unwrap().offers_at {
        while numbers.below(3) == 0 {
            let from =
                Instant::from_unix(at.unix() - 86_400 + i64::try_from(numbers.below(172_800)).unwrap());
            let most = [60, 7200, 200_000][usize::try_from(numbers.below(3)).unwrap()];
            let (from, seconds) = (from.unwrap(), 1 + numbers.below(most));
            course.shift(from, seconds);
            now = now.max(from);
            tell(&course, &(now, Act::Shifted { from, seconds, reason: "정전".to_owned() }, None));
        }
        let facts = any_facts(&course, at, &mut numbers);
        let offer = course.offer(&facts).unwrap();
        now = now.max(at).plus(numbers.below(100));
        tell(&course, &(now, plain::offered(&offer), Some(offer)));
    }
}

/// The record of a rehearsal with what was published after the draw.
pub fn record_after(rules: &Rules, pool: &Pool, number: u64) -> BTreeMap<String, Vec<u8>> {
    let mut log = None::<Plain>;
    let mut record = record_of(rules, pool, None, &Pulse::None {}, |plain| log = Some(plain.clone()));
    let (mut log, mut offers) = (log.unwrap(), Vec::new());
    let seed = Digest::of(&record["seed-input.txt"]);
    assert_ne!(organiser_seed(), seed);
    happen(rules, Course::new(rules, pool, &seed).unwrap(), number, |_, (at, act, offer)| {
        log.events.push(Event { at: *at, round: rules.round.clone(), act: act.clone() });
        offers.extend(offer.clone());
    });
    record.extend(log.after(&rules.round, &offers, &signer()).unwrap().files());
    record
}
