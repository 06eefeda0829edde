//! A result is written down, and everybody's notice planned, some at a time: whoever is killed in between is followed
//! by the next tick, and nothing is there twice.

use std::collections::BTreeSet;

use entities::{notice, telling};
use jebi::{
    app::Round,
    jobs,
    lifecycle::{after::shift::shifting, draw, pulse},
    store,
};
use public_audit::record::Pulse;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::{Engine, TestApp, both, verified};

both!(
    a_draw_that_was_killed_half_way_is_drawn_to_the_end,
    notices_that_were_not_planned_are_planned_by_whoever_comes_next,
);

async fn a_draw_that_was_killed_half_way_is_drawn_to_the_end(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    t.entered(&round, 20).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at] {
        t.jump(at);
        t.tick().await;
    }
    t.jump(round.pulse_at);
    let kept = Pulse::None {};
    assert!(pulse::keep(&t.app, &t.row(&round).await, &kept, "", t.now()).await.unwrap());
    // Killed when seven places were written: nobody sees them.
    let opened = Round::open(&t.app.keys, t.row(&round).await).unwrap();
    let (opened, drawn) = draw::compute(&t.app, opened, &kept).await.unwrap();
    let txn = t.app.db.begin().await.unwrap();
    store::assignment::insert_some(&txn, draw::rows(&opened, &drawn).skip(3).take(7)).await.unwrap();
    txn.commit().await.unwrap();
    assert!(t.notices().await.iter().all(|notice| notice.reason != "result"));
    let other = t.another().await;
    tokio::join!(jobs::tick(&t.app), jobs::tick(&other));
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    assert!(places.into_iter().eq(draw::rows(&opened, &drawn)));
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn notices_that_were_not_planned_are_planned_by_whoever_comes_next(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.mail.as_mut().unwrap().send_seal = true).await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    t.entered(&round, 20).await;
    t.draw(&round).await;
    let count = async |reason| store::notice::list(t.db(), round.id, reason).await.unwrap().len();
    assert_eq!((count("sealed").await, count("result").await), (20, 20));
    let planned = telling::Entity::find().all(t.db()).await.unwrap();
    assert!(planned.len() == 2 && planned.iter().all(|row| row.planned == 20 && row.done_at.is_some()));
    let before = t.notices().await;

    // As if it had been killed before the last of them.
    t.meddle("DELETE FROM notice WHERE reason IN ('sealed', 'result') AND id % 3 = 0").await;
    t.meddle("UPDATE telling SET done_at = NULL").await;
    let row = t.row(&round).await;
    let error = shifting(&t.app, &row, round.results_at, 60, "정전").await.unwrap_err();
    assert!(error.to_string().contains("still being written down"), "{error}");
    let other = t.another().await;
    tokio::join!(jobs::tick(&t.app), jobs::tick(&other));
    t.tick().await;
    assert_eq!((count("sealed").await, count("result").await), (20, 20));
    assert_eq!(notice::Entity::find().count(t.db()).await.unwrap(), before.len() as u64);
    // At the seconds at which they were planned first.
    let when = |all: Vec<notice::Model>| {
        all.into_iter().map(|n| (n.about, n.reason, n.planned_at)).collect::<BTreeSet<_>>()
    };
    assert_eq!(when(t.notices().await), when(before));
    assert!(store::telling::is_done(t.db(), round.id).await.unwrap());
    assert!(shifting(&t.app, &row, round.results_at, 60, "정전").await.is_ok());
}
