//! Who buys is learned from past rounds: for those that people enter from those, for a roster's from a roster's.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round;
use jebi::{
    demo,
    domain::{staff::Role, who::Household},
    lifecycle::{
        after::bought::bought,
        forecast::{Planned, Served, Warned, made},
    },
    store,
};

use crate::{
    after,
    roster::{imported, people, serving},
    support::{Engine, TestApp, both, kst},
};

both!(
    who_bought_before_says_who_buys,
    who_bought_at_a_second_time_had_missed_the_first,
    a_roster_is_forecast_too,
    until_all_of_a_roster_are_enrolled_they_are_expected,
);

/// These bought now, and perhaps nothing before an instant is missing.
async fn told(t: &TestApp, round: &round::Model, receipts: &[String], until: Option<DateTime<Utc>>) {
    let lines = receipts.iter().map(|receipt| format!("{receipt},{},10000\n", t.now().to_rfc3339()));
    let text: String = std::iter::once("receipt,time,amount\n".to_owned()).chain(lines).collect();
    let row = t.row(round).await;
    let report = bought(&t.app, &row, text.as_bytes(), "bank.csv", until, t.now()).await.unwrap();
    assert_eq!(report.kept, receipts.len(), "{report:?}");
}

async fn receipts(t: &TestApp, round: &round::Model) -> Vec<String> {
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    places.into_iter().map(|place| place.receipt).collect()
}

async fn kept(t: &TestApp, round: &round::Model) -> Warned {
    let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
    serde_json::from_str(&plan.forecast.unwrap()).unwrap()
}

/// A round that people enter, two hours after it has opened.
async fn entered(t: &TestApp, slug: &str, opens: &str) -> round::Model {
    let mut draft = demo::tongyeong(kst(opens), 100);
    draft.slug = slug.to_owned();
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 30).await;
    t.pass(TimeDelta::hours(2));
    round
}

/// A round of everybody on the list, when it has opened.
async fn served(t: &TestApp, slug: &str, opens: &str) -> round::Model {
    let like = demo::tongyeong(kst(opens), 60);
    let mut draft = serving(t, 60);
    (draft.slug, draft.times, draft.opening) = (slug.to_owned(), like.times, like.opening);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.tick().await;
    round
}

async fn who_bought_before_says_who_buys(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    t.entered(&first, 40).await;
    t.draw(&first).await;
    t.jump(first.ends_at);
    told(&t, &first, &receipts(&t, &first).await[..30], None).await;
    let second = entered(&t, "another", "2026-12-07 10:00").await;
    let plan = store::plan::find(t.db(), second.id).await.unwrap().unwrap();
    // Each time by an instance that has asked for nothing before.
    let look = async |t: &TestApp| -> Planned {
        made(&t.another().await, &plan, &second, t.now()).await.unwrap().unwrap()
    };
    let assumed = look(&t).await;
    assert_eq!((assumed.show.rounds, assumed.show.expected, assumed.show.planned), (0, 1.0, 1.0));
    assert!(assumed.loads.iter().all(|one| one.planned.is_none()), "{:?}", assumed.loads);

    // Once the seller has said that nobody is missing, the others did not come.
    told(&t, &first, &[], Some(first.ends_at - TimeDelta::seconds(1))).await;
    assert_eq!(look(&t).await.show.rounds, 0, "somebody may have bought in the last second");
    told(&t, &first, &[], Some(first.ends_at)).await;
    let learned = look(&t).await;
    let show = learned.show;
    assert!(show.rounds == 1 && (show.expected - 30.5 / 41.0).abs() < 1e-9, "{show:?}");
    assert!(0.0 < show.low && show.low < show.expected, "{show:?}");
    assert!(show.expected < show.high && show.high < show.planned, "{show:?}");
    let seller =
        |planned: &Planned| planned.loads.iter().find(|one| one.dependency == "seller").cloned().unwrap();
    let (before, after) = (seller(&assumed), seller(&learned));
    assert!(after.low < after.expected && after.expected < after.high, "{after:?}");
    assert!(after.expected < before.expected && after.planned == Some(before.expected), "{after:?}");

    // Everybody reads it, and it is kept.
    t.tick().await;
    assert_eq!(kept(&t, &second).await.show.rounds, 1);
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = kim.see(&format!("/console/rounds/{}", second.slug)).await;
    for words in [
        "제때 구매할 사람은 74.4 %로 예상합니다",
        "근거가 된 지난 회차 1개",
        "계획은 100 %입니다",
        "계획의 비율로",
    ] {
        assert!(page.body().contains(words), "{words}: {}", page.body());
    }
}

/// The plan has them come later, too.
async fn who_bought_at_a_second_time_had_missed_the_first(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = after::drawn(&t, 40, 1_000).await;
    let all = receipts(&t, &round).await;
    t.jump(kst("2026-11-29 10:00"));
    told(&t, &round, &all[..28], Some(t.now())).await;
    t.tick().await;
    let moved = store::offer::list_all_moves(t.db(), round.id, None).await.unwrap();
    assert_eq!(moved.len(), 12, "{moved:?}");
    assert!(all[28..].iter().all(|receipt| moved[receipt][0].outcome == "caught_up"), "{moved:?}");
    t.jump(kst("2026-11-30 20:00"));
    told(&t, &round, &all[28..33], None).await;
    assert_eq!(store::bought::count(t.db(), round.id).await.unwrap(), 33);
    assert_eq!(store::assignment::count_bought(t.db(), round.id).await.unwrap(), (40, 28));
}

async fn a_roster_is_forecast_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(40), None).await.unwrap();
    let first = served(&t, "first", "2026-11-23 10:00").await;
    let warned = kept(&t, &first).await;
    let forecast = warned.forecast;
    assert_eq!(warned.served, Some(Served { enrolled: true, households: false }));
    assert!(warned.warnings.is_empty(), "{warned:?}");
    assert_eq!((forecast.entered, forecast.low, forecast.expected, forecast.high), (40, 40, 40, 40));
    assert_eq!((warned.show.rounds, warned.show.expected), (0, 1.0));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = kim.see("/console/rounds/first").await;
    for words in ["40명이 모두 참여하며, 따로 신청할 필요가 없습니다", "100 %로 봅니다. 계획의 가정이며"]
    {
        assert!(page.body().contains(words), "{words}: {}", page.body());
    }
    // Nothing is known of how far off the loads may be, so no interval is stated of them.
    let states = |warned: &Warned| warned.loads.iter().any(|load| load.interval().is_some());
    assert!(!warned.loads.is_empty() && !states(&warned), "{warned:?}");
    assert!(page.body().contains("구매할 사람의 비율은 가정이므로"), "{}", page.body());
    assert!(!page.body().contains("적게 올 때") && !page.body().contains("많이 올 때"), "{}", page.body());
    t.draw(&first).await;
    t.jump(first.ends_at);
    told(&t, &first, &receipts(&t, &first).await[..30], Some(first.ends_at)).await;

    // Whoever enters wants to; of a roster nobody was asked.
    let wanted = entered(&t, "wanted", "2026-12-07 10:00").await;
    t.tick().await;
    assert_eq!(kept(&t, &wanted).await.show.rounds, 0);
    let second = served(&t, "second", "2026-12-14 10:00").await;
    let warned = kept(&t, &second).await;
    assert_eq!((warned.forecast.expected, warned.show.rounds), (40, 1));
    assert!((warned.show.expected - 30.5 / 41.0).abs() < 1e-9, "{warned:?}");
    assert!(warned.show.low < warned.show.expected && warned.show.expected < warned.show.high);
    let mut lee = t.staff("lee", Role::Clerk).await;
    let page = lee.see("/console/rounds/second").await;
    assert!(!page.body().contains("구매할 사람의 비율은 가정이므로"), "{}", page.body());
    // Of forty people's loads one is stated only where they differ as they are printed.
    for head in ["적게 올 때", "많이 올 때"] {
        assert_eq!(page.body().contains(head), states(&warned), "{warned:?}: {}", page.body());
    }
}

/// Nor are entries people where a household has one.
async fn until_all_of_a_roster_are_enrolled_they_are_expected(engine: Engine) {
    for (household, expected, all) in [
        (Household::None, "명이 참여할 것으로 예상하며", "40명이 모두 참여하며"),
        (Household::One, "건이 참여할 것으로 예상하며", "세대마다 1건씩 20건이 모두 참여하며"),
    ] {
        let t = TestApp::start(engine).await;
        imported(&t, &people(40), None).await.unwrap();
        let mut draft = serving(&t, 60);
        draft.household = household;
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        let households = household == Household::One;
        let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
        let made = made(&t.app, &plan, &round, t.now()).await.unwrap().unwrap();
        assert_eq!((made.forecast.entered, made.served), (0, Some(Served { enrolled: false, households })));
        let mut kim = t.staff("kim", Role::Clerk).await;
        let path = format!("/console/rounds/{}", round.slug);
        let page = kim.see(&path).await;
        assert!(page.body().contains(expected) && !page.body().contains(all), "{}", page.body());
        t.tick().await;
        let served = kept(&t, &round).await.served;
        assert_eq!(served, Some(Served { enrolled: true, households }));
        // The page shows the same one for a minute.
        t.pass(TimeDelta::minutes(1));
        let page = kim.see(&path).await;
        assert!(page.body().contains(all) && !page.body().contains(expected), "{}", page.body());
    }
}
