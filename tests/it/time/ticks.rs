//! Ticks: twice, late, or never.

use axum::http::StatusCode;
use chrono::TimeDelta;
use public_audit::Digest;

use super::{WHOLE, journal};
use crate::support::{Engine, TestApp, both, verified};

both!(
    ticks_may_be_doubled,
    ticks_may_be_skipped,
    a_seed_that_was_not_revealed_in_time_counts_as_zero,
    without_a_metronome_the_round_opens_and_closes_by_the_clock,
);

async fn ticks_may_be_doubled(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 5).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at, round.pulse_at, round.results_at] {
        t.jump(at);
        t.tick().await;
        t.tick().await;
        t.pass(TimeDelta::seconds(1));
        t.tick().await;
    }
    assert_eq!(journal(&t, &round).await, WHOLE);
    verified(&t, &round).await;
}

/// Asleep from before the close until after the reveal: the close is where it was, the pool is
/// what was entered by then, and everything else follows at once.
async fn ticks_may_be_skipped(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.jump(round.reveals_at + TimeDelta::minutes(10));
    let refused = t.stranger_at(&round.slug, "late@example.org").get("enter").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    t.tick().await;
    assert_eq!(journal(&t, &round).await, WHOLE[..4]);
    t.jump(round.pulse_at + TimeDelta::hours(5));
    t.tick().await;
    assert_eq!(journal(&t, &round).await, WHOLE);
    t.jump(round.results_at);
    verified(&t, &round).await;
    let row = t.row(&round).await;
    assert_eq!(row.entrant_count, Some(1));
    assert_ne!(row.organiser_seed, Some(Digest::ZERO.to_string()));
}

async fn a_seed_that_was_not_revealed_in_time_counts_as_zero(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    t.jump(round.seals_at);
    t.tick().await;
    t.jump(round.pulse_at);
    t.tick().await;
    // A seed that was not shown in time is never shown, and the journal has no line for it.
    assert_eq!(journal(&t, &round).await, ["announced", "closed", "sealed", "pulse", "drawn"]);
    assert_eq!(t.row(&round).await.organiser_seed, Some(Digest::ZERO.to_string()));
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    assert!(String::from_utf8_lossy(&files["seed-input.txt"]).contains(&Digest::ZERO.to_string()));
}

async fn without_a_metronome_the_round_opens_and_closes_by_the_clock(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(10)).await;
    let status = async |at| {
        t.jump(at);
        t.stranger_at(&round.slug, "").get("enter").await.status
    };
    assert_eq!(status(round.opens_at - TimeDelta::milliseconds(1)).await, StatusCode::CONFLICT);
    assert_eq!(status(round.opens_at).await, StatusCode::OK);
    assert_eq!(status(round.closes_at - TimeDelta::milliseconds(1)).await, StatusCode::OK);
    assert_eq!(status(round.closes_at).await, StatusCode::CONFLICT);
    assert_eq!(journal(&t, &round).await, WHOLE[..1]);
}
