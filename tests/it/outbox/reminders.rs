//! Reminders, and that a place is still held.

use chrono::{DateTime, TimeDelta, Utc};
use jebi::store;

use crate::support::{Engine, TestApp, both};

both!(
    reminders_leave_in_the_evening_and_before_ones_minute,
    who_has_not_bought_is_told_once_that_the_place_is_held,
);

async fn reminders_leave_in_the_evening_and_before_ones_minute(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 30).await;
    t.draw(&round).await;
    let reminders = async |reason: &'static str| {
        let mut all = store::notice::list(t.db(), round.id, reason).await.unwrap();
        all.retain(|notice| notice.state == "planned");
        all
    };
    t.jump(round.results_at);
    t.tick().await;
    assert!(reminders("eve").await.is_empty(), "not before the afternoon");
    t.send_until(crate::support::kst("2026-11-27 16:30")).await;
    for _ in 0..30 {
        t.tick().await;
    }
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let assigned = places.iter().filter(|place| place.starts_at.is_some()).count();
    let eve = reminders("eve").await;
    assert_eq!(eve.len(), assigned);
    assert!(eve.iter().all(|notice| notice.due_at < crate::support::kst("2026-11-27 21:00")));
    t.send_until(crate::support::kst("2026-11-27 20:59")).await;
    assert!(reminders("eve").await.is_empty());
    t.jump(round.ends_at - TimeDelta::hours(4));
    for _ in 0..60 {
        t.tick().await;
    }
    // For whoever starts within the next half hour, at ten minutes before; for nobody who has started.
    let soon = reminders("soon").await;
    let ahead = |start: DateTime<Utc>| start > t.now() && start <= t.now() + TimeDelta::minutes(30);
    let due = places.iter().filter(|place| place.starts_at.is_some_and(ahead)).count();
    assert_eq!(soon.len(), due);
    for notice in &soon {
        let place = places.iter().find(|place| place.receipt == notice.about).unwrap();
        assert_eq!(notice.due_at, place.starts_at.unwrap() - TimeDelta::minutes(10));
        assert_eq!(notice.deadline_at, place.starts_at.unwrap());
    }
}

async fn who_has_not_bought_is_told_once_that_the_place_is_held(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(40);
    draft.still_open_hours = Some(2);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 12).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    t.send_until(crate::support::kst("2026-11-28 08:30")).await;
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let bank = |receipt: &str| entities::bought::Model {
        round_id: round.id,
        receipt: receipt.to_owned(),
        amount: 10_000,
        at: t.now(),
        source: "bank".to_owned(),
    };
    let txn = t.app.db.begin().await.unwrap();
    let buyers = places[..4].iter().map(|place| bank(&place.receipt)).collect();
    store::bought::insert_all(&txn, buyers).await.unwrap();
    txn.commit().await.unwrap();
    let mut at = t.now();
    while at < crate::support::kst("2026-11-28 20:50") {
        at += TimeDelta::minutes(20);
        t.tick().await;
        t.send_until(at).await;
    }
    let open = store::notice::list(t.db(), round.id, "open").await.unwrap();
    assert_eq!(open.len(), 8, "once each, and nobody who has bought");
    for notice in &open {
        let place = places[4..].iter().find(|place| place.receipt == notice.about).unwrap();
        assert_eq!(notice.planned_at, place.starts_at.unwrap() + TimeDelta::hours(2));
        assert_eq!(notice.state, "accepted");
    }
    let mails = t.mailbox.counts().into_keys().flat_map(|to| t.mailbox.messages_for(&to));
    let told = mails.filter(|mail| mail.subject.contains("아직 구매하실 수 있습니다")).count();
    assert_eq!(told, 8);
}
