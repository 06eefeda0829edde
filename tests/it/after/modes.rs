//! Offers where chance decides who gets something, and where several funds pay.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use entities::{miss, round};
use jebi::{domain::event::Wanted, lifecycle::after::facts};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{moves, places, receipts, told, verified_after};
use crate::{
    support::{Engine, TestApp, both, kst},
    who::{self, LOTTERY, NEAR, PARITY, REGION, entered, wanted},
};

both!(
    places_of_a_lottery_go_down_its_waitlist_and_misses_are_forgotten,
    a_round_of_funds_gives_second_times_with_the_same_amount,
);

const REGIONS: [&str; 3] = ["jungang", "donghae", "seoho"];

/// Two offers, and a day of second times after each, for both parities.
pub(super) fn after() -> String {
    let opening = |parity: &str, day: &str| {
        format!(
            "[[opening]]\nfor = {{ birth_parity = [\"{parity}\"] }}\nfirst_day = \"{day}\"\ndays = 1\nuntil = \"18:00\"\n\
             slot_minutes = 60\nslot_capacity = 4\ncatch_up = true\nparts = [{{ name = \"pm\", from = \"14:00\" }}]\n"
        )
    };
    let days = ["2026-12-07", "2026-12-11"];
    let openings: String =
        days.iter().flat_map(|day| ["even", "odd"].map(|parity| opening(parity, day))).collect();
    format!("[after]\noffers = [\"{}\", \"{}\"]\nlead_minutes = 60\n{openings}", OFFERS[0], OFFERS[1])
}

pub(super) const OFFERS: [&str; 2] = ["2026-12-06 10:00", "2026-12-10 10:00"];

async fn until_told(t: &TestApp, round: &round::Model) {
    t.draw(round).await;
    t.jump(round.results_at);
    t.send_until(kst("2026-12-01 08:59")).await;
}

async fn places_of_a_lottery_go_down_its_waitlist_and_misses_are_forgotten(engine: Engine) {
    let t = TestApp::start(engine).await;
    let weighting = "[weighting]\nper_miss = 1\nmost = 4\nrounds = 12\n";
    let round =
        t.announced(who::round(LOTTERY, &format!("{PARITY}{REGION}{NEAR}{weighting}{}", after()))).await;
    t.jump(round.opens_at);
    let entrant = |number: usize| Wanted {
        miss_key: format!("key{number}"),
        ..wanted(
            100_000,
            &format!("birth_parity={} region={}", ["even", "odd"][number % 2], REGIONS[number / 8]),
        )
    };
    entered(&t, &round, (0..24).map(entrant)).await;
    until_told(&t, &round).await;
    let drawn = places(&t, &round).await;
    let ranks: BTreeMap<&str, i64> = drawn.iter().map(|p| (p.receipt.as_str(), p.rank)).collect();
    let near: BTreeMap<String, bool> =
        t.entries(&round).await.into_iter().map(|e| (e.receipt, e.fields.contains("jungang"))).collect();
    let placed: Vec<&str> =
        drawn.iter().filter(|p| p.starts_at.is_some()).map(|p| p.receipt.as_str()).collect();
    assert_eq!(placed.len(), 8, "three near places and five open ones");
    let misses = async || miss::Entity::find().count(t.db()).await.unwrap();
    assert_eq!(misses().await, 16, "who waits has drawn in vain");

    // Two give back; nobody buys.
    t.jump(kst("2026-12-05 12:00"));
    let opened = t.round(&round).await;
    for receipt in &placed[..2] {
        assert!(facts::give_back(&t.app, &opened, receipt, t.now()).await.unwrap());
    }
    t.jump(kst("2026-12-05 20:00"));
    told(&t, &round, &[], Some(t.now())).await;
    let mut waiting: BTreeSet<&str> =
        ranks.keys().copied().filter(|receipt| !placed.contains(receipt)).collect();
    // Second times are spread over both days; who has one on the first has missed it by the second offer.
    let over = async || {
        let all = moves(&t, &round).await.into_iter().filter(|row| row.offer == 1);
        let all = all.filter(|row| row.starts_at.is_some_and(|at| at < kst("2026-12-08 00:00")));
        all.map(|row| (row.outcome, row.receipt)).collect::<BTreeSet<_>>()
    };
    for (number, at) in [(1, OFFERS[0]), (2, OFFERS[1])] {
        if number == 2 {
            t.jump(kst(at) - TimeDelta::hours(1));
            told(&t, &round, &[], Some(t.now())).await;
        }
        t.jump(kst(at));
        t.tick().await;
        let assigned = receipts(&t, &round, number, "assigned").await;
        let lapsed = over().await.iter().filter(|(outcome, _)| outcome == "caught_up").count();
        let free = if number == 1 { 2 } else { lapsed };
        assert_eq!(assigned.len(), free, "offer {number}: every place that came free, and no more");
        assert!(assigned.iter().all(|receipt| waiting.remove(receipt.as_str())));
        // Nobody who is near was passed over for somebody later, nor anybody else for somebody who is not near.
        for given in &assigned {
            let jumped = |receipt: &&&str| {
                ranks[**receipt] < ranks[given.as_str()] && (near[**receipt] || !near[given])
            };
            assert_eq!(waiting.iter().find(jumped), None, "jumped by {given} in offer {number}");
        }
        assert_eq!(misses().await, waiting.len() as u64, "who was offered a place has not drawn in vain");
        verified_after(&t, &round).await;
    }
    assert_eq!(receipts(&t, &round, 1, "returned").await.len(), 2);
    assert_eq!(receipts(&t, &round, 1, "caught_up").await.len(), 6);
    let over = over().await;
    let of = |outcome: &str| {
        let of = over.iter().filter(|(was, _)| was == outcome);
        of.map(|(_, receipt)| receipt.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(receipts(&t, &round, 2, "lapsed").await, of("caught_up"), "who missed a second time");
    assert_eq!(receipts(&t, &round, 2, "caught_up").await, of("assigned"), "who missed for the first time");
    assert!(!of("caught_up").is_empty());
}

async fn a_round_of_funds_gives_second_times_with_the_same_amount(engine: Engine) {
    let fund = |name: &str, each: u32, more: &str| {
        format!("[[fund]]\nname = \"{name}\"\nper_seat = {each}\nbudget = 100000000\n{more}\n")
    };
    let funds = fund("province", 100_000, "") + &fund("city", 50_000, "match = { region = [\"jungang\"] }");
    let t = TestApp::start(engine).await;
    let more = format!("{PARITY}{REGION}{funds}{}", after());
    let round = t.announced(who::round("mode = \"everyone\"", &more)).await;
    t.jump(round.opens_at);
    let entrant = |number: usize| {
        let kept = format!("birth_parity={} region={}", ["even", "odd"][number % 2], REGIONS[number / 4]);
        wanted(250_000, &kept)
    };
    entered(&t, &round, (0..12).map(entrant)).await;
    until_told(&t, &round).await;
    let drawn = places(&t, &round).await;
    let entries = t.entries(&round).await;
    let due = |receipt: &str| {
        let entry = entries.iter().find(|entry| entry.receipt == receipt).unwrap();
        if entry.fields.contains("jungang") { 150_000 } else { 100_000 }
    };
    assert!(drawn.iter().all(|place| place.starts_at.is_some() && place.amount == due(&place.receipt)));
    t.jump(kst("2026-12-05 20:00"));
    let opened = t.round(&round).await;
    assert!(facts::give_back(&t.app, &opened, &drawn[0].receipt, t.now()).await.unwrap());
    let bought_at = drawn[1].starts_at.unwrap() + TimeDelta::minutes(1);
    told(&t, &round, &[(drawn[1].receipt.as_str(), bought_at)], Some(t.now())).await;
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    let second: BTreeSet<String> = drawn[2..].iter().map(|place| place.receipt.clone()).collect();
    assert_eq!(receipts(&t, &round, 1, "caught_up").await, second, "{drawn:?} {:?}", moves(&t, &round).await);
    let all = moves(&t, &round).await;
    let placed = all.iter().filter(|row| row.starts_at.is_some());
    assert!(placed.clone().count() == 10 && placed.clone().all(|row| row.amount == due(&row.receipt)));
    assert!(placed.clone().all(|row| row.starts_at.unwrap() >= kst("2026-12-07 14:00")));
    verified_after(&t, &round).await;
    // Second times are spread over both days; those of the first have been missed by the second offer.
    let over = placed.filter(|row| row.starts_at.unwrap() < kst("2026-12-08 00:00"));
    let over: BTreeSet<String> = over.map(|row| row.receipt.clone()).collect();
    t.jump(kst(OFFERS[1]) - TimeDelta::hours(1));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[1]));
    t.tick().await;
    assert!(!over.is_empty());
    assert_eq!(receipts(&t, &round, 2, "lapsed").await, over);
    verified_after(&t, &round).await;
}
