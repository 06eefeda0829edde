//! After the draw: worked numbers first, then what must hold for every course.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{at, matching, slot};
use public_audit::after::{Course, Fact, FactKind, Offer, OfferError, Outcome, Place};
use public_audit::rules::{After, Match, Mode, Rules};
use public_audit::{Digest, Entry, Pool, Receipt, draw};

const SEED: Digest = Digest([9; 32]);

/// Two slots of two places, one to catch up in, offers on two evenings.
fn rules(mode: Mode) -> Rules {
    let mut rules = common::rules(mode);
    rules.slots = vec![
        slot("am", Match::all(), "am", "2026-12-02T00:00:00Z", 2),
        slot("pm", Match::all(), "pm", "2026-12-04T00:00:00Z", 2),
    ];
    let mut after = common::after();
    after.catch_up = vec![slot("late", Match::all(), "am", "2026-12-05T00:00:00Z", 1)];
    after.offers_at = vec![at("2026-12-03T00:00:00Z"), at("2026-12-05T06:00:00Z")];
    rules.after = Some(after);
    rules
}

/// So many entries that all want the same, and their receipts in rank order.
fn alike(rules: &Rules, count: usize, wish: &str) -> (Pool, Vec<Receipt>) {
    let mut entries = common::entries(rules, count, 1);
    for entry in &mut entries {
        (entry.seats, entry.want, entry.wish) = (1, 10_000, wish.to_owned());
        entry.others = vec!["1".to_owned(), "north".to_owned()];
    }
    let pool = Pool::from_entries(rules, &entries).unwrap();
    let drawn = draw(rules, &pool, &SEED).unwrap();
    (pool, drawn.rows().map(|row| row.receipt).collect())
}

fn fact(receipt: Receipt, kind: FactKind) -> Fact {
    Fact { receipt, kind }
}

fn moves(offer: &Offer) -> Vec<String> {
    offer.moves.iter().map(|change| change.to_string()[22..].to_owned()).collect()
}

#[test]
fn what_is_given_back_goes_to_the_waitlist_by_rank() {
    let mut rules = rules(Mode::Share);
    rules.goods.budget = 30_000;
    let (pool, by_rank) = alike(&rules, 6, "pm");
    let mut course = Course::new(&rules, &pool, &SEED).unwrap();
    // Three units for six: ranks 1 to 3 have a place, two of them in the afternoon that all wished for.
    assert!(matches!(course.place(&by_rank[2]), Some(Place::Placed { slot: "am", .. })));
    assert_eq!(course.place(&by_rank[3]), Some(Place::Waitlisted));
    assert_eq!(course.free(), 0);
    let facts = [fact(by_rank[0], FactKind::Returned), fact(by_rank[2], FactKind::Missed)];
    let offer = course.offer(&facts).unwrap();
    assert_eq!(offer.number, 1);
    // Rank 3 catches up with its amount; rank 4 gets the place of rank 1, which nobody jumped.
    assert_eq!(
        moves(&offer),
        ["caught_up late 2026-12-05T00:00:00Z 10000", "assigned pm 2026-12-04T00:00:00Z 10000"]
    );
    assert_eq!(offer.moves.iter().map(|m| m.receipt).collect::<Vec<_>>(), [by_rank[2], by_rank[3]]);
    assert_eq!(course.place(&by_rank[0]), Some(Place::Ended));
    assert_eq!(Offer::parse(&offer.to_text()).unwrap(), offer);
    // Who misses the second time is out of it, and no slot is open any more for the next in the list.
    let offer = course.offer(&[fact(by_rank[2], FactKind::Missed)]).unwrap();
    assert_eq!(moves(&offer), ["lapsed - - -"]);
    assert_eq!(course.free(), 10_000);
    assert_eq!(course.offer(&[]), Err(OfferError::Time(3)));
}

#[test]
fn what_cannot_be_changes_nothing() {
    let mut rules = rules(Mode::Share);
    rules.goods.budget = 30_000;
    let (pool, by_rank) = alike(&rules, 6, "pm");
    let mut course = Course::new(&rules, &pool, &SEED).unwrap();
    let stranger: Receipt = "0000-0000-0000-0000".parse().unwrap();
    for (facts, error) in [
        (vec![fact(stranger, FactKind::Returned)], OfferError::Unknown(stranger)),
        (vec![fact(by_rank[3], FactKind::Missed)], OfferError::NoPlace(by_rank[3])),
        (vec![fact(by_rank[3], FactKind::Returned)], OfferError::NoPlace(by_rank[3])),
        (vec![fact(by_rank[0], FactKind::Missed)], OfferError::Held(by_rank[0], at("2026-12-04T00:30:00Z"))),
        (
            vec![fact(by_rank[0], FactKind::Returned), fact(by_rank[0], FactKind::Ineligible)],
            OfferError::Twice(by_rank[0]),
        ),
    ] {
        let before: Vec<String> = course.places().map(|place| format!("{place:?}")).collect();
        assert_eq!(course.offer(&facts), Err(error));
        assert_eq!(course.places().map(|place| format!("{place:?}")).collect::<Vec<_>>(), before);
        assert_eq!(course.offers(), 0);
    }
    let offer = course.offer(&[fact(by_rank[3], FactKind::Ineligible)]).unwrap();
    assert!(offer.moves.is_empty());
    assert_eq!(course.offer(&[fact(by_rank[3], FactKind::Ineligible)]), Err(OfferError::Ended(by_rank[3])));
    // Without times after the draw there is nothing to offer.
    rules.after = None;
    assert_eq!(Course::new(&rules, &pool, &SEED).unwrap().offer(&[]), Err(OfferError::Time(1)));
}

#[test]
fn an_extension_moves_no_start_and_holds_who_could_come() {
    let mut rules = rules(Mode::Everyone);
    rules.slots[0].seconds = 7200;
    let (pool, by_rank) = alike(&rules, 4, "any");
    let mut course = Course::new(&rules, &pool, &SEED).unwrap();
    let place = |course: &Course, rank: usize| match course.place(&by_rank[rank]) {
        Some(Place::Placed { start, until, .. }) => (start, until),
        other => panic!("{other:?}"),
    };
    let before = [0, 1, 2, 3].map(|rank| place(&course, rank));
    assert_eq!(before[0], (at("2026-12-02T00:00:00Z"), at("2026-12-02T00:30:00Z")));
    assert_eq!(before[1], (at("2026-12-02T01:00:00Z"), at("2026-12-02T01:30:00Z")));
    // A moment at which the first can come and the second cannot yet.
    course.extend(at("2026-12-02T00:29:59Z"), at("2026-12-02T00:59:59Z"), 3600);
    assert_eq!(place(&course, 0), (before[0].0, at("2026-12-02T01:30:00Z")));
    assert_eq!([1, 2, 3].map(|rank| place(&course, rank)), before[1..]);
    // Its last moment is the second's first; what is over then is over.
    course.extend(at("2026-12-02T01:30:00Z"), at("2026-12-02T01:30:00Z"), 60);
    course.extend(at("2026-12-02T00:59:59Z"), at("2026-12-02T01:00:00Z"), 60);
    assert_eq!(place(&course, 0).1, at("2026-12-02T01:31:00Z"));
    assert_eq!(place(&course, 1), (before[1].0, at("2026-12-02T01:31:00Z")));
    // Who is held is not missed; who has given back is not held.
    let held = at("2026-12-09T00:00:00Z");
    course.extend(at("2026-12-02T01:30:30Z"), at("2026-12-02T01:30:30Z"), 604_800);
    assert!(place(&course, 0).1 > held);
    let missed = fact(by_rank[0], FactKind::Missed);
    assert!(matches!(course.offer(&[missed]), Err(OfferError::Held(..))));
    course.offer(&[fact(by_rank[1], FactKind::Returned)]).unwrap();
    course.extend(at("2026-12-02T00:00:00Z"), held, 1);
    assert!(matches!(course.place(&by_rank[1]), Some(Place::Ended)));
}

#[test]
fn an_outage_moves_what_comes_and_extends_what_is_held() {
    let mut rules = rules(Mode::Everyone);
    rules.slots[0].seconds = 7200;
    let (pool, by_rank) = alike(&rules, 4, "any");
    let mut course = Course::new(&rules, &pool, &SEED).unwrap();
    let place = |course: &Course, rank: usize| match course.place(&by_rank[rank]) {
        Some(Place::Placed { start, until, .. }) => (start, until),
        other => panic!("{other:?}"),
    };
    assert_eq!(place(&course, 0), (at("2026-12-02T00:00:00Z"), at("2026-12-02T00:30:00Z")));
    assert_eq!(place(&course, 1), (at("2026-12-02T01:00:00Z"), at("2026-12-02T01:30:00Z")));
    course.shift(at("2026-12-02T00:10:00Z"), 3600);
    assert_eq!(place(&course, 0), (at("2026-12-02T00:00:00Z"), at("2026-12-02T01:30:00Z")));
    assert_eq!(place(&course, 1), (at("2026-12-02T02:00:00Z"), at("2026-12-02T02:30:00Z")));
    assert_eq!(place(&course, 2), (at("2026-12-04T01:00:00Z"), at("2026-12-04T01:30:00Z")));
    // A second one at the very moment of a start, and at the very end of a hold, which is over then.
    course.shift(at("2026-12-02T02:00:00Z"), 1);
    assert_eq!(place(&course, 1).0, at("2026-12-02T02:00:01Z"));
    course.shift(at("2026-12-02T01:30:00Z"), 1);
    assert_eq!(place(&course, 0).1, at("2026-12-02T01:30:00Z"));
    // Who catches up does so in the slot as it was moved.
    let offer = course.offer(&[fact(by_rank[0], FactKind::Missed)]).unwrap();
    assert_eq!(moves(&offer), ["caught_up late 2026-12-05T01:00:02Z 10000"]);
}

/// Rank 1 is of a cohort whose slots are over: what it cannot take goes to the next.
#[test]
fn nobody_without_room_keeps_others_waiting() {
    let mut rules = rules(Mode::Lottery);
    rules.reserves = vec![rules.reserves[2].clone()];
    rules.reserves[0].places = 2;
    rules.slots = vec![
        slot("old", matching("household", &["1"]), "am", "2026-12-02T00:00:00Z", 1),
        slot("new", matching("household", &["2"]), "pm", "2026-12-04T00:00:00Z", 2),
    ];
    rules.after.as_mut().unwrap().catch_up.clear();
    let mut entries = common::entries(&rules, 5, 1);
    for entry in &mut entries {
        (entry.seats, entry.want, entry.wish) = (1, 10_000, "any".to_owned());
        entry.others = vec!["1".to_owned(), "north".to_owned()];
    }
    let ranks = |entries: &[Entry]| {
        let pool = Pool::from_entries(&rules, entries).unwrap();
        let rows = draw(&rules, &pool, &SEED).unwrap().rows().collect::<Vec<_>>();
        (pool, rows.iter().map(|row| row.receipt).collect::<Vec<_>>())
    };
    let (_, by_rank) = ranks(&entries);
    let last = entries.iter_mut().find(|entry| entry.receipt == by_rank[4]).unwrap();
    last.others[0] = "2".to_owned();
    let (pool, by_rank) = ranks(&entries);
    let mut course = Course::new(&rules, &pool, &SEED).unwrap();
    assert!(matches!(course.place(&by_rank[0]), Some(Place::Placed { slot: "old", .. })));
    // Rank 2 was taken too, and found the slot full: its place is free already.
    assert_eq!(course.free_places(), [1]);
    let offer = course.offer(&[fact(by_rank[0], FactKind::Returned)]).unwrap();
    assert_eq!(offer.moves.len(), 1);
    assert_eq!(offer.moves[0].receipt, by_rank[4]);
    assert!(matches!(&offer.moves[0].outcome, Outcome::Assigned(place) if place.slot == "new"));
    assert_eq!(course.free_places(), [1]);
}

/// Rules may name ten thousand cohorts: whatever is asked of each slot at each offer must not ask all of them.
#[test]
fn many_cohorts_and_many_offers_take_seconds_and_not_hours() {
    let mut rules = common::rules(Mode::Share);
    let of = |number: usize| {
        let cohort = matching("household", &[&number.to_string()]);
        slot(&format!("s{number}"), cohort, "am", "2026-12-02T00:00:00Z", 40)
    };
    rules.slots = (0..10_000).map(of).collect();
    let first = at("2026-12-03T00:00:00Z");
    let offers_at = (0..100).map(|number| first.plus(number)).collect();
    rules.after = Some(After { catch_up: Vec::new(), offers_at, lead_seconds: 0 });
    let record = common::course::record_after(&rules, &common::pool(&rules, 9, 1), 1);
    let report = public_audit::verify::verify(&record).unwrap();
    assert!(report.matches, "{report}");
}
