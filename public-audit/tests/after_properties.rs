//! What must hold of every course after the draw, whatever is said and however often the lights go out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::Numbers;
use common::course::{Happened, any_facts, any_rules, happen, record_after};
use proptest::prelude::*;
use public_audit::after::{self, Course, FactKind, Offer, Outcome, Place};
use public_audit::draw::{self, draw};
use public_audit::rules::{Mode, Rules};
use public_audit::verify::verify;
use public_audit::{Digest, Entry, Instant, Pool, Receipt};

/// Where everybody is, by receipt, in a form that can be kept.
type Places = BTreeMap<Receipt, String>;

fn places(course: &Course) -> Places {
    course.places().map(|(receipt, place)| (receipt, format!("{place:?}"))).collect()
}

/// A round, its draw seed, and its course.
fn any_course(number: u64) -> (Rules, Vec<Entry>, Digest, Course) {
    let (rules, entries) = any_rules(number);
    let seed = Digest::of(number.to_le_bytes());
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let course = Course::new(&rules, &pool, &seed).unwrap();
    (rules, entries, seed, course)
}

fn ranks(rules: &Rules, entries: &[Entry], seed: &Digest) -> BTreeMap<Receipt, u32> {
    let pool = Pool::from_entries(rules, entries).unwrap();
    draw(rules, &pool, seed).unwrap().rows().map(|row| (row.receipt, row.rank)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn nothing_is_overdrawn_and_nothing_is_lost(number: u64) {
        let (rules, entries, _, course) = any_course(number);
        let seats: BTreeMap<Receipt, u64> = entries.iter().map(|e| (e.receipt, e.seats.into())).collect();
        let slots = || rules.slots.iter().chain(&rules.after.as_ref().unwrap().catch_up);
        let in_budget = |course: &Course| {
            let (mut used, mut won, mut taken) = (BTreeMap::<String, u64>::new(), 0, 0);
            for (receipt, place) in course.places() {
                let Place::Placed { slot, amount, start, until, .. } = place else { continue };
                *used.entry(slot.to_owned()).or_default() += seats[&receipt];
                (won, taken) = (won + amount, taken + seats[&receipt]);
                assert!(start.plus(rules.grace_seconds.into()) <= until);
            }
            for slot in slots() {
                assert!(used.get(&slot.name).copied().unwrap_or_default() <= slot.capacity.into());
            }
            match rules.mode {
                Mode::Everyone => {}
                Mode::Share => assert_eq!(won + course.free(), rules.goods.budget),
                Mode::Lottery => {
                    assert_eq!(won + course.free(), rules.goods.budget);
                    let places: u64 = rules.reserves.iter().map(|reserve| reserve.places).sum();
                    assert_eq!(taken + course.free_places().iter().sum::<u64>(), places);
                }
            }
        };
        in_budget(&course);
        happen(&rules, course, number, |course, _| in_budget(course));
    }

    /// Nobody loses or changes a place but who is said to have missed, given back or not been entitled;
    /// and only the waitlist gains one.
    #[test]
    fn offers_move_nobody_else(number: u64) {
        let (rules, _, _, course) = any_course(number);
        let mut before = places(&course);
        happen(&rules, course, number, |course, (_, _, offer)| {
            let now = places(course);
            for (receipt, was) in offer.iter().flat_map(|_| &before) {
                let offer = offer.as_ref().unwrap();
                let meant = offer.facts.iter().any(|fact| fact.receipt == *receipt);
                let moved = offer.moves.iter().filter(|m| m.receipt == *receipt).count();
                assert!(moved <= 1);
                match was.as_str() {
                    "Ended" => assert!(now[receipt] == *was && moved == 0 && !meant),
                    "Waitlisted" if meant => assert!(now[receipt] == "Ended" && moved == 0),
                    "Waitlisted" => assert_eq!(now[receipt] != *was, moved == 1),
                    _ => assert_eq!(now[receipt] != *was, meant),
                }
            }
            before = now;
        });
    }

    /// Whoever is no harder to serve and has the better rank is never passed over.
    #[test]
    fn no_rank_is_jumped(number: u64) {
        let (rules, entries, seed, course) = any_course(number);
        let ranks = ranks(&rules, &entries, &seed);
        let of: BTreeMap<Receipt, &Entry> = entries.iter().map(|entry| (entry.receipt, entry)).collect();
        let before_and_no_harder = |one: Receipt, other: Receipt| {
            let (a, b) = (of[&one], of[&other]);
            ranks[&one] < ranks[&other] && a.others == b.others && a.seats <= b.seats && a.want <= b.want
        };
        happen(&rules, course, number, |course, (_, _, offer)| {
            let Some(offer) = offer else { return };
            let with = |wanted: fn(&Outcome) -> bool| {
                let moves = offer.moves.iter().filter(move |m| wanted(&m.outcome));
                moves.map(|m| m.receipt).collect::<Vec<_>>()
            };
            let waiting: Vec<Receipt> =
                course.places().filter(|(_, place)| *place == Place::Waitlisted).map(|(who, _)| who).collect();
            for up in with(|outcome| matches!(outcome, Outcome::Assigned(_))) {
                assert!(!waiting.iter().any(|who| before_and_no_harder(*who, up)));
            }
            // Of those who missed for the first time; those who missed again stand before them.
            let caught_up = with(|outcome| matches!(outcome, Outcome::CaughtUp(_)));
            let first = offer.moves.iter().position(|m| caught_up.contains(&m.receipt)).unwrap_or_default();
            for lapsed in offer.moves[first..].iter().filter(|m| m.outcome == Outcome::Lapsed) {
                assert!(!caught_up.iter().any(|other| before_and_no_harder(lapsed.receipt, *other)));
            }
        });
    }

    /// Everybody is told at least as long before as the rules say, and comes while the slot lasts.
    #[test]
    fn new_starts_are_in_open_slots(number: u64) {
        let (rules, _, _, course) = any_course(number);
        let after = rules.after.clone().unwrap();
        let mut slots: Vec<_> = rules.slots.iter().chain(&after.catch_up).cloned().collect();
        happen(&rules, course, number, |_, (_, act, offer)| {
            if let public_audit::journal::Act::Shifted { from, seconds, .. } = act {
                for slot in slots.iter_mut().filter(|slot| *from <= slot.starts_at) {
                    slot.starts_at = slot.starts_at.plus(*seconds);
                }
            }
            let Some(offer) = offer else { return };
            let at = after.offers_at[usize::try_from(offer.number).unwrap() - 1];
            for change in &offer.moves {
                let (Outcome::Assigned(place) | Outcome::CaughtUp(place)) = &change.outcome else { continue };
                let slot = slots.iter().find(|slot| slot.name == place.slot).unwrap();
                assert!(at.plus(after.lead_seconds.into()) <= slot.starts_at);
                assert!(slot.starts_at <= place.start_at);
                assert!(place.start_at < slot.starts_at.plus(slot.seconds.into()));
                let late = after.catch_up.iter().any(|slot| slot.name == place.slot);
                assert!(late || !matches!(change.outcome, Outcome::CaughtUp(_)));
            }
        });
    }

    /// A shift takes nothing from anybody, and what was over stays as it was.
    #[test]
    fn shifts_take_nothing(number: u64, from in 0..400_000_i64, seconds in 1..200_000_u64) {
        let (rules, _, _, mut course) = any_course(number);
        let from = Instant::from_unix(rules.slots[0].starts_at.unix() - 86_400 + from).unwrap();
        let times = |course: &Course| -> Vec<Option<(Instant, Instant)>> {
            course.places().map(|(_, place)| match place {
                Place::Placed { start, until, .. } => Some((start, until)),
                _ => None,
            }).collect()
        };
        let before = times(&course);
        course.shift(from, seconds);
        for (was, now) in before.into_iter().zip(times(&course)) {
            let expected = was.map(|(start, until)| match () {
                () if from <= start => (start.plus(seconds), until.plus(seconds)),
                () if from < until => (start, until.plus(seconds)),
                () => (start, until),
            });
            prop_assert_eq!(now, expected);
        }
    }

    /// A wish moves only the time of whoever has it: what the waitlist offers them is the same.
    #[test]
    fn a_wish_never_changes_what_is_offered(number: u64, whose: usize) {
        let (rules, mut entries, seed, course) = any_course(number);
        let waiting: Vec<Receipt> =
            course.places().filter(|(_, place)| *place == Place::Waitlisted).map(|(who, _)| who).collect();
        prop_assume!(!waiting.is_empty());
        let who = waiting[whose % waiting.len()];
        let facts = any_facts(&course, rules.after.as_ref().unwrap().offers_at[0], &mut Numbers(number));
        let mut offered = Vec::new();
        for wish in ["any", "eve", "pm+am", "noon+eve+am+pm"] {
            entries.iter_mut().find(|entry| entry.receipt == who).unwrap().wish = wish.to_owned();
            let pool = Pool::from_entries(&rules, &entries).unwrap();
            let offer = Course::new(&rules, &pool, &seed).unwrap().offer(&facts).unwrap();
            offered.push(offer.moves.into_iter().find(|m| m.receipt == who).map(|m| match m.outcome {
                Outcome::Assigned(place) => place.amount,
                other => panic!("{other:?}"),
            }));
        }
        prop_assert!(offered.iter().all(|amount| *amount == offered[0]));
    }

    /// In what order facts are given does not matter, nor where or how often it is computed.
    #[test]
    fn the_same_facts_give_the_same_bytes(number: u64) {
        let (rules, _, _, course) = any_course(number);
        let at = rules.after.as_ref().unwrap().offers_at[0];
        let mut facts = any_facts(&course, at, &mut Numbers(number));
        let first = course.clone().offer(&facts).unwrap();
        facts.reverse();
        prop_assert_eq!(course.clone().offer(&facts).unwrap().to_text(), first.to_text());
        prop_assert_eq!(Offer::parse(&first.to_text()).unwrap(), first);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn records_of_any_course_match(number: u64) {
        let (mut rules, entries) = any_rules(number);
        // What cannot be sealed is not published either.
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        rules.slots.iter_mut().for_each(|slot| slot.capacity += if rules.mode == Mode::Lottery { 0 } else { 40 });
        let pool = Pool::parse(&rules, pool.text().as_bytes()).unwrap();
        prop_assume!(draw::crowded(&rules, &pool).is_empty());
        prop_assume!(!draw::claims(&rules, &pool).iter().any(draw::Claim::is_overdrawn));
        let record = record_after(&rules, &pool, number);
        let report = verify(&record).unwrap();
        prop_assert!(report.matches, "{}", report);
        prop_assert!(!report.to_string().contains("SKIP"));
    }
}

/// Computed once, on one machine, with one compiler: every other must find the same.
#[test]
fn a_hundred_courses_have_the_bytes_that_they_had() {
    let (mut all, mut counted) = (String::new(), [0; 4]);
    for number in 0..100 {
        let (rules, _, _, course) = any_course(number);
        happen(&rules, course, number, |_, (_, _, offer): &Happened| {
            let Some(offer) = offer else { return };
            all += &offer.to_text();
            for change in &offer.moves {
                counted[match change.outcome {
                    Outcome::CaughtUp(_) => 0,
                    Outcome::Assigned(_) => 1,
                    Outcome::Lapsed => 2,
                }] += 1;
            }
            counted[3] += offer.facts.iter().filter(|fact| fact.kind == FactKind::Missed).count();
        });
    }
    assert_eq!(after::read(all.as_bytes()).filter_map(Result::ok).count(), 300);
    assert_eq!(counted, [202, 356, 292, 494], "all of it happens");
    assert_eq!(
        Digest::of(&all).to_string(),
        "de074604bb9fdd78c144c471567d1a0f2af9e4786be7abeaa937c8d817c742dd"
    );
}
