//! What waits: found at the front of its index, and explained.

use std::time::Duration;

use chrono::TimeDelta;
use entities::{attempt, notice};
use jebi::{
    config::{Sms, sms},
    notify::queue,
    store,
};
use sea_orm::EntityTrait;

use super::{codes, vendor_of};
use crate::support::{Engine, TestApp, both};

both!(a_claim_reads_from_the_front_of_its_index, what_waits_is_explained);

async fn a_claim_reads_from_the_front_of_its_index(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let now = t.now();
    let txn = t.app.db.begin().await.unwrap();
    let many = (0..20_000).map(|number| {
        let at = now + TimeDelta::seconds(number);
        store::notice::planned(round.id, &format!("a{number}"), "result", 1, "sms", at, TimeDelta::days(3))
    });
    store::notice::insert_all(&txn, many).await.unwrap();
    txn.commit().await.unwrap();
    if engine == Engine::Postgres {
        let txn = t.app.db.begin().await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&txn, "ANALYZE notice").await.unwrap();
        txn.commit().await.unwrap();
    }
    let claim = "SELECT * FROM notice WHERE state = 'planned' AND channel = 'sms' AND class = 'notice' AND \
                 due_at <= '2026-12-24 00:00:00+00:00' AND deadline_at > '2026-11-23 00:00:00+00:00' ORDER BY due_at LIMIT 20";
    let explain = if engine == Engine::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let rows = sea_orm::ConnectionTrait::query_all_raw(
        t.db(),
        sea_orm::Statement::from_string(
            sea_orm::ConnectionTrait::get_database_backend(t.db()),
            format!("{explain} {claim}"),
        ),
    )
    .await
    .unwrap();
    let column = if engine == Engine::Sqlite { "detail" } else { "QUERY PLAN" };
    let plan: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("notice_claim"), "{plan}");
    assert!(!plan.to_lowercase().contains("sort") && !plan.contains("TEMP B-TREE"), "{plan}");
}

async fn what_waits_is_explained(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let t = TestApp::start_with(engine, |config| {
        let file = sms::File { path: path.join("t.jsonl"), priority: 1, per_second: 1 };
        config.sms = Some(Sms { per_second: 2, file: Some(file), ..Sms::default() });
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let of = async || {
        let state = queue::state(&t.app).await.unwrap();
        state.queues.into_iter().find(|queue| (queue.channel, queue.class) == ("sms", "auth")).unwrap()
    };
    assert_eq!(of().await.waits_for, queue::WaitsFor::Nothing);
    codes(&t, round.id, 180).await;
    let waiting = of().await;
    // One a second through the only vendor: three minutes.
    assert_eq!((waiting.planned, waiting.due, waiting.per_minute), (180, 180, 60));
    assert_eq!(waiting.waits_for, queue::WaitsFor::Rate);
    assert_eq!(waiting.empty_at, Some(t.now() + TimeDelta::minutes(3)));
    store::rate::set(&t.app.db, "channel sms", Some(0), t.now()).await.unwrap();
    assert_eq!((of().await.waits_for, of().await.empty_at), (queue::WaitsFor::Staff, None));
    let vendor = vendor_of(&t, t.app.config.sms.as_ref().unwrap()).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 0);
    assert!(t.notices().await.iter().all(|notice| notice.state == "planned"));
    store::rate::set(&t.app.db, "channel sms", None, t.now()).await.unwrap();
    t.pass(TimeDelta::seconds(11));
    let sender = t.send_by(&t.app, &vendor);
    let sent = jebi::clock::Clock::within(Duration::from_millis(3_500), sender).await;
    assert!(sent.is_none(), "180 texts left within four seconds at one a second");
    let attempts = attempt::Entity::find().all(t.db()).await.unwrap().len();
    assert!((2..=5).contains(&attempts), "{attempts}");
    let _ = notice::Entity::find().one(t.db()).await.unwrap();
}
