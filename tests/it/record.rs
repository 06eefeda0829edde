//! The record as people meet it: page by page, as one archive, with a program beside it.

mod kills;

use std::{
    fs::{self, File},
    io::{Cursor, Read},
    time::Duration,
};

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use jebi::{clock::Clock, jobs};
use public_audit::{Digest, lot};

use crate::support::{Engine, TestApp, both, verified};

both!(
    the_archive_is_the_record,
    it_is_still_there_without_a_database,
    the_sealed_list_needs_no_database_once_it_is_in_the_record,
    another_process_that_writes_files_there_is_waited_for,
    the_verifier_may_run_itself_and_nothing_else,
    everybody_can_ask_why
);

async fn the_archive_is_the_record(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 4).await;
    t.draw(&round).await;
    let path = format!("/rounds/{}/record.zip", round.slug);
    assert_eq!(t.browser().get(&path).await.status, StatusCode::NOT_FOUND, "the results are not out");
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let page = t.browser().get(&path).await;
    assert_eq!(page.header(header::CONTENT_TYPE), "application/zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(&page.bytes)).unwrap();
    assert_eq!(archive.len(), files.len());
    for (name, bytes) in &files {
        let mut packed = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut packed).unwrap();
        assert_eq!(&packed, bytes, "{name}");
    }
    // Another instance, with a folder of its own, makes the same bytes.
    let folder = tempfile::tempdir().unwrap();
    let key = "secret.key";
    fs::copy(t.app.config.secret_key_path(), folder.path().join(key)).unwrap();
    let config = jebi::config::Config {
        state_dir: folder.path().to_owned(),
        database_url: Some(t.app.config.database_url()),
        secret_key_file: Some(folder.path().join(key)),
        ..t.app.config.as_ref().clone()
    };
    let other = jebi::app::App::start(config, t.app.clock.clone()).await.unwrap();
    assert_eq!(t.browser_at(&other).get(&path).await.bytes, page.bytes);
}

async fn it_is_still_there_without_a_database(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    let (receipt, _) = pool.split_once(' ').unwrap();
    let others = ["record.zip".to_owned(), "verify".to_owned(), format!("record/paths/{receipt}")];
    let mut before = Vec::new();
    for path in &others {
        before.push(t.browser().get(&format!("/rounds/{}/{path}", round.slug)).await.bytes);
    }
    t.db().clone().close().await.unwrap();
    // Long enough that what was read of the round is looked for again.
    t.pass(TimeDelta::hours(1));
    for (name, bytes) in files {
        let page = t.browser().get(&format!("/rounds/{}/record/{name}", round.slug)).await;
        assert_eq!((page.status, page.bytes), (StatusCode::OK, bytes), "{name}");
    }
    for (path, bytes) in others.iter().zip(before) {
        let page = t.browser().get(&format!("/rounds/{}/{path}", round.slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.bytes == bytes, "{path}");
    }
}

async fn the_sealed_list_needs_no_database_once_it_is_in_the_record(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    let list = fs::read(t.app.record_dir(&round.slug).join("pool.txt")).unwrap();
    t.db().clone().close().await.unwrap();
    let page = t.browser().get(&format!("/rounds/{}/record/pool.txt", round.slug)).await;
    assert_eq!((page.status, page.bytes), (StatusCode::OK, list));
    let page = t.browser().get(&format!("/rounds/{}/record/result.txt", round.slug)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "the results are not out");
}

async fn another_process_that_writes_files_there_is_waited_for(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    let record = t.app.record_dir(&round.slug);
    let all = record.parent().unwrap();
    // Another disk; `jebi pack` is at work on it.
    fs::remove_dir_all(all).unwrap();
    let theirs = all.join(".theirs.making");
    fs::create_dir_all(&theirs).unwrap();
    fs::write(theirs.join("pool.txt"), "half a li").unwrap();
    let other = File::open(all).unwrap();
    other.lock().unwrap();
    let app = t.app.clone();
    let mut making = tokio::spawn(async move { jobs::records(&app, app.clock.now()).await });
    tokio::select! {
        made = &mut making => panic!("it was not waited for: {made:?}"),
        () = Clock::pause(Duration::from_millis(300)) => {}
    }
    assert!(theirs.join("pool.txt").exists() && !record.exists());
    // It is killed, and nobody asks for the record.
    drop(other);
    assert!(making.await.unwrap());
    assert!(record.exists() && !theirs.exists());
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn the_verifier_may_run_itself_and_nothing_else(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let path = format!("/rounds/{}/verify", round.slug);
    assert_eq!(t.browser().get(&path).await.status, StatusCode::NOT_FOUND);
    t.draw(&round).await;
    t.jump(round.results_at);
    let page = t.browser().get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.starts_with("default-src 'none'") && policy.contains("connect-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let other = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(!other.header(header::CONTENT_SECURITY_POLICY).contains("script"));
}

async fn everybody_can_ask_why(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, 9).await;
    crowd[8].withdraw().await;
    t.draw(&round).await;
    crowd[0].identify(&t, "my").await;
    assert_eq!(crowd[0].get("my/why").await.status, StatusCode::NOT_FOUND, "the results are not out");
    t.jump(round.results_at);
    let seed: Digest = t.row(&round).await.draw_seed.unwrap().parse().unwrap();
    for resident in &mut crowd[..8] {
        resident.identify(&t, "my").await;
        let receipt = resident.mine().await.receipt().to_owned();
        let page = resident.get("my/why").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body());
        let own = lot::lot(&seed, &receipt.parse().unwrap(), 1).to_string();
        let shown = page.body().replace(',', "");
        assert!(shown.contains(&own) && shown.contains(&receipt), "{own} {receipt} {shown}");
        // The first is the smallest of all.
        let smallest = t.entries(&round).await.into_iter().filter(|entry| entry.withdrawn_at.is_none());
        let smallest = smallest.map(|entry| lot::lot(&seed, &entry.receipt.parse().unwrap(), 1)).min();
        assert!(shown.contains(&smallest.unwrap().to_string()));
    }
    crowd[8].identify(&t, "my").await;
    assert_eq!(crowd[8].get("my/why").await.status, StatusCode::NOT_FOUND);
    let stranger = t.stranger_at(&round.slug, "stranger@example.org").get("my/why").await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
}
