//! Rounds that are due at the same time.

use entities::lease;
use jebi::{
    clock::Clock,
    domain::draft::Draft,
    jobs,
    lifecycle::close::WAITING,
    service::Service,
    stage::{
        GLANCE,
        steps::{planned, reached},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{Engine, TestApp, both};

both!(while_one_is_drawn_others_go_on_and_nobody_draws_it_twice);

async fn while_one_is_drawn_others_go_on_and_nobody_draws_it_twice(engine: Engine) {
    let (t, first) = TestApp::open(engine).await;
    let second = t.announced(Draft { slug: "another".to_owned(), ..t.draft(10) }).await;
    let other = t.another().await;
    t.crowd(&first.slug, 3).await;
    t.tick().await;

    // Its draw takes as long as somebody else in this process has one in memory.
    let drawing = t.app.drawing.lock().await;
    t.jump(first.pulse_at + WAITING);
    let service = Service::start(&t.app, Vec::new()).await.unwrap();
    reached(&t.app, &first.slug, |round| round.row.pulse.is_some()).await.unwrap();
    reached(&t.app, &second.slug, |round| round.row.pulse.is_some()).await.unwrap();
    jobs::steps(&other, t.now()).await;
    assert_eq!(t.row(&first).await.drawn_at, None, "two drew the same round");
    assert_eq!(leases(&t).await, 2, "a round is another's while its draw goes on");

    drop(drawing);
    for round in [&first, &second] {
        reached(&t.app, &round.slug, |round| round.row.drawn_at.is_some()).await.unwrap();
        planned(&t.app, round.id).await.unwrap();
    }
    for _ in 0..600 {
        if leases(&t).await == 0 {
            return service.stop().await;
        }
        Clock::pause(GLANCE).await;
    }
    panic!("whoever is done gives the round back at once");
}

/// Of steps of rounds.
async fn leases(t: &TestApp) -> u64 {
    lease::Entity::find().filter(lease::Column::Name.starts_with("steps ")).count(t.db()).await.unwrap()
}
