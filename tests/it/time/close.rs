//! The close: the stamp decides, whatever the database keeps waiting.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::round as rounds;
use futures_util::future::join_all;
use jebi::{
    app::{App, Round},
    clock::Clock,
    domain::{
        contact::Channel,
        event::{Act, Event, Wanted},
    },
    jobs,
    lifecycle::close,
    store::inbox::Refusal,
};
use sea_orm::{EntityTrait, QuerySelect};

use crate::support::{Engine, Resident, TestApp, both, verified};

both!(
    the_stamp_decides_who_was_in_time,
    what_was_handed_in_in_time_counts_however_late_its_commit,
    the_close_waits_for_it_and_then_decides_whatever_clocks_show,
    a_close_that_is_sealed_at_once_waits_for_nothing,
    a_crowd_at_the_close_is_in_or_told_that_it_is_not,
);

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
