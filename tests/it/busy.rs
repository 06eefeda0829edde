//! When everybody comes at once: 503 with a spread-out time to come back, and nothing typed twice.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entities::round as rounds;
use futures_util::future::join_all;
use jebi::clock::Clock;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use std::{ops::RangeInclusive, time::Duration};

use crate::support::{Engine, Page, TestApp, both};

both!(
    a_full_inbox_asks_to_come_back_and_loses_nothing,
    nobody_is_sent_past_the_close,
    an_absent_database_is_said_so,
);

fn asks_to_come_back(page: &Page, action: &str, token: &str) {
    asks_to_come_back_in(30..=300, page, action, token);
}

fn asks_to_come_back_in(within: RangeInclusive<u64>, page: &Page, action: &str, token: &str) {
    assert_eq!((page.status, page.language()), (StatusCode::SERVICE_UNAVAILABLE, "ko"));
    let seconds: u64 = page.header(header::RETRY_AFTER).parse().unwrap();
    assert!(within.contains(&seconds), "{seconds}");
    assert!(page.body().contains(&format!("action=\"{action}\"")), "{}", page.body());
    assert_eq!(page.hidden("csrf").as_deref(), Some(token));
}

async fn a_full_inbox_asks_to_come_back_and_loses_nothing(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.limits.inbox = 4;
        config.database.acquire_ms = 60_000;
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let mut crowd = Vec::new();
    for number in 0..12 {
        let mut resident = t.resident(&round.slug, &format!("r{number}@example.org")).await;
        resident.answer(100_000, &["am"]).await;
        crowd.push(resident);
    }
    // The writer waits for the database, and the queue fills up behind it.
    let stranger = t.stranger().await;
    let lock = stranger.begin().await.unwrap();
    rounds::Entity::find_by_id(round.id).lock_exclusive().one(&lock).await.unwrap();
    let (answers, ()) =
        tokio::join!(join_all(crowd.iter_mut().map(|resident| resident.post("entry", &[]))), async {
            Clock::pause(Duration::from_millis(100)).await;
            lock.rollback().await.unwrap();
        });
    let mut refused = 0;
    let mut waits = std::collections::BTreeSet::new();
    for (resident, answer) in crowd.iter_mut().zip(&answers) {
        if answer.status == StatusCode::SEE_OTHER {
            continue;
        }
        refused += 1;
        let (action, token) = (resident.path("entry"), resident.browser.csrf.clone());
        asks_to_come_back(answer, &action, &token);
        waits.insert(answer.header(header::RETRY_AFTER).to_owned());
        // The form on the page sends the same again, and the answers are still in the cookie.
        assert_eq!(resident.post("entry", &[]).await.to(), resident.path("my"));
    }
    // Four wait in the queue, and some more may be in the writer's hands.
    assert!((3..=8).contains(&refused), "{refused} of 12 were refused");
    assert!(waits.len() > 1, "all are asked to come back together");
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 12);
}

/// Three minutes before the close, and nine seconds: whoever does as the page says can send again, more than once.
async fn nobody_is_sent_past_the_close(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.limits.inbox = 1;
        config.database.acquire_ms = 60_000;
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.closes_at - TimeDelta::minutes(10));
    let mut crowd = Vec::new();
    for number in 0..6 {
        let mut resident = t.resident(&round.slug, &format!("r{number}@example.org")).await;
        resident.answer(100_000, &["am"]).await;
        crowd.push(resident);
    }
    let stranger = t.stranger().await;
    for (left, within) in [(180, 30..=60), (9, 2..=3)] {
        t.jump(round.closes_at - TimeDelta::seconds(left));
        let lock = stranger.begin().await.unwrap();
        rounds::Entity::find_by_id(round.id).lock_exclusive().one(&lock).await.unwrap();
        let (answers, ()) =
            tokio::join!(join_all(crowd.iter_mut().map(|resident| resident.post("entry", &[]))), async {
                Clock::pause(Duration::from_millis(100)).await;
                lock.rollback().await.unwrap();
            });
        let mut refused = 0;
        for (resident, answer) in crowd.iter_mut().zip(&answers) {
            if answer.status != StatusCode::SEE_OTHER {
                refused += 1;
                let (action, token) = (resident.path("entry"), resident.browser.csrf.clone());
                asks_to_come_back_in(within.clone(), answer, &action, &token);
                assert!(answer.body().contains("11월 26일(목) 오후 6:00까지"), "{}", answer.body());
            }
            resident.get("my").await;
            resident.answer(100_000, &["am"]).await;
        }
        assert!(refused > 0, "nobody was refused {left} seconds before the close");
    }
}

/// Of two who are in each other's way PostgreSQL lets one go: at a deadlock, and engines like it at every conflict. Whoever
/// it is sends again; nothing of theirs was kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_in_anothers_way_is_asked_to_send_again() {
    let (t, round) = TestApp::open(Engine::Postgres).await;
    let stranger = t.stranger().await;
    for code in ["40001", "40P01"] {
        let mut resident = t.stranger_at(&round.slug, &format!("r{code}@example.org"));
        let refuses = format!(
            "CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '{code}'; END $$; \
             CREATE TRIGGER in_the_way BEFORE INSERT ON code FOR EACH ROW EXECUTE FUNCTION in_the_way()"
        );
        stranger.read().execute_unprepared(&refuses).await.unwrap();
        let answer = resident.ask("enter").await;
        let (action, token) = (resident.path("enter"), resident.browser.csrf.clone());
        asks_to_come_back(&answer, &action, &token);
        assert!(answer.body().contains("지금은 잠시 저장할 수 없습니다"), "{}", answer.body());
        let goes = "DROP TRIGGER in_the_way ON code; DROP FUNCTION in_the_way()";
        stranger.read().execute_unprepared(goes).await.unwrap();
        assert_eq!(resident.ask("enter").await.status, StatusCode::SEE_OTHER);
    }
}

async fn an_absent_database_is_said_so(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(100_000, &[]).await;
    let (action, token) = (minji.path("entry"), minji.browser.csrf.clone());
    t.db().clone().close().await.unwrap();
    if engine == Engine::Postgres {
        // One pool for both: the entry cannot be kept, and this is not hidden.
        asks_to_come_back(&minji.post("entry", &[]).await, &action, &token);
    }
    // One of the few pages that need no database.
    let status = t.browser().get("/status").await;
    assert_eq!((status.status, status.language()), (StatusCode::OK, "ko"));
    assert_eq!(t.browser().get("/healthz").await.status, StatusCode::OK);
    assert_eq!(t.browser().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let mine = minji.get("my").await;
    assert_eq!((mine.status, mine.language()), (StatusCode::SERVICE_UNAVAILABLE, "ko"));
    assert!(mine.body().contains("지금은 잠시 저장할 수 없습니다"), "{}", mine.body());
}
