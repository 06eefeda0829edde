//! A round's steps are one instance's.

use chrono::TimeDelta;
use entities::lease;
use jebi::{clock::Clock, lifecycle::leased, stage::GLANCE};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::oneshot;

use crate::support::{Engine, TestApp, both};

both!(a_round_is_anothers_for_as_long_as_its_steps_take);

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
