//! Two instances at once.

use chrono::TimeDelta;
use entities::inbox;
use futures_util::future::join_all;
use jebi::{
    app::App,
    jobs,
    lifecycle::{self, LifecycleError},
    store,
};
use public_audit::record::Pulse;
use sea_orm::EntityTrait;

use super::{WHOLE, journal};
use crate::support::{Engine, TestApp, both, verified};

both!(two_instances_may_tick_at_once, two_instances_may_fold_at_once, steps_called_side_by_side_happen_once);

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
