//! Somebody has read a round, and before they go on another instance makes the offer that is due, or moves times: what they
//! then find in the database is no longer the round that they have read.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use chrono::TimeDelta;
use entities::{offer, round};
use jebi::{
    app::App,
    domain::because::Because,
    lifecycle::{
        LifecycleError,
        after::{
            offer as offers,
            shift::{shift, shifting},
        },
    },
    store,
};
use sea_orm::EntityTrait;

use super::{OFFERS, drawn, staff, told, verified_after};
use crate::support::{Engine, TestApp, both, kst};

both!(
    an_offer_that_another_makes_meanwhile_is_not_followed_by_the_next,
    times_that_another_moves_meanwhile_are_looked_at_again,
);

async fn an_offer_that_another_makes_meanwhile_is_not_followed_by_the_next(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = drawn(&t, 6, 6).await;
    t.jump(kst(OFFERS[0]) - TimeDelta::minutes(30));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[0]));
    let (row, now) = (t.row(&round).await, t.now());
    let to_read = asked_to_read(&t, &round).await;
    let late = stopped(&t.app, to_read, || offers::offer(&t.app, &row, 1, now)).await;
    assert!(offers::offer(&other, &row, 1, now).await.unwrap());
    assert!(!late.await.unwrap());
    assert_eq!(offer::Entity::find().all(t.db()).await.unwrap().len(), 1);
    // Of a second one, a day before its time, the citizen's verifier would say so: nothing would be published any more.
    verified_after(&t, &round).await;
}

async fn times_that_another_moves_meanwhile_are_looked_at_again(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = drawn(&t, 6, 6).await;
    let (row, now) = (t.row(&round).await, t.now());
    let to_read = asked_to_read(&t, &round).await;
    let late = stopped(&t.app, to_read, || shifting(&t.app, &row, now, 600, "정전")).await;
    let to_come = shifting(&other, &row, now, 1_200, "은행 전산 장애").await.unwrap();
    let then = to_come.concerned[0].then;
    shift(&other, &row, to_come, &staff(), now).await.unwrap();
    let refused = late.await.unwrap_err();
    assert!(matches!(refused, LifecycleError::Refused(Because::Overtaken)), "{refused}");
    // From what it is now.
    let to_come = shifting(&t.app, &row, now, 600, "정전").await.unwrap();
    assert_eq!(to_come.concerned[0].before, then);
    shift(&t.app, &row, to_come, &staff(), now).await.unwrap();
    assert_eq!(store::shift::list(t.db(), round.id).await.unwrap().len(), 2);
}

/// How much the database is asked to read the rounds.
async fn asked_to_read(t: &TestApp, round: &round::Model) -> u64 {
    t.app.rounds.forget();
    let before = t.app.db.asked();
    t.app.rounds.find(&round.slug).await.unwrap().unwrap();
    t.app.db.asked() - before
}

/// What an instance begins, when it has asked the database just so much. Where answers are there at once it has asked for
/// more before it can be stopped: nothing is written yet, and it is begun again.
async fn stopped<F: Future>(app: &App, asked: u64, begin: impl Fn() -> F) -> Pin<Box<F>> {
    for _ in 0..1_000 {
        let until = app.db.asked() + asked;
        let mut work = Box::pin(begin());
        let on = |context: &mut Context<'_>| match work.as_mut().poll(context) {
            Poll::Pending if app.db.asked() < until => Poll::Pending,
            Poll::Pending => Poll::Ready(app.db.asked() == until),
            Poll::Ready(_) => Poll::Ready(false),
        };
        if poll_fn(on).await {
            return work;
        }
    }
    panic!("it could not be stopped after it had read the round");
}
