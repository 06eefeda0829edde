//! The forecast of an open round: once a day, whoever makes it, whatever stops in between.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entities::round;
use jebi::{
    app::{App, erases_at},
    demo,
    domain::{
        draft::BeaconChoice,
        plan::{Nothing, Spike, number},
        staff::Role,
    },
    jobs,
    lifecycle::{
        announce::Staff,
        forecast::{Warned, forecast_due, made, made_lately},
        void::void,
    },
    store,
    words::number::grouped,
};

use crate::support::{Engine, TestApp, both, kst};

both!(
    a_forecast_is_made_once_a_day,
    a_crowd_that_was_not_planned_for_is_warned_of,
    a_killed_forecast_is_made_again,
    one_instance_counts_and_the_other_does_not,
    what_came_to_nothing_is_tried_again_minutes_later,
    a_page_shows_the_same_one_for_a_minute,
    why_there_is_no_forecast_is_said_as_it_is,
    a_round_that_cannot_be_planned_keeps_no_other_from_its_forecast,
    a_round_before_says_how_people_come,
    what_was_rehearsed_or_ended_says_nothing,
    a_round_before_is_read_once,
    a_sale_without_a_known_limit_is_not_announced,
);

async fn kept(t: &TestApp, round: i64) -> Option<Warned> {
    let plan = store::plan::find(t.db(), round).await.unwrap().unwrap();
    assert_eq!(plan.forecast.is_some(), plan.forecast_at.is_some());
    plan.forecast.map(|json| serde_json::from_str(&json).unwrap())
}

async fn a_forecast_is_made_once_a_day(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.tick().await;
    assert_eq!(kept(&t, round.id).await, None, "nobody has entered");
    t.entered(&round, 30).await;
    t.pass(TimeDelta::hours(2));
    t.tick().await;
    let first = kept(&t, round.id).await.unwrap();
    assert_eq!((first.forecast.entered, first.forecast.made_at), (30, t.now()));
    assert!(first.forecast.low >= 30 && first.forecast.high <= 100, "at most 100 could: {first:?}");
    assert!(first.warnings.is_empty(), "{first:?}");
    // Again on the same day, by another instance too, after an hour that was slept through.
    let another = t.another().await;
    t.pass(TimeDelta::hours(5));
    t.tick().await;
    jobs::tick(&another).await;
    assert_eq!(kept(&t, round.id).await.unwrap(), first);
    // Midnight in Korea, and days later.
    t.jump(kst("2026-11-25 00:00"));
    jobs::tick(&another).await;
    let third = kept(&t, round.id).await.unwrap();
    assert_eq!(third.forecast.made_at, kst("2026-11-25 00:00"));
    assert!(third.forecast.passed > first.forecast.passed);
    // Closed: nothing is left to forecast.
    t.close(&round).await;
    assert_eq!(kept(&t, round.id).await.unwrap(), third);
}

async fn a_crowd_that_was_not_planned_for_is_warned_of(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(10);
    draft.expect.at_most = None;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 18).await;
    t.pass(TimeDelta::hours(1));
    t.tick().await;
    // 18 places, and so many after the first hour alone.
    let warned = kept(&t, round.id).await.unwrap();
    assert!(warned.forecast.expected > 100, "{warned:?}");
    assert!(warned.warnings.iter().any(|warning| warning.starts_with("room: ")), "{warned:?}");
    assert!(warned.possible.iter().any(|warning| warning.starts_with("room: ")), "{warned:?}");
    // What the seller must take of them, which is no more than there are places.
    let seller = &warned.loads[0];
    assert_eq!((seller.dependency.as_str(), seller.spike), ("seller", Spike::Starts), "{warned:?}");
    assert!(
        0.0 < seller.low && seller.low <= seller.expected && seller.expected <= seller.high,
        "{seller:?}"
    );

    // Both reasons and the load are for whoever looks at the round.
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = kim.see(&format!("/console/rounds/{}", round.slug)).await;
    // Where all places are taken in any case, more people are no more load.
    let states = warned.loads.iter().any(|load| load.interval().is_some());
    let [low, high] = seller.interval().unwrap_or(["–", "–"].map(String::from));
    let loads = if states { vec![low, number(seller.expected), high] } else { vec![number(seller.expected)] };
    let cell = |load: &String| format!("<td class=\"number\">{load}</td>");
    let loads = loads.iter().map(cell).collect::<String>();
    for words in [
        format!("들어올 수 있는 사람 {}명", grouped(warned.forecast.expected)),
        format!("가장 많이 와서 {}명이 되면", grouped(warned.forecast.high)),
        format!("들어올 수 있는 사람 {}명", grouped(warned.forecast.high)),
        "이만큼 오면 계획의 한도를 넘습니다".to_owned(),
        format!("<th scope=\"row\" class=\"words\">seller</th><td>구매 시작</td>{loads}"),
    ] {
        assert!(page.body().contains(&words), "{words}: {}", page.body());
    }
}

/// Nothing is kept of a forecast that was not committed: the next tick makes it.
async fn a_killed_forecast_is_made_again(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 5).await;
    t.pass(TimeDelta::hours(1));
    {
        let txn = t.app.db.begin().await.unwrap();
        let day = kst("2026-11-23 00:00");
        assert!(store::plan::settle(&txn, round.id, day, t.now(), "{}".to_owned()).await.unwrap());
        // Dropped here, like a process that is killed.
    }
    assert_eq!(kept(&t, round.id).await, None);
    t.tick().await;
    assert_eq!(kept(&t, round.id).await.unwrap().forecast.entered, 5);
}

/// What it asks of the database to see whether a forecast of the one round is due: for open rounds, and for its plan.
const LOOK: u64 = 2;

/// Whether an instance finds nothing wrong with the forecasts that are due, and what it asked.
async fn tried(app: &App, now: DateTime<Utc>) -> (bool, u64) {
    let before = app.db.asked();
    let made = forecast_due(app, now).await;
    (made.is_ok(), app.db.asked() - before)
}

async fn one_instance_counts_and_the_other_does_not(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 5).await;
    t.pass(TimeDelta::hours(1));
    let other = t.another().await;
    // Somebody else is at it.
    let (db, minute) = (&t.app.db, TimeDelta::minutes(1));
    assert!(store::lease::take(db, "forecast", "somebody", t.now(), minute).await.unwrap());
    // To ask for the lease takes two.
    assert_eq!(tried(&other, t.now()).await, (true, LOOK + 2));
    assert_eq!(kept(&t, round.id).await, None);
    store::lease::give_back(db, "forecast", "somebody").await.unwrap();
    let (is_well, asked) = tried(&other, t.now()).await;
    assert!(is_well && asked > LOOK + 2, "{asked}");
    assert_eq!(kept(&t, round.id).await.unwrap().forecast.entered, 5);
    assert_eq!(tried(&t.app, t.now()).await, (true, LOOK), "it is made");
    // The next day both knock at once, and whoever made it has given the lease back.
    t.jump(kst("2026-11-24 00:00"));
    let (one, two) = tokio::join!(forecast_due(&t.app, t.now()), forecast_due(&other, t.now()));
    one.unwrap();
    two.unwrap();
    assert_eq!(kept(&t, round.id).await.unwrap().forecast.made_at, t.now());
    assert!(store::lease::take(db, "forecast", "somebody", t.now(), minute).await.unwrap());
}

async fn what_came_to_nothing_is_tried_again_minutes_later(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let (is_well, asked) = tried(&t.app, t.now()).await;
    assert!(is_well && asked > LOOK, "{asked}");
    t.entered(&round, 5).await;
    for seconds in [1, 298] {
        t.pass(TimeDelta::seconds(seconds));
        assert_eq!(tried(&t.app, t.now()).await, (true, LOOK), "begun anew, at {}", t.now());
    }
    assert_eq!(kept(&t, round.id).await, None);
    t.pass(TimeDelta::seconds(1));
    assert!(tried(&t.app, t.now()).await.0);
    assert_eq!(kept(&t, round.id).await.unwrap().forecast.entered, 5);
    // One that goes wrong likewise.
    t.meddle(&format!("UPDATE plan SET inputs = 'unread' WHERE round_id = {}", round.id)).await;
    t.jump(kst("2026-11-24 00:00"));
    assert!(!tried(&t.app, t.now()).await.0);
    t.pass(TimeDelta::seconds(1));
    assert_eq!(tried(&t.app, t.now()).await, (true, LOOK));
    t.pass(TimeDelta::minutes(5));
    assert!(!tried(&t.app, t.now()).await.0, "it is never tried again");
}

async fn a_page_shows_the_same_one_for_a_minute(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
    let shown = async || made_lately(&t.app, &plan, &round, t.now()).await.unwrap();
    assert_eq!(shown().await.err(), Some(Nothing::NobodyYet));
    t.entered(&round, 5).await;
    assert_eq!(shown().await.err(), Some(Nothing::TooSoon), "why there is none is not kept");
    t.pass(TimeDelta::minutes(2));
    let first = shown().await.unwrap();
    t.pass(TimeDelta::seconds(59));
    let asked = t.app.db.asked();
    assert!(Arc::ptr_eq(&first, &shown().await.unwrap()));
    assert_eq!(t.app.db.asked(), asked);
    t.pass(TimeDelta::seconds(1));
    assert_eq!(shown().await.unwrap().forecast.made_at, t.now());
}

async fn a_round_that_cannot_be_planned_keeps_no_other_from_its_forecast(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    let mut draft = demo::tongyeong(kst("2026-11-23 14:00"), 100);
    draft.slug = "another".to_owned();
    let second = t.announced(draft).await;
    t.meddle(&format!("UPDATE plan SET inputs = 'unread' WHERE round_id = {}", first.id)).await;
    t.jump(second.opens_at);
    t.entered(&first, 5).await;
    t.entered(&second, 6).await;
    t.pass(TimeDelta::hours(1));
    let error = forecast_due(&t.app, t.now()).await.unwrap_err().to_string();
    assert!(error.starts_with(&first.slug), "{error}");
    assert_eq!(kept(&t, first.id).await, None);
    assert_eq!(kept(&t, second.id).await.unwrap().forecast.entered, 6);
}

async fn why_there_is_no_forecast_is_said_as_it_is(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(100)).await;
    let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
    let why = async |t: &TestApp| {
        let row = t.row(&round).await;
        made(&t.app, &plan, &row, t.now()).await.unwrap().map(|planned| planned.forecast.entered)
    };
    assert_eq!(why(&t).await, Err(Nothing::NotOpen));
    t.jump(round.opens_at);
    assert_eq!(why(&t).await, Err(Nothing::NobodyYet));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let path = format!("/console/rounds/{}", round.slug);
    let page = kim.see(&path).await;
    assert!(page.body().contains("아직 아무도 신청하지 않아"), "{}", page.body());
    t.entered(&round, 5).await;
    assert_eq!(why(&t).await, Err(Nothing::TooSoon));
    t.pass(TimeDelta::seconds(10));
    let page = kim.see(&path).await;
    let (said, wrong) = ("시작한 지 1분이 되지 않았습니다", "아직 아무도 신청하지 않아");
    assert!(page.body().contains(said) && !page.body().contains(wrong), "{}", page.body());
    t.pass(TimeDelta::minutes(1));
    assert_eq!(why(&t).await, Ok(5));
    // Once their people are erased, how many there were is still known.
    t.draw(&round).await;
    t.jump(erases_at(&t.row(&round).await));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    assert_eq!(why(&t).await, Ok(5));

    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(100)).await;
    let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
    t.jump(round.closes_at);
    assert_eq!(made(&t.app, &plan, &round, t.now()).await.unwrap().err(), Some(Nothing::Nobody));
    void(&t.app, &round, "a power cut", &Staff::new("a clerk", "an approver"), t.now()).await.unwrap();
    let row = t.row(&round).await;
    assert_eq!(made(&t.app, &plan, &row, t.now()).await.unwrap().err(), Some(Nothing::Void));
}

async fn a_sale_without_a_known_limit_is_not_announced(engine: Engine) {
    let t = TestApp::start(engine).await;
    let staff = Staff::new("a clerk", "another");
    let announce = async |draft| jebi::lifecycle::announce::announce(&t.app, &draft, &staff).await;
    let mut blind = t.draft(10);
    blind.dependency.clear();
    blind.beacon = BeaconChoice::Drand;
    let error = announce(blind.clone()).await.unwrap_err().to_string();
    assert!(error.contains("nobody has said what the seller can take"), "{error}");
    // With a limit that is too small it is refused for that, and nothing is kept of either.
    let mut narrow = t.draft(100);
    narrow.dependency[0].per_second = Some(0.1);
    let error = announce(narrow).await.unwrap_err().to_string();
    assert!(error.contains("the round is not safe") && error.contains("seller must take"), "{error}");
    assert!(store::round::list(t.db()).await.unwrap().is_empty());
    blind.beacon = BeaconChoice::None;
    announce(blind).await.unwrap();
}

async fn a_round_before_says_how_people_come(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    t.entered(&first, 40).await;
    t.pass(TimeDelta::minutes(50));
    t.tick().await;
    assert_eq!(kept(&t, first.id).await.unwrap().forecast.rounds, 0);
    t.draw(&first).await;
    let mut draft = demo::tongyeong(kst("2026-12-07 10:00"), 100);
    draft.slug = "another".to_owned();
    let second = t.announced(draft).await;
    t.jump(second.opens_at);
    t.entered(&second, 30).await;
    t.pass(TimeDelta::hours(2));
    t.tick().await;
    // There all who came had come by then.
    let forecast = kept(&t, second.id).await.unwrap().forecast;
    assert_eq!((forecast.rounds, forecast.entered, forecast.expected), (1, 30, 30));
    // One round says little: a hundred could come.
    assert!(forecast.low < forecast.high, "{forecast:?}");
}

/// The next round of the name, two hours after it has opened, and so many have entered.
async fn later(t: &TestApp, slug: &str, opens: &str, beacon: BeaconChoice, people: usize) -> round::Model {
    let mut draft = demo::tongyeong(kst(opens), 100);
    (draft.slug, draft.beacon) = (slug.to_owned(), beacon);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, people).await;
    t.pass(TimeDelta::hours(2));
    t.tick().await;
    round
}

async fn what_was_rehearsed_or_ended_says_nothing(engine: Engine) {
    let (t, ended) = TestApp::open(engine).await;
    t.entered(&ended, 40).await;
    for at in [ended.closes_at, ended.seals_at] {
        t.jump(at);
        t.tick().await;
    }
    let ended = t.row(&ended).await;
    assert!(ended.sealed_at.is_some());
    void(&t.app, &ended, "a power cut", &Staff::new("a clerk", "an approver"), t.now()).await.unwrap();
    let rehearsed = later(&t, "rehearsed", "2026-12-07 10:00", BeaconChoice::None, 40).await;
    assert_eq!(kept(&t, rehearsed.id).await.unwrap().forecast.rounds, 0, "it was ended");
    t.draw(&rehearsed).await;
    let earnest = later(&t, "earnest", "2026-12-14 10:00", BeaconChoice::Drand, 40).await;
    assert_eq!(kept(&t, earnest.id).await.unwrap().forecast.rounds, 0, "it was rehearsed");
    let again = later(&t, "again", "2026-12-14 14:00", BeaconChoice::None, 40).await;
    assert_eq!(kept(&t, again.id).await.unwrap().forecast.rounds, 1, "so is this one");
}

/// Nothing of it changes any more, and every look at an open round would ask for all of it.
async fn a_round_before_is_read_once(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    t.entered(&first, 40).await;
    t.pass(TimeDelta::hours(1));
    t.tick().await;
    t.draw(&first).await;
    let second = later(&t, "another", "2026-12-07 10:00", BeaconChoice::None, 30).await;
    let plan = store::plan::find(t.db(), second.id).await.unwrap().unwrap();
    let fresh = t.another().await;
    let mut asked = Vec::new();
    for _ in 0..2 {
        let before = fresh.db.asked();
        let made = made(&fresh, &plan, &second, t.now()).await.unwrap().unwrap();
        assert_eq!(made.forecast.rounds, 1);
        asked.push(fresh.db.asked() - before);
    }
    assert!(asked[0] > 2, "{asked:?}");
    assert_eq!(asked[1], 1, "how many have entered, and nothing of the round before");
}
