//! The actual send curve against the plan: never above it in any minute, and everybody in the end, across an outage,
//! a restart and a change of the rate while notices leave.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use entities::attempt;
use jebi::store;
use sea_orm::EntityTrait;

use crate::support::{Engine, TestApp, both};

both!(no_minute_is_above_the_plan_across_an_outage_a_restart_and_a_live_change);

async fn by_minute(t: &TestApp, round_id: i64) -> BTreeMap<DateTime<Utc>, usize> {
    let results: Vec<i64> = {
        let list = store::notice::list(t.db(), round_id, "result").await.unwrap();
        list.into_iter().map(|notice| notice.id).collect()
    };
    let mut load = BTreeMap::new();
    for one in attempt::Entity::find().all(t.db()).await.unwrap() {
        if results.contains(&one.notice_id) {
            *load.entry(one.started_at.with_second(0).unwrap().with_nanosecond(0).unwrap()).or_default() += 1;
        }
    }
    load
}

async fn no_minute_is_above_the_plan_across_an_outage_a_restart_and_a_live_change(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(400);
    draft.spread_hours = 1;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 240).await;
    t.send().await;
    t.draw(&round).await;
    let began = round.results_at;
    // Four a minute were planned. Ten minutes as planned, ten of silence, then a new process.
    t.jump(began);
    t.send_until(began + TimeDelta::minutes(10)).await;
    let (other, vendor) = (t.another().await, t.vendor_at(t.mailbox.addr().port()));
    t.jump(began + TimeDelta::minutes(20));
    t.send_until_by(&other, &vendor, began + TimeDelta::minutes(30)).await;
    // Staff slow it down to three a minute, while two senders are at work.
    let changed = began + TimeDelta::minutes(30);
    store::rate::set_round(&t.app.db, &format!("round {}", round.slug), round.id, Some(3), changed)
        .await
        .unwrap();
    for minute in 30..90 {
        t.send_until(began + TimeDelta::minutes(minute)).await;
        t.send_until_by(&other, &vendor, began + TimeDelta::minutes(minute)).await;
    }
    let load = by_minute(&t, round.id).await;
    for (minute, count) in &load {
        let most = if *minute < changed { 4 } else { 3 };
        assert!(*count <= most, "{count} left at {minute}, {most} were planned: {load:?}");
    }
    let silent = load.range(began + TimeDelta::minutes(11)..began + TimeDelta::minutes(20)).count();
    assert_eq!(silent, 0);
    let total: usize = load.values().sum();
    assert_eq!(total, 240, "{load:?}");
    let told = t.mailbox.counts();
    assert_eq!((told.len(), told.values().max()), (240, Some(&2)), "a confirmation and a result each");
}

both!(who_comes_into_a_minute_otherwise_asks_for_a_place_in_it);

async fn who_comes_into_a_minute_otherwise_asks_for_a_place_in_it(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.spread_hours = 1;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 60).await;
    t.send().await;
    t.draw(&round).await;
    // One a minute was planned. Ten come into the tenth minute as after a failed try or a dead vendor.
    let tenth = round.results_at + TimeDelta::minutes(10);
    let list = store::notice::list(t.db(), round.id, "result").await.unwrap();
    let mut ids: Vec<i64> = list.iter().filter(|one| one.planned_at < tenth).map(|one| one.id).collect();
    ids.truncate(10);
    for id in &ids {
        let at = (tenth + TimeDelta::seconds(5)).to_rfc3339();
        t.meddle(&format!("UPDATE notice SET due_at = '{at}' WHERE id = {id}")).await;
    }
    t.jump(tenth);
    t.send_until(round.results_at + TimeDelta::minutes(90)).await;
    let load = by_minute(&t, round.id).await;
    assert_eq!(load.values().sum::<usize>(), 60);
    assert_eq!(load.values().max(), Some(&1), "{load:?}");
    assert!(!ids.is_empty());
}
