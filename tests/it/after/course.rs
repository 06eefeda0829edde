//! Offers, from the first who misses a time to the last who waits.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entities::{assignment, offer};
use jebi::{
    domain::ineligible::Reason,
    jobs,
    lifecycle::{
        after::{
            bought::bought,
            facts, offer as offers,
            shift::{shift, shifting},
        },
        announce::Staff,
        record,
    },
    store,
};
use sea_orm::EntityTrait;

use super::{
    DAY, OFFERS, both_tick, draft, drawn, moves, places, reasons, receipts, staff, told, verified_after, word,
};
use crate::support::{Engine, Resident, TestApp, both, kst};

both!(
    a_whole_course_with_misses_offers_a_shift_and_two_instances,
    nobody_misses_a_time_before_sellers_have_told,
    offers_go_down_the_waitlist_and_never_past_anybody,
    an_offer_that_is_far_too_late_waits_for_a_shift,
    a_changed_database_publishes_nothing,
);

async fn a_whole_course_with_misses_offers_a_shift_and_two_instances(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = t.announced(draft(&t, 10, 6)).await;
    t.jump(round.opens_at);
    let mut crowd = t.crowd(&round.slug, 10).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(kst(&format!("{DAY} 08:59"))).await;
    let page = t.browser().get(&format!("/rounds/{}/record/offers.txt", round.slug)).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT, "nothing has happened yet");
    let drawn = places(&t, &round).await;
    let opened = t.round(&round).await;
    let of = |place: &assignment::Model| {
        let is = |r: &Resident| {
            opened.receipt(&format!("email:{}", r.address)).unwrap().to_string() == place.receipt
        };
        crowd.iter().position(is).unwrap()
    };
    let who: Vec<usize> = drawn.iter().map(of).collect();
    assert_eq!(drawn.iter().filter(|place| place.starts_at.is_some()).count(), 6);
    let receipt = |rank: usize| drawn[rank].receipt.as_str();

    // The first buys; the second gives back, keeps it after all, and gives it back again.
    t.jump(drawn[0].starts_at.unwrap() + TimeDelta::minutes(5));
    let bought_at = t.now();
    let second = &mut crowd[who[1]];
    second.identify(&t, "my").await;
    let page = second.mine().await;
    assert!(page.body().contains("my/return"), "{}", page.body());
    assert_eq!(second.post("my/return", &[]).await.to(), second.path("my"));
    assert_eq!(second.mine().await.word(), "ended");
    assert_eq!(second.post("my/keep", &[]).await.to(), second.path("my"));
    assert_ne!(second.mine().await.word(), "ended");
    // Two taps are one.
    second.post("my/return", &[]).await;
    second.post("my/return", &[]).await;
    let page = second.mine().await;
    assert!(page.word() == "ended" && page.body().contains("my/keep"), "{}", page.body());
    t.send_until(t.now() + TimeDelta::minutes(1)).await;
    assert_eq!(reasons(&t, receipt(1)).await.iter().filter(|reason| *reason == "returned").count(), 1);

    // The third is found ineligible.
    let round_now = t.round(&round).await;
    let alone = Staff { approver: " A Clerk".to_owned(), ..staff() };
    let ineligible = async |who: &Staff, reason| {
        facts::ineligible(&t.app, &round_now, receipt(2), reason, who, t.now()).await
    };
    assert!(ineligible(&alone, Some(Reason::Twice)).await.is_err());
    assert!(ineligible(&staff(), None).await.is_err(), "nobody has said so");
    ineligible(&staff(), Some(Reason::Twice)).await.unwrap();
    ineligible(&staff(), None).await.unwrap();
    ineligible(&staff(), Some(Reason::Resident)).await.unwrap();
    let page = {
        let third = &mut crowd[who[2]];
        third.identify(&t, "my").await;
        third.mine().await
    };
    assert!(page.word() == "ended" && page.body().contains("관내 주민이 아님"), "{}", page.body());

    // Time stands still from noon on.
    t.jump(kst(&format!("{DAY} 12:40")));
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, kst(&format!("{DAY} 12:05")), 35 * 60, "은행 점검").await.unwrap();
    shift(&t.app, &row, to_come.clone(), &staff(), t.now()).await.unwrap();
    assert!(shift(&t.app, &row, to_come, &staff(), t.now()).await.is_err(), "the same again");
    let ends_at = t.row(&round).await.ends_at;
    assert_eq!(ends_at, round.ends_at + TimeDelta::minutes(35));
    t.send_until(kst(&format!("{DAY} 20:00"))).await;
    verified_after(&t, &round).await;

    // Three have missed their time: their page says that nothing is lost.
    t.jump(kst("2026-11-29 09:00"));
    assert_eq!(word(&t, &mut crowd[who[3]]).await, "not_yet");
    let report = told(&t, &round, &[(receipt(0), bought_at)], Some(kst("2026-11-29 08:00"))).await;
    assert_eq!((report.kept, report.refused.len()), (1, 0));
    let again = told(&t, &round, &[(receipt(0), bought_at)], None).await;
    assert_eq!((again.kept, again.known), (0, 1));
    assert_eq!(word(&t, &mut crowd[who[0]]).await, "done");

    // The first offer.
    t.jump(kst(OFFERS[0]) - TimeDelta::seconds(1));
    both_tick(&t, &other).await;
    let made = offer::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(made.len(), 1);
    let set = |ranks: &[usize]| ranks.iter().map(|rank| receipt(*rank).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(receipts(&t, &round, 1, "caught_up").await, set(&[3, 4, 5]));
    assert_eq!(receipts(&t, &round, 1, "returned").await, set(&[1]));
    assert_eq!(receipts(&t, &round, 1, "ineligible").await, set(&[2]));
    assert_eq!(
        receipts(&t, &round, 1, "assigned").await,
        set(&[6, 7]),
        "two notes for the first two that wait"
    );
    verified_after(&t, &round).await;
    t.send_until(kst("2026-11-29 13:59")).await;
    for rank in [3, 4, 5, 6, 7] {
        let news = if rank < 6 { "caught_up" } else { "offered" };
        assert_eq!(reasons(&t, receipt(rank)).await.iter().filter(|reason| *reason == news).count(), 1);
    }
    let letters = t.mailbox.messages_for(&crowd[who[3]].address);
    assert!(letters.iter().any(|letter| letter.body.contains("두 번째 구매 시간")), "{letters:?}");
    assert_eq!(word(&t, &mut crowd[who[4]]).await, "not_yet");
    assert_eq!(word(&t, &mut crowd[who[6]]).await, "not_yet");
    let why = crowd[who[6]].get("my/why").await;
    assert!(why.body().contains("건너뛰지 않았고"), "{}", why.body());
    assert_eq!(word(&t, &mut crowd[who[1]]).await, "ended");
    crowd[who[1]].post("my/keep", &[]).await;
    assert_eq!(crowd[who[1]].mine().await.word(), "ended", "too late to keep it");

    // One of the three buys in the second time, and so do both who waited; the others lapse.
    t.jump(kst("2026-11-29 17:00"));
    assert_eq!(word(&t, &mut crowd[who[3]]).await, "your_turn");
    let buyers = [(receipt(3), t.now()), (receipt(6), t.now()), (receipt(7), t.now())];
    t.jump(kst("2026-11-30 09:00"));
    told(&t, &round, &buyers, Some(t.now())).await;
    t.jump(kst(OFFERS[1]));
    both_tick(&t, &other).await;
    assert_eq!(receipts(&t, &round, 2, "lapsed").await, set(&[4, 5]));
    assert_eq!(receipts(&t, &round, 2, "assigned").await, set(&[8, 9]));
    t.send_until(kst("2026-11-30 13:59")).await;
    assert_eq!(word(&t, &mut crowd[who[5]]).await, "ended");
    assert!(reasons(&t, receipt(5)).await.contains(&"lapsed".to_owned()));

    // Nobody buys, nobody waits: the third offer gives second times.
    t.jump(kst("2026-12-01 09:00"));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[2]));
    both_tick(&t, &other).await;
    assert_eq!(receipts(&t, &round, 3, "caught_up").await, set(&[8, 9]));
    let files = verified_after(&t, &round).await;
    let text = String::from_utf8(files["offers.txt"].clone()).unwrap();
    assert_eq!(text.matches("offer ").count(), 3, "{text}");
    // A third instance makes the same bytes, and nothing is made twice.
    let third = t.another().await;
    jobs::check_published(&third).await;
    t.jump(kst("2026-12-03 10:00"));
    both_tick(&t, &other).await;
    assert_eq!(verified_after(&t, &round).await, files);
    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(page.body().contains("은행 점검") && page.body().contains("두 번째 시간 3건"), "{}", page.body());
    let page = t.browser().get(&format!("/rounds/{}/record", round.slug)).await;
    assert!(page.body().contains("after-checkpoint.txt"), "{}", page.body());
}

async fn nobody_misses_a_time_before_sellers_have_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 5).await;
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    assert!(moves(&t, &round).await.is_empty(), "an offer without facts");
    // Told up to noon: whose place was held to the end by then.
    told(&t, &round, &[], Some(kst(&format!("{DAY} 14:15")))).await;
    t.jump(kst(OFFERS[1]));
    t.tick().await;
    let by_then = |place: &&assignment::Model| {
        place.starts_at.is_some_and(|at| at + TimeDelta::hours(4) <= kst(&format!("{DAY} 14:15")))
    };
    let expected: BTreeSet<String> =
        places(&t, &round).await.iter().filter(by_then).map(|place| place.receipt.clone()).collect();
    assert_eq!(receipts(&t, &round, 2, "caught_up").await, expected);
    assert!(!expected.is_empty() && expected.len() < 5);
    verified_after(&t, &round).await;
    assert!(
        bought(&t.app, &round, b"", "bank.csv", Some(t.now() + TimeDelta::seconds(1)), t.now())
            .await
            .is_err(),
        "nobody knows what will be bought"
    );
}

/// A stream of numbers that is the same on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

async fn offers_go_down_the_waitlist_and_never_past_anybody(engine: Engine) {
    for seed in 1..=3_u64 {
        let t = TestApp::start(engine).await;
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let round = drawn(&t, 30, 12 + seed * 4).await;
        let ranks: BTreeMap<String, i64> =
            places(&t, &round).await.into_iter().map(|place| (place.receipt, place.rank)).collect();
        let mut waiting: BTreeSet<i64> =
            places(&t, &round).await.iter().filter(|p| p.starts_at.is_none()).map(|p| p.rank).collect();
        for (number, at) in (1..).zip(OFFERS) {
            let opened = t.round(&round).await;
            let mut buyers = Vec::new();
            let moves = store::offer::list_all_moves(t.db(), round.id, None).await.unwrap();
            t.jump(kst(at) - TimeDelta::minutes(30));
            for drawn in places(&t, &round).await {
                let steps = store::offer::steps(&drawn, moves.get(&drawn.receipt).map_or(&[], Vec::as_slice));
                let Some(place) = opened.standing(&steps).place() else { continue };
                match chance.below(4) {
                    0 if place.turn.starts_at < t.now() => buyers.push((drawn.receipt, place.turn.starts_at)),
                    1 => drop(facts::give_back(&t.app, &opened, &drawn.receipt, t.now()).await.unwrap()),
                    _ => {}
                }
            }
            let buyers: Vec<(&str, DateTime<Utc>)> = buyers.iter().map(|(r, at)| (r.as_str(), *at)).collect();
            told(&t, &round, &buyers, Some(t.now())).await;
            if chance.below(2) == 0 {
                let row = t.row(&round).await;
                let some = chance.below(3_600) + 1;
                let to_come = shifting(&t.app, &row, t.now(), some, "정전").await.unwrap();
                shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
            }
            t.jump(kst(at));
            t.tick().await;
            // Everybody wants the same: what is free goes to the very first of those who wait.
            let assigned = receipts(&t, &round, number, "assigned").await;
            let given: BTreeSet<i64> = assigned.iter().map(|receipt| ranks[receipt]).collect();
            let first: BTreeSet<i64> = waiting.iter().copied().take(given.len()).collect();
            assert_eq!(given, first, "offer {number} of seed {seed}");
            waiting.retain(|rank| !given.contains(rank));
            // And second times come in the order of the ranks.
            let all = self::moves(&t, &round).await;
            for outcome in ["caught_up", "assigned"] {
                let mut times: Vec<(i64, DateTime<Utc>)> = all
                    .iter()
                    .filter(|m| m.offer == number && m.outcome == outcome)
                    .map(|m| (ranks[&m.receipt], m.starts_at.unwrap()))
                    .collect();
                times.sort_unstable();
                assert!(
                    times.is_sorted_by_key(|(_, at)| *at),
                    "{outcome} of {number}, seed {seed}: {times:?}"
                );
                assert!(times.iter().all(|(_, at)| *at >= kst(OFFERS[0]) + TimeDelta::hours(1)));
            }
            verified_after(&t, &round).await;
        }
        assert!(!moves(&t, &round).await.is_empty());
    }
}

async fn an_offer_that_is_far_too_late_waits_for_a_shift(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 6, 6).await;
    t.jump(kst(&format!("{DAY} 23:59")));
    told(&t, &round, &[], Some(t.now())).await;
    // The service was away for a day: second times on the 29th are over.
    t.jump(kst(OFFERS[0]) + TimeDelta::hours(11));
    let row = t.row(&round).await;
    let error = offers::offer(&t.app, &row, 1, t.now()).await.unwrap_err();
    assert!(error.to_string().contains("jebi shift"), "{error}");
    t.tick().await;
    assert!(moves(&t, &round).await.is_empty());
    let to_come = shifting(&t.app, &row, kst(OFFERS[0]), 24 * 3_600, "전산 장애").await.unwrap();
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    t.tick().await;
    let all = moves(&t, &round).await;
    assert_eq!(all.len(), 6);
    assert!(all.iter().all(|m| m.starts_at.is_some_and(|at| at > t.now())), "{all:?}");
    verified_after(&t, &round).await;
}

async fn a_changed_database_publishes_nothing(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 6, 4).await;
    t.jump(kst(OFFERS[0]) - TimeDelta::minutes(1));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    let files = verified_after(&t, &round).await;
    let one = moves(&t, &round).await[0].receipt.clone();
    for (change, back) in [
        (format!("UPDATE moved SET amount = amount + 1 WHERE receipt = '{one}'"), None),
        (
            "UPDATE offer SET text = replace(text, 'missed', 'returned')".to_owned(),
            Some("UPDATE offer SET text = replace(text, 'returned', 'missed')".to_owned()),
        ),
    ] {
        let published = t.round(&round).await;
        t.meddle(&change).await;
        let error = record::after::check(&t.app, &published).await.unwrap_err();
        assert!(error.to_string().contains("restore"), "{error}");
        // What is once published stays served as it was.
        let file = t.browser().get(&format!("/rounds/{}/record/offers.txt", round.slug)).await;
        assert_eq!(file.bytes, files["offers.txt"]);
        let back = back.unwrap_or(format!("UPDATE moved SET amount = amount - 1 WHERE receipt = '{one}'"));
        t.meddle(&back).await;
        record::after::check(&t.app, &published).await.unwrap();
    }
}
