//! Time is a comparison: whoever ticks, how often, how late and how many at once, the outcome is
//! the same; and what does not fit together is refused, not guessed.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{inbox, round as rounds};
use futures_util::future::join_all;
use jebi::{
    app::{App, Round},
    clock::Clock,
    domain::{
        contact::Channel,
        event::{Act, Event, Wanted},
    },
    jobs,
    lifecycle::{self, LifecycleError, close},
    store::{self, inbox::Refusal},
};
use public_audit::{Digest, record::Pulse};
use sea_orm::{EntityTrait, QuerySelect};

use crate::support::{Engine, Resident, TestApp, both, verified};

both!(
    ticks_may_be_doubled,
    ticks_may_be_skipped,
    a_seed_that_was_not_revealed_in_time_counts_as_zero,
    without_a_metronome_the_round_opens_and_closes_by_the_clock,
    the_stamp_decides_who_was_in_time,
    what_was_handed_in_in_time_counts_however_late_its_commit,
    the_close_waits_for_it_and_then_decides_whatever_clocks_show,
    a_close_that_is_sealed_at_once_waits_for_nothing,
    a_crowd_at_the_close_is_in_or_told_that_it_is_not,
    two_instances_may_tick_at_once,
    two_instances_may_fold_at_once,
    steps_called_side_by_side_happen_once,
    nothing_is_drawn_from_entries_that_were_not_sealed,
    nothing_is_published_that_was_not_drawn,
    a_round_with_too_little_room_waits_for_a_person,
    a_seal_that_would_come_after_the_pulse_is_refused,
);

/// What the journal says of a round, but for the batches of entries.
async fn journal(t: &TestApp, round: &rounds::Model) -> Vec<String> {
    let lines = store::journal::list(t.db(), round.id).await.unwrap();
    lines.into_iter().map(|line| line.kind).filter(|kind| kind != "entered").collect()
}

const WHOLE: [&str; 6] = ["announced", "closed", "sealed", "revealed", "pulse", "drawn"];

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

/// The form was sent in time, and reaches the inbox in time or not: its stamp decides, and the answer, the stamp and the
/// pool agree.
async fn the_stamp_decides_who_was_in_time(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(round.closes_at - TimeDelta::milliseconds(10));
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(100_000, &[]).await;
    let stranger = t.stranger().await;
    let lock = stranger.begin().await.unwrap();
    rounds::Entity::find_by_id(round.id).lock_exclusive().one(&lock).await.unwrap();
    // The first future is polled first: the entry waits for the database when the minute ends.
    let (answer, ()) = tokio::join!(minji.post("entry", &[]), async {
        tokio::task::yield_now().await;
        t.jump(round.closes_at);
        lock.rollback().await.unwrap();
    });
    t.tick().await;
    let entries = t.entries(&round).await;
    match answer.status {
        StatusCode::CONFLICT => assert!(entries.is_empty()),
        _ => assert!(answer.to() == minji.path("my") && entries[0].entered_at < round.closes_at),
    }
}

/// Somebody enters, as an event.
fn event(round: &Round, name: &str) -> Event {
    let wanted = Wanted::alone(100_000, "any".to_owned(), String::new(), Channel::Email, "ko");
    let receipt = round.receipt(&format!("email:{name}")).unwrap().to_string();
    Event { round_id: round.row.id, receipt, act: Act::Enter(wanted) }
}

/// It waits in our own queue, over the close, for a commit that begins after it. What is handed in after the close comes
/// into the same commit and does not count.
async fn what_was_handed_in_in_time_counts_however_late_its_commit(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let opened = t.round(&round).await;
    let before = round.closes_at - TimeDelta::milliseconds(10);
    t.jump(before - TimeDelta::seconds(1));
    let stranger = t.stranger().await;
    let lock = stranger.begin().await.unwrap();
    rounds::Entity::find_by_id(round.id).lock_exclusive().one(&lock).await.unwrap();
    // The writer is held up with the first, and the others wait behind it.
    let (inbox, first) = (t.app.inbox.clone(), event(&opened, "first"));
    let first = tokio::spawn(async move { inbox.append(first).await });
    Clock::pause(Duration::from_millis(200)).await;
    t.jump(before);
    let (in_time, too_late, ()) = tokio::join!(
        t.app.inbox.append(event(&opened, "in time")),
        async {
            t.jump(round.closes_at);
            t.app.inbox.append(event(&opened, "too late")).await
        },
        async {
            t.pass(TimeDelta::seconds(5));
            lock.rollback().await.unwrap();
        },
    );
    assert!(first.await.unwrap().is_ok());
    assert_eq!((in_time, too_late), (Ok(before), Err(Refusal::NotOpen)));
    t.draw(&round).await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 2);
    let entry = entries.iter().find(|entry| entry.receipt == event(&opened, "in time").receipt).unwrap();
    assert_eq!((entry.entered_at, entry.changed_at), (before, before));
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn the_close_waits_for_it_and_then_decides_whatever_clocks_show(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let opened = t.round(&round).await;
    // Another instance, whose clock is a little behind and stands there.
    let behind = Clock::set(round.closes_at - TimeDelta::seconds(1), 0);
    let other = App::start(t.app.config.as_ref().clone(), behind).await.unwrap();
    t.jump(round.closes_at + close::WAITING - TimeDelta::milliseconds(1));
    t.tick().await;
    assert!(t.row(&round).await.closed_at.is_none());
    let kept = other.inbox.append(event(&opened, "behind")).await.unwrap();
    assert_eq!(kept, round.closes_at - TimeDelta::seconds(1));
    let late = t.app.inbox.append(event(&opened, "late")).await;
    assert_eq!(late, Err(Refusal::NotOpen), "the close has passed");
    t.close(&round).await;
    // There it is before the close still; what is written says that it is not.
    let later = other.inbox.append(event(&opened, "later")).await;
    assert_eq!(later, Err(Refusal::NotOpen), "it is not in the pool");
    t.draw(&round).await;
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    assert_eq!(receipts, [event(&opened, "behind").receipt]);
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn a_close_that_is_sealed_at_once_waits_for_nothing(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.times.seals.clone_from(&draft.times.closes);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 3).await;
    t.jump(round.closes_at);
    t.tick().await;
    let row = t.row(&round).await;
    assert_eq!((row.closed_at, row.sealed_at), (Some(round.closes_at), Some(round.closes_at)));
}

/// A crowd at the last moment, and the close in its middle, on two instances.
async fn a_crowd_at_the_close_is_in_or_told_that_it_is_not(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    t.jump(round.closes_at - TimeDelta::milliseconds(10));
    let mut crowd = Vec::new();
    for number in 0..40 {
        let mut resident = t.resident(&round.slug, &format!("r{number}@example.org")).await;
        resident.answer(100_000, &["am"]).await;
        if number % 2 == 0 {
            resident.browser = resident.browser.moved_to(&t.browser_at(&other));
        }
        crowd.push(resident);
    }
    let receipts: Vec<String> = {
        let round = t.round(&round).await;
        let of = |r: &Resident| round.receipt(&format!("email:{}", r.address)).unwrap().to_string();
        crowd.iter().map(of).collect()
    };
    let posts = crowd.into_iter().enumerate().map(|(number, mut resident)| {
        let clock = t.app.clock.clone();
        let closes_at = round.closes_at;
        tokio::spawn(async move {
            match number {
                20 => clock.jump_to(closes_at),
                30 => clock.jump_to(closes_at + close::WAITING),
                _ => {}
            }
            resident.post("entry", &[]).await.status
        })
    });
    let ticks = async |app: &App| {
        for _ in 0..5 {
            jobs::tick(app).await;
        }
    };
    let (answers, (), ()) = tokio::join!(join_all(posts), ticks(&t.app), ticks(&other));
    t.draw(&round).await;
    let entries = t.entries(&round).await;
    for (answer, receipt) in answers.into_iter().zip(&receipts) {
        let kept = entries.iter().find(|entry| entry.receipt == *receipt);
        match answer.unwrap() {
            StatusCode::SEE_OTHER => assert!(kept.is_some_and(|kept| kept.entered_at < round.closes_at)),
            StatusCode::CONFLICT => assert!(kept.is_none(), "refused, and in the pool"),
            other => panic!("{other}"),
        }
    }
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn two_instances_may_tick_at_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    for number in 0..20 {
        let mut resident = t.resident(&round.slug, &format!("r{number}@example.org")).await;
        if number % 2 == 0 {
            resident.browser = resident.browser.moved_to(&t.browser_at(&other));
        }
        resident.enter(100_000, &["am"]).await;
        tokio::join!(jobs::tick(&t.app), jobs::tick(&other));
    }
    for at in [round.closes_at, round.seals_at, round.reveals_at, round.pulse_at] {
        t.jump(at);
        tokio::join!(jobs::tick(&t.app), jobs::tick(&other), jobs::tick(&t.app), jobs::tick(&other));
        // Whoever had no lease comes back when it is free.
        t.pass(TimeDelta::seconds(61));
        tokio::join!(jobs::tick(&other), jobs::tick(&t.app));
    }
    assert_eq!(journal(&t, &round).await, WHOLE);
    assert_eq!(t.row(&round).await.entrant_count, Some(20));
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// Changes of the same entries, appended and folded by two instances as fast as both can.
async fn two_instances_may_fold_at_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    let mut crowd = t.crowd(&round.slug, 8).await;
    for lap in 1..=12_u64 {
        let want = lap * 10_000;
        for resident in &mut crowd {
            resident.enter(want, &["pm"]).await;
        }
        let (one, two) = tokio::join!(
            tokio::spawn({
                let app = t.app.clone();
                async move { lifecycle::fold::fold(&app).await }
            }),
            tokio::spawn({
                let app = other.clone();
                async move { lifecycle::fold::fold(&app).await }
            }),
        );
        // What one folds the other need not, and neither trips over the other.
        one.unwrap().unwrap();
        two.unwrap().unwrap();
        assert!(inbox::Entity::find().one(t.db()).await.unwrap().is_none(), "folding ended too early");
        for entry in t.entries(&round).await {
            assert_eq!(entry.want, i64::try_from(want).unwrap());
        }
    }
}

async fn steps_called_side_by_side_happen_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    t.crowd(&round.slug, 6).await;
    // Past the lease, straight at the steps: compare-and-swap alone must hold.
    let apps = [&t.app, &other];
    t.jump(round.closes_at);
    let (row, now) = (t.row(&round).await, t.now());
    side_by_side(apps, async |app| lifecycle::close::close(&app, &row, now).await).await;
    t.jump(round.seals_at);
    let (row, now) = (t.row(&round).await, t.now());
    side_by_side(apps, async |app| lifecycle::seal::seal(&app, row.clone(), now).await).await;
    let sealed = t.row(&round).await;
    t.jump(round.reveals_at);
    let now = t.now();
    side_by_side(apps, async |app| lifecycle::reveal::reveal(&app, sealed.clone(), now).await).await;
    t.jump(round.pulse_at);
    let (row, now) = (t.row(&round).await, t.now());
    side_by_side(apps, async |app| lifecycle::pulse::keep(&app, &row, &Pulse::None {}, "", now).await).await;
    let row = t.row(&round).await;
    side_by_side(apps, async |app| lifecycle::draw::draw(&app, row.clone(), now).await).await;
    assert_eq!(journal(&t, &round).await, WHOLE);
    let row = t.row(&round).await;
    assert_eq!((row.seal, row.pool_root), (sealed.seal, sealed.pool_root));
    assert_eq!(store::notice::list(t.db(), round.id, "result").await.unwrap().len(), 6);
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// Six at a time, three from each of two instances: one does it, the others quietly find it done.
async fn side_by_side(apps: [&App; 2], step: impl AsyncFn(App) -> Result<bool, LifecycleError>) {
    let begun = (0..6).map(|number| step(apps[number % 2].clone()));
    let done = join_all(begun).await.into_iter().filter(|done| *done.as_ref().unwrap());
    assert_eq!(done.count(), 1);
}

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
