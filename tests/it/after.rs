//! After the draw: second times, offers, places given back, time that stands still. Whatever happens is replayed by
//! the citizen's verifier.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{assignment, bought as sales, moved, notice, offer, round};
use jebi::{
    app::App,
    domain::{
        draft::{After, Draft, Opening, Part},
        ineligible::Reason,
    },
    jobs,
    lifecycle::{
        LifecycleError,
        after::{
            bought::{Report, bought},
            facts, offer as offers,
            shift::{shift, shifting},
        },
        announce::Staff,
        record,
    },
    store,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{Engine, Resident, TestApp, both, kst, verified};

both!(
    a_whole_course_with_misses_offers_a_shift_and_two_instances,
    nobody_misses_a_time_before_sellers_have_told,
    a_shift_moves_exactly_what_had_not_begun_and_tells_each_once,
    giving_back_and_keeping_race_the_offer,
    offers_go_down_the_waitlist_and_never_past_anybody,
    who_has_bought_is_never_moved,
    an_offer_that_is_far_too_late_waits_for_a_shift,
    a_changed_database_publishes_nothing,
    reminders_are_of_places_as_they_are_now,
);

/// The day of purchase, and the offers after it.
const DAY: &str = "2026-11-28";
const OFFERS: [&str; 3] = ["2026-11-29 10:00", "2026-11-30 10:00", "2026-12-01 10:00"];

/// Places are held for four hours; the budget is `units` notes of 10,000 won, so with more entries some wait.
fn draft(t: &TestApp, residents: u32, units: u64) -> Draft {
    let mut draft = t.draft(residents);
    draft.grace_hours = 4;
    draft.goods.budget = units * 10_000;
    draft.after = Some(After { offers: OFFERS.map(str::to_owned).into(), lead_minutes: 60 });
    for day in ["2026-11-29", "2026-11-30", "2026-12-01"] {
        draft.opening.push(Opening {
            first_day: day.to_owned(),
            days: 1,
            parts: vec![Part { name: "pm".to_owned(), from: "14:00".to_owned() }],
            until: "18:00".to_owned(),
            slot_minutes: 60,
            slot_capacity: Some(residents.div_ceil(4).max(1)),
            catch_up: true,
            ..Opening::default()
        });
    }
    draft
}

fn staff() -> Staff {
    Staff { clerk: "a clerk".to_owned(), approver: "an approver".to_owned() }
}

/// A drawn round whose results are out and told, just before the first time.
async fn drawn(t: &TestApp, residents: u32, units: u64) -> round::Model {
    let round = t.announced(draft(t, residents, units)).await;
    t.jump(round.opens_at);
    t.entered(&round, residents as usize).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(kst(&format!("{DAY} 08:59"))).await;
    t.row(&round).await
}

async fn places(t: &TestApp, round: &round::Model) -> Vec<assignment::Model> {
    store::assignment::list_by_rank(t.db(), round.id).await.unwrap()
}

async fn moves(t: &TestApp, round: &round::Model) -> Vec<moved::Model> {
    let all = moved::Entity::find().filter(moved::Column::RoundId.eq(round.id));
    all.order_by_asc(moved::Column::Offer).all(t.db()).await.unwrap()
}

/// Receipts an offer said `outcome` about.
async fn receipts(t: &TestApp, round: &round::Model, number: i64, outcome: &str) -> BTreeSet<String> {
    let moves = moves(t, round).await.into_iter();
    moves.filter(|m| m.offer == number && m.outcome == outcome).map(|m| m.receipt).collect()
}

/// A seller tells that these have bought, each at an instant, and that nothing before `until` is missing.
async fn told(
    t: &TestApp,
    round: &round::Model,
    buyers: &[(&str, DateTime<Utc>)],
    until: Option<DateTime<Utc>>,
) -> Report {
    let lines = buyers.iter().map(|(receipt, at)| format!("{receipt},{},10000\n", at.to_rfc3339()));
    let text: String = std::iter::once("receipt,time,amount\n".to_owned()).chain(lines).collect();
    bought(&t.app, round, text.as_bytes(), "bank.csv", until, t.now()).await.unwrap()
}

/// What the metronome does, on two instances at once, and again when the lease is free.
async fn both_tick(t: &TestApp, other: &App) {
    tokio::join!(jobs::tick(&t.app), jobs::tick(other), jobs::tick(&t.app), jobs::tick(other));
    t.pass(TimeDelta::seconds(61));
    tokio::join!(jobs::tick(other), jobs::tick(&t.app));
}

/// The record with what happened after the draw, judged by the citizen's verifier.
async fn verified_after(t: &TestApp, round: &round::Model) -> BTreeMap<String, Vec<u8>> {
    let mut files = verified(t, round).await;
    for name in public_audit::record::AFTER_FILES {
        let file = t.browser().get(&format!("/rounds/{}/record/{name}", round.slug)).await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
        assert_eq!(file.header(header::CACHE_CONTROL), "public, max-age=30");
        files.insert(name.to_owned(), file.bytes);
    }
    let report = public_audit::verify::verify(&files).unwrap();
    assert!(report.matches, "{report}");
    for check in ["after-form", "after-events", "offers-recomputed"] {
        let passed = report.to_string().lines().any(|line| line.contains("PASS") && line.contains(check));
        assert!(passed, "{check} did not pass: {report}");
    }
    record::after::check(&t.app, &t.round(round).await).await.unwrap();
    files
}

async fn reasons(t: &TestApp, receipt: &str) -> Vec<String> {
    let all = notice::Entity::find().filter(notice::Column::About.eq(receipt));
    let all = all.filter(notice::Column::State.eq("accepted")).order_by_asc(notice::Column::PlannedAt);
    all.all(t.db()).await.unwrap().into_iter().map(|notice| notice.reason).collect()
}

/// What a resident's page says.
async fn word(t: &TestApp, resident: &mut Resident) -> String {
    resident.identify(t, "my").await;
    resident.mine().await.word().to_owned()
}

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

async fn a_shift_moves_exactly_what_had_not_begun_and_tells_each_once(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(draft(&t, 24, 24)).await;
    t.jump(round.opens_at);
    t.entered(&round, 24).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    // Half of the results are told when it is known that buying will stop.
    let half = round.results_at + TimeDelta::minutes(i64::from(round.spread_minutes) / 2);
    t.send_until(half).await;
    let before = t.notices().await;
    let knows: BTreeSet<String> = before
        .iter()
        .filter(|notice| notice.reason == "result" && notice.state == "accepted")
        .map(|notice| notice.about.clone())
        .collect();
    assert!(knows.len() > 5 && knows.len() < 20, "{}", knows.len());
    let (row, from) = (t.row(&round).await, kst(&format!("{DAY} 10:05")));
    assert!(shifting(&t.app, &row, from, 0, "x").await.is_err());
    assert!(shifting(&t.app, &row, from, 60, "two\nlines").await.is_err());
    let to_come = shifting(&t.app, &row, from, 35 * 60, "정전 (power cut)").await.unwrap();
    let drawn = places(&t, &round).await;
    let moves_of = |place: &assignment::Model| place.starts_at.is_some_and(|at| at >= from);
    let longer = |place: &assignment::Model| {
        place.starts_at.is_some_and(|at| at < from && at + TimeDelta::hours(4) > from)
    };
    let concerned: BTreeSet<&str> = to_come.concerned.iter().map(|one| one.receipt.as_str()).collect();
    let expected: BTreeSet<&str> =
        drawn.iter().filter(|p| moves_of(p) || longer(p)).map(|p| p.receipt.as_str()).collect();
    assert_eq!(concerned, expected);
    for one in &to_come.concerned {
        let place = drawn.iter().find(|place| place.receipt == one.receipt).unwrap();
        let by = TimeDelta::minutes(if moves_of(place) { 35 } else { 0 });
        assert_eq!(one.then.starts_at, place.starts_at.unwrap() + by);
        assert_eq!(one.then.until, place.starts_at.unwrap() + TimeDelta::hours(4) + TimeDelta::minutes(35));
    }
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    // What was drawn stays as drawn.
    assert_eq!(places(&t, &round).await, drawn);
    t.send_until(kst(&format!("{DAY} 09:00"))).await;
    for place in &drawn {
        let heard = reasons(&t, &place.receipt).await;
        let count = |reason: &str| heard.iter().filter(|heard| *heard == reason).count();
        assert_eq!(count("result"), 1, "{heard:?}");
        let told = moves_of(place) || longer(place);
        assert_eq!(count("shifted"), usize::from(told && knows.contains(&place.receipt)), "{heard:?}");
    }
    // Whoever had not heard hears the new time at once.
    let place = drawn.iter().find(|place| moves_of(place) && !knows.contains(&place.receipt)).unwrap();
    let opened = t.round(&round).await;
    let address = (0..24).map(|n| format!("r{n}@example.org"));
    let address = address
        .into_iter()
        .find(|a| opened.receipt(&format!("email:{a}")).unwrap().to_string() == place.receipt);
    let letters = t.mailbox.messages_for(&address.unwrap());
    let then = place.starts_at.unwrap() + TimeDelta::minutes(35);
    let then = jebi::words::instant::minute(then, jebi::words::Lang::Ko);
    assert!(letters.iter().any(|letter| letter.body.contains(&then)), "{then} in {letters:?}");
    // The page shows it, and what was before.
    let mut resident = t.stranger_at(&round.slug, &letters[0].to);
    resident.identify(&t, "my").await;
    let page = resident.mine().await;
    assert!(page.body().contains("정전 (power cut)"), "{}", page.body());
    verified_after(&t, &round).await;
}

async fn giving_back_and_keeping_race_the_offer(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = drawn(&t, 14, 10).await;
    let drawn = places(&t, &round).await;
    let now = kst(OFFERS[0]);
    t.jump(now - TimeDelta::minutes(1));
    // Half have given back and change their minds at the very moment; the others give back then.
    let opened = t.round(&round).await;
    for place in &drawn[..5] {
        assert!(facts::give_back(&t.app, &opened, &place.receipt, t.now()).await.unwrap());
    }
    t.jump(now);
    let (row, apps) = (t.row(&round).await, [t.app.clone(), other.clone()]);
    let said = drawn[..10].iter().enumerate().map(|(number, place)| {
        let (app, opened, receipt) = (apps[number % 2].clone(), opened.clone(), place.receipt.clone());
        tokio::spawn(async move {
            match number < 5 {
                true => facts::keep(&app, &opened, &receipt, now).await,
                false => facts::give_back(&app, &opened, &receipt, now).await,
            }
        })
    });
    let made = (0..4).map(|number| {
        let (app, row) = (apps[number % 2].clone(), row.clone());
        tokio::spawn(async move { offers::offer(&app, &row, 1, now).await })
    });
    let (said, made) = tokio::join!(
        futures_util::future::join_all(said.collect::<Vec<_>>()),
        futures_util::future::join_all(made.collect::<Vec<_>>())
    );
    let made: Vec<Result<bool, LifecycleError>> = made.into_iter().map(Result::unwrap).collect();
    if !made.iter().any(|made| matches!(made, Ok(true))) {
        // Everybody was overtaken by what was said: the next tick makes it.
        t.tick().await;
    }
    assert_eq!(offer::Entity::find().all(t.db()).await.unwrap().len(), 1);
    let gone = receipts(&t, &round, 1, "returned").await;
    let facts = store::fact::list(t.db(), round.id, None).await.unwrap();
    for (number, said) in said.into_iter().enumerate() {
        let (said, receipt) = (said.unwrap().unwrap(), &drawn[number].receipt);
        match number < 5 {
            // Told that it is kept, it is; told that it is too late, it is gone.
            true => assert_eq!(said, !gone.contains(receipt), "{number}"),
            // Given back before or after the offer: in this one, or in the next.
            false => assert!(said && facts[receipt].kind == "returned"),
        }
    }
    verified_after(&t, &round).await;
    t.jump(kst(OFFERS[1]));
    t.tick().await;
    let (first, second) = (gone, receipts(&t, &round, 2, "returned").await);
    assert!(drawn[5..10].iter().all(|p| first.contains(&p.receipt) != second.contains(&p.receipt)));
    verified_after(&t, &round).await;
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

async fn who_has_bought_is_never_moved(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 8).await;
    let drawn = places(&t, &round).await;
    t.jump(kst(&format!("{DAY} 20:00")));
    let opened = t.round(&round).await;
    // The first gives back and is told of as a buyer a moment later: the purchase counts.
    assert!(facts::give_back(&t.app, &opened, &drawn[0].receipt, t.now()).await.unwrap());
    let all: Vec<(&str, DateTime<Utc>)> =
        drawn.iter().map(|p| (p.receipt.as_str(), p.starts_at.unwrap() + TimeDelta::minutes(1))).collect();
    told(&t, &round, &all[..7], Some(t.now())).await;
    assert!(!facts::give_back(&t.app, &opened, &drawn[1].receipt, t.now()).await.unwrap());
    let reason = Some(Reason::Conditions);
    assert!(facts::ineligible(&t.app, &opened, &drawn[1].receipt, reason, &staff(), t.now()).await.is_err());
    // Lines that cannot be are named, and the rest counts.
    let (ours, at) = (&drawn[7].receipt, t.now().to_rfc3339());
    let text = format!(
        "receipt,time,amount\nnonsense\n0000-0000-0000-0000,{at},10000\n{ours},{at},20000\n{ours},{at},20000\n{},{at},9\n",
        drawn[2].receipt
    );
    let report = bought(&t.app, &round, text.as_bytes(), "post.csv", None, t.now()).await.unwrap();
    let lines: Vec<usize> = report.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!((report.kept, lines), (1, vec![2, 3, 5, 6]), "{report:?}");
    assert_eq!(report.strange.first().map(|(line, what)| (*line, what.contains("more"))), Some((4, true)));
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, kst(&format!("{DAY} 09:00")), 3_600, "정전").await.unwrap();
    assert!(to_come.concerned.is_empty());
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    assert!(moves(&t, &round).await.is_empty());
    let news = t.notices().await;
    assert!(!news.iter().any(|notice| ["caught_up", "shifted", "lapsed"].contains(&notice.reason.as_str())));
    verified_after(&t, &round).await;
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

async fn reminders_are_of_places_as_they_are_now(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 6).await;
    let mut placed: Vec<(DateTime<Utc>, String)> =
        places(&t, &round).await.into_iter().filter_map(|p| Some((p.starts_at?, p.receipt))).collect();
    placed.sort();
    let [.., (gone_at, gone), (_, sold), (kept_at, kept)] = placed.as_slice() else {
        unreachable!("six have a place")
    };
    let reminders = async |about: &str| {
        let all = store::notice::list(t.db(), round.id, "soon").await.unwrap().into_iter();
        all.filter(|n| n.about == about).map(|n| (n.state, n.deadline_at)).collect::<Vec<_>>()
    };
    let ticks = async || {
        for _ in 0..20 {
            t.tick().await;
        }
    };
    // Planned, and then the place is given back: it is not told.
    t.jump(*gone_at - TimeDelta::minutes(25));
    ticks().await;
    assert_eq!(reminders(gone).await, [("planned".to_owned(), *gone_at)]);
    assert!(facts::give_back(&t.app, &*t.round(&round).await, gone, t.now()).await.unwrap());
    t.send_until(*gone_at - TimeDelta::minutes(9)).await;
    assert_eq!(reminders(gone).await, [("rejected".to_owned(), *gone_at)]);
    // One buys, and time stands still.
    let (round_id, at) = (round.id, t.now());
    let sale =
        sales::Model { round_id, receipt: sold.clone(), amount: 10_000, at, source: "bank".to_owned() };
    store::bought::insert_all(t.db(), vec![sale]).await.unwrap();
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, t.now(), 35 * 60, "정전").await.unwrap();
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    let then = *kept_at + TimeDelta::minutes(35);
    t.jump(then - TimeDelta::minutes(20));
    ticks().await;
    assert_eq!(reminders(kept).await.last(), Some(&("planned".to_owned(), then)));
    assert_eq!(reminders(gone).await.len(), 1, "it is given back still");
    assert!(!reminders(sold).await.iter().any(|(state, _)| state == "planned"), "it has bought");
    t.send_until(then - TimeDelta::minutes(9)).await;
    let told = reminders(kept).await;
    assert_eq!(told.iter().filter(|(state, _)| state == "accepted").count(), 1, "{told:?}");
    assert_eq!(told.last(), Some(&("accepted".to_owned(), then)));
}
