//! A full disk: what cannot be kept is refused, and when there is room again everything goes on.

use jebi::store;
use sea_orm::ConnectionTrait;

use crate::support::{Engine, TestApp, verified};

/// SQLite answers a page too many like a full disk: SQLITE_FULL, and the transaction is gone.
async fn room(t: &TestApp, pages: u32) {
    let txn = t.app.db.begin().await.unwrap();
    txn.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_nothing_acknowledged_is_lost_and_the_steps_go_on() {
    let (t, round) = TestApp::open(Engine::Sqlite).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.tick().await;
    let mut late = t.resident(&round.slug, "late@example.org").await;
    late.answer(50_000, &[]).await;
    for _ in 0..3 {
        room(&t, 1).await;
        // SQLite ends this transaction by itself; the next one is given up for another reason.
        let txn = t.app.db.begin().await.unwrap();
        let wide = "x".repeat(500_000);
        let wide = format!("INSERT INTO inbox (written_at, events) VALUES ('x', '{wide}')");
        let error = txn.execute_unprepared(&wide).await.expect_err("there was room");
        assert!(error.to_string().contains("full"), "{error}");
        drop(txn);
        drop(t.app.db.begin().await.unwrap());
        t.tick().await;
    }
    // The connection was closed, and the limit with it: there is room again.
    assert_eq!(late.post("entry", &[]).await.to(), late.path("my"));
    // Whoever else looks sees what was acknowledged: it is committed, not in somebody's transaction.
    let stranger = t.stranger().await;
    assert!(!store::inbox::is_empty(stranger.read()).await.unwrap());
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    assert_eq!(t.row(&round).await.entrant_count, Some(2));
}
