//! Rounds that are due at the same time, and instances that are free.

use chrono::TimeDelta;
use entities::{lease, round};
use jebi::{
    clock::Clock,
    domain::draft::Draft,
    jobs,
    lifecycle::{close::WAITING, leased},
    service::Service,
    stage::{
        GLANCE,
        steps::{planned, reached},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::oneshot;

use crate::support::{Engine, TestApp, both};

both!(whoever_has_no_room_for_a_draw_leaves_it_to_another, a_round_is_anothers_for_as_long_as_its_steps_take);

async fn whoever_has_no_room_for_a_draw_leaves_it_to_another(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    let second = t.announced(Draft { slug: "another".to_owned(), ..t.draft(10) }).await;
    let other = t.another().await;
    t.crowd(&first.slug, 3).await;
    for at in [first.closes_at + WAITING, first.seals_at, first.reveals_at] {
        t.jump(at);
        t.tick().await;
    }

    let drawing = t.app.drawing.lock().await;
    t.jump(first.pulse_at);
    let service = Service::start(&t.app, Vec::new()).await.unwrap();
    for round in [&first, &second] {
        reached(&t.app, &round.slug, |round| round.row.pulse.is_some()).await.unwrap();
        assert_eq!(t.row(round).await.drawn_at, None);
    }
    eventually(async || {
        jobs::steps(&other, t.now()).await;
        is_drawn(&t, &first).await && is_drawn(&t, &second).await
    })
    .await;
    drop(drawing);
    for round in [&first, &second] {
        planned(&t.app, round.id).await.unwrap();
    }
    eventually(async || leases(&t).await.is_empty()).await;
    service.stop().await;
}

async fn a_round_is_anothers_for_as_long_as_its_steps_take(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    let (done, waiting) = oneshot::channel::<()>();
    let app = t.app.clone();
    let work = tokio::spawn(async move {
        leased::steps(&app, round.id, async {
            waiting.await.unwrap();
        })
        .await
    });
    eventually(async || !leases(&t).await.is_empty()).await;
    // Longer than a lease, which is renewed meanwhile.
    for _ in 0..4 {
        let until = leases(&t).await[0].until_at;
        t.pass(TimeDelta::seconds(30));
        let mut looks = 0;
        eventually(async || {
            looks += 1;
            if looks % 40 == 0 {
                // Whoever renews had not begun to wait yet.
                t.pass(TimeDelta::seconds(5));
            }
            leases(&t).await[0].until_at > until
        })
        .await;
    }
    leased::steps(&other, round.id, async { panic!("two take the steps of a round") }).await.unwrap();
    done.send(()).unwrap();
    work.await.unwrap().unwrap();
    let mut taken = false;
    leased::steps(&other, round.id, async { taken = true }).await.unwrap();
    assert!(taken, "whoever is done gives the round back at once");
}

/// Of steps of rounds.
async fn leases(t: &TestApp) -> Vec<lease::Model> {
    lease::Entity::find().filter(lease::Column::Name.starts_with("steps ")).all(t.db()).await.unwrap()
}

async fn is_drawn(t: &TestApp, round: &round::Model) -> bool {
    t.row(round).await.drawn_at.is_some()
}

/// Looks until it is so.
async fn eventually(mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1_200 {
        if is_so().await {
            return;
        }
        Clock::pause(GLANCE).await;
    }
    panic!("it is not so within a minute");
}
