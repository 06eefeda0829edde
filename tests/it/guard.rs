//! The bias guard: an honest result is published with its table, a strange one waits for two people.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::round;
use jebi::domain::bias;
use jebi::lifecycle::{announce::Staff, guard, pulse, release::release};
use public_audit::{Digest, lot, record::Pulse};

use crate::support::{Engine, TestApp, both, verified};

both!(
    an_honest_result_comes_with_its_table,
    a_strange_result_waits_for_two_people,
    what_cohorts_go_by_is_looked_at_too,
    a_late_release_moves_times_that_nobody_could_be_told_of,
);

/// A drawn round of a hundred; before the draw, `meddle` may look at the lots.
pub async fn drawn(t: &TestApp, favour: bool) -> round::Model {
    let round = t.announced(t.draft(200)).await;
    t.jump(round.opens_at);
    t.entered(&round, 100).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at] {
        t.jump(at);
        t.tick().await;
    }
    t.jump(round.pulse_at);
    assert!(pulse::keep(&t.app, &t.row(&round).await, &Pulse::None {}, "", t.now()).await.unwrap());
    if favour {
        // As if whoever reads English had been given the smallest lots.
        let row = t.row(&round).await;
        let seed = jebi::app::Round::open(&t.app.keys, row).unwrap();
        let seed: Digest = jebi::lifecycle::draw::seed_input(&seed, &Pulse::None {}).unwrap().draw_seed();
        let mut receipts: Vec<String> = t.entries(&round).await.into_iter().map(|e| e.receipt).collect();
        receipts.sort_by_key(|receipt| lot::lot(&seed, &receipt.parse().unwrap(), 1));
        let half = receipts[..50].iter().map(|receipt| format!("'{receipt}'")).collect::<Vec<_>>().join(",");
        t.meddle(&format!("UPDATE entry SET lang = 'en' WHERE receipt IN ({half})")).await;
    }
    t.tick().await;
    t.row(&round).await
}

async fn an_honest_result_comes_with_its_table(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, false).await;
    assert_eq!(round.held_at, None);
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let table = String::from_utf8(files["bias.txt"].clone()).unwrap();
    assert!(table.contains("\nlang=ko entries 100 ") && table.ends_with("\nwithin chance\n"), "{table}");
    assert!(table.contains("\norder=entered ") && table.contains("\norder=receipt "), "{table}");
}

async fn a_strange_result_waits_for_two_people(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, true).await;
    assert!(round.drawn_at.is_some() && round.held_at.is_some());
    t.jump(round.results_at);
    let record = format!("/rounds/{}/record", round.slug);
    assert_eq!(t.browser().get(&record).await.status, StatusCode::NOT_FOUND);
    assert!(!t.notices().await.iter().any(|notice| notice.reason == "result"), "somebody would be told");
    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(page.body().contains("담당자 두 명이 살펴보고"), "{}", page.body());
    let staff = |approver: &str| Staff::new("kim", approver);
    assert!(release(&t.app, &round, "fine", &staff("KIM "), 0, t.now()).await.is_err());
    release(&t.app, &round, "the import of English entries was looked at", &staff("lee"), 0, t.now())
        .await
        .unwrap();
    assert!(release(&t.app, &t.row(&round).await, "again", &staff("lee"), 0, t.now()).await.is_err());
    assert_eq!(t.notices().await.iter().filter(|notice| notice.reason == "result").count(), 100);
    let files = verified(&t, &round).await;
    assert!(String::from_utf8_lossy(&files["bias.txt"]).ends_with("\nbeyond chance\n"));
    let lines = jebi::store::journal::list(t.db(), round.id).await.unwrap();
    let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds[kinds.len() - 3..], ["drawn", "held", "released"]);
    assert!(lines.last().unwrap().line.contains("English"));
}

async fn what_cohorts_go_by_is_looked_at_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(200)).await;
    t.jump(round.opens_at);
    t.entered(&round, 120).await;
    let opened = t.round(&round).await;
    let seed = Digest([5; 32]);
    let mut receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    // Who lives where has nothing to do with the lots, and then as if the island had the smallest.
    for favour in [false, true] {
        if favour {
            receipts.sort_by_key(|receipt| lot::lot(&seed, &receipt.parse().unwrap(), 1));
        }
        t.meddle("UPDATE entry SET fields = 'age_band=40s region=north'").await;
        let half = receipts[..60].iter().map(|receipt| format!("'{receipt}'")).collect::<Vec<_>>().join(",");
        t.meddle(&format!(
            "UPDATE entry SET fields = 'age_band=40s region=island' WHERE receipt IN ({half})"
        ))
        .await;
        let tests = guard::table(t.db(), &opened, &seed).await.unwrap();
        let text = bias::text("x", &tests);
        for group in ["field.age_band=40s entries 120 ", "field.region=island entries 60 "] {
            assert!(text.contains(group), "{text}");
        }
        assert_eq!(bias::is_fair(&tests), !favour, "{text}");
    }
}

async fn a_late_release_moves_times_that_nobody_could_be_told_of(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, true).await;
    let drawn = jebi::store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let first = drawn.iter().filter_map(|place| place.starts_at).min().unwrap();
    // It took two people until the day of purchase to look.
    t.jump(first + TimeDelta::hours(30));
    let staff = Staff::new("kim", "lee");
    let reason = "the import of English entries was looked at";
    for days in [0, 1] {
        let error = release(&t.app, &round, reason, &staff, days, t.now()).await.unwrap_err();
        assert!(error.to_string().contains("at least 2 "), "{error}");
    }
    assert!(t.row(&round).await.released_at.is_none());
    release(&t.app, &round, reason, &staff, 3, t.now()).await.unwrap();
    assert_eq!(t.row(&round).await.ends_at, round.ends_at + TimeDelta::days(3));
    let lines = jebi::store::journal::list(t.db(), round.id).await.unwrap();
    assert_eq!(lines.last().unwrap().kind, "shifted");
    t.send_until(t.now() + TimeDelta::hours(24)).await;
    let told = t.notices().await;
    assert!(told.iter().filter(|notice| notice.reason == "result").all(|notice| notice.state == "accepted"));
    assert!(!told.iter().any(|notice| notice.reason == "shifted"), "nobody knew another time");
    // What everybody was told is the moved time.
    let letters: Vec<_> =
        (0..100).flat_map(|n| t.mailbox.messages_for(&format!("r{n}@example.org"))).collect();
    let told = |at| {
        let words = jebi::words::Lang::ALL.map(|lang| jebi::words::instant::minute(at, lang));
        letters.iter().any(|letter| words.iter().any(|words| letter.body.contains(words)))
    };
    assert!(told(first + TimeDelta::days(3)) && !told(first));
    verified(&t, &round).await;
}
