//! What does not fit together is refused, not guessed.

use axum::http::StatusCode;
use jebi::lifecycle::{self, LifecycleError};

use super::{WHOLE, journal};
use crate::support::{Engine, TestApp, both, verified};

both!(
    nothing_is_drawn_from_entries_that_were_not_sealed,
    nothing_is_published_that_was_not_drawn,
    a_round_with_too_little_room_waits_for_a_person,
    a_seal_that_would_come_after_the_pulse_is_refused,
);

async fn nothing_is_drawn_from_entries_that_were_not_sealed(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 4).await;
    t.jump(round.seals_at);
    t.tick().await;
    t.jump(round.reveals_at);
    t.tick().await;
    let honest = t.entries(&round).await;
    let victim = &honest[0].receipt;
    for (change, back) in [
        ("want = 10000", "want = 250000"),
        ("wish = 'any'", "wish = 'pm+am'"),
        ("withdrawn_at = changed_at", "withdrawn_at = NULL"),
        ("receipt = '0000-0000-0000-0000'", ""),
    ] {
        t.meddle(&format!("UPDATE entry SET {change} WHERE receipt = '{victim}'")).await;
        t.jump(round.pulse_at);
        t.tick().await;
        let error = lifecycle::draw::draw(&t.app, t.row(&round).await, t.now()).await.unwrap_err();
        assert!(
            matches!(&error, LifecycleError::Refused(_) if error.to_string().contains("sealed")),
            "{error}"
        );
        assert!(t.row(&round).await.drawn_at.is_none());
        if !back.is_empty() {
            t.meddle(&format!("UPDATE entry SET {back} WHERE receipt = '{victim}'")).await;
            assert_eq!(t.entries(&round).await, honest);
        }
    }
    t.meddle(&format!("UPDATE entry SET receipt = '{victim}' WHERE receipt = '0000-0000-0000-0000'")).await;
    t.tick().await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn nothing_is_published_that_was_not_drawn(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 4).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let receipt = &t.entries(&round).await[0].receipt;
    let seed = t.row(&round).await.organiser_seed.unwrap();
    for (change, back) in [
        (
            format!("UPDATE entry SET want = 10000 WHERE receipt = '{receipt}'"),
            format!("UPDATE entry SET want = 250000 WHERE receipt = '{receipt}'"),
        ),
        (
            format!("UPDATE assignment SET amount = amount + 10000 WHERE receipt = '{receipt}'"),
            format!("UPDATE assignment SET amount = amount - 10000 WHERE receipt = '{receipt}'"),
        ),
        (
            "UPDATE round SET organiser_seed = pool_root".to_owned(),
            format!("UPDATE round SET organiser_seed = '{seed}'"),
        ),
        (
            "UPDATE round SET seal = replace(seal, 'version 1', 'version 2')".to_owned(),
            "UPDATE round SET seal = replace(seal, 'version 2', 'version 1')".to_owned(),
        ),
    ] {
        // As for an instance that has not made the files yet.
        std::fs::remove_dir_all(t.app.record_dir(&round.slug)).ok();
        t.meddle(&change).await;
        for path in ["record/result.txt", "record/manifest.txt"] {
            let page = t.stranger_at(&round.slug, "").get(path).await;
            assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{path} after {change}");
            assert_eq!(page.language(), "ko");
        }
        assert!(!t.app.record_dir(&round.slug).exists());
        t.meddle(&back).await;
    }
    let published = verified(&t, &round).await;
    // What is once published is not made again from a changed database.
    t.meddle(&format!("UPDATE entry SET want = 10000 WHERE receipt = '{receipt}'")).await;
    assert_eq!(verified(&t, &round).await, published);
}

async fn a_round_with_too_little_room_waits_for_a_person(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(1);
    draft.opening[0].slot_capacity = Some(1);
    draft.opening[0].days = 1;
    draft.opening[0].until = "15:00".to_owned();
    draft.opening[0].slot_minutes = 180;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut crowd = t.crowd(&round.slug, 4).await;
    t.jump(round.seals_at);
    t.tick().await;
    t.jump(round.pulse_at);
    t.tick().await;
    assert_eq!(journal(&t, &round).await, WHOLE[..2]);
    crowd[0].identify(&t, "my").await;
    // What does not come at its time is late, in public and on everybody's own page.
    assert_eq!(crowd[0].mine().await.word(), "fault");
}

/// Whoever seals when the pulse is known could choose the pool. The citizen's verifier would say
/// so; the service does not begin.
async fn a_seal_that_would_come_after_the_pulse_is_refused(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 2).await;
    t.jump(round.pulse_at);
    t.tick().await;
    assert_eq!(journal(&t, &round).await, WHOLE[..2]);
    let error = lifecycle::seal::seal(&t.app, t.row(&round).await, t.now()).await.unwrap_err();
    assert!(matches!(&error, LifecycleError::Refused(_) if error.to_string().contains("pulse")), "{error}");
}
