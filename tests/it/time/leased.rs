//! A round's steps are one instance's.

use std::time::Duration;

use chrono::TimeDelta;
use entities::{lease, round};
use jebi::{
    app::{App, erases_at},
    clock::Clock,
    domain::draft::{BeaconChoice, Draft},
    jobs,
    lifecycle::{leased, pulse},
    service::Service,
    stage::GLANCE,
    store,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, oneshot},
};

use super::{WHOLE, journal};
use crate::support::{Engine, TestApp, both};

both!(
    a_round_is_anothers_for_as_long_as_its_steps_take,
    a_step_that_goes_on_keeps_its_round_and_one_that_hangs_loses_it,
    whoever_has_no_room_for_a_step_leaves_it_to_another,
    a_round_that_only_waits_is_left_alone,
    a_stop_in_order_gives_a_round_back,
);

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

/// Half an hour of renewals without an answer of the database, as [`leased`] has them.
const RENEWALS: usize = 90;

async fn a_step_that_goes_on_keeps_its_round_and_one_that_hangs_loses_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.another().await;
    let (ask, mut asked) = mpsc::channel::<oneshot::Sender<()>>(1);
    let app = t.app.clone();
    let work = tokio::spawn(async move {
        leased::steps(&app, round.id, async {
            while let Some(answered) = asked.recv().await {
                store::round::list(app.db.read()).await.unwrap();
                answered.send(()).unwrap();
            }
        })
        .await
    });
    eventually(async || !leases(&t).await.is_empty()).await;
    for _ in 1..RENEWALS {
        renewed(&t).await;
    }
    // What others ask says nothing of this step, and what it asks itself says that it goes on.
    store::round::list(t.db()).await.unwrap();
    let (answered, answer) = oneshot::channel();
    ask.send(answered).await.unwrap();
    answer.await.unwrap();
    renewed(&t).await;
    for _ in 0..RENEWALS {
        leased::steps(&other, round.id, async { panic!("a step that goes on has lost its round") })
            .await
            .unwrap();
        renewed(&t).await;
    }
    // Since then nothing was answered: this was the last.
    t.pass(TimeDelta::seconds(61));
    let mut taken = false;
    leased::steps(&other, round.id, async { taken = true }).await.unwrap();
    assert!(taken, "a step that hangs keeps its round");
    drop(ask);
    work.await.unwrap().unwrap();
}

/// Moves the clock on until the lease is renewed, which it is once.
async fn renewed(t: &TestApp) {
    let until = leases(t).await[0].until_at;
    t.pass(TimeDelta::seconds(20));
    let mut looks = 0;
    eventually(async || {
        looks += 1;
        if looks % 5 == 0 {
            // Whoever renews had not begun to wait yet.
            t.pass(TimeDelta::seconds(5));
        }
        leases(t).await[0].until_at > until
    })
    .await;
}

async fn whoever_has_no_room_for_a_step_leaves_it_to_another(engine: Engine) {
    let t = TestApp::start(engine).await;
    let first = t.announced(t.draft(10)).await;
    let second = t.announced(Draft { slug: "another".to_owned(), ..t.draft(10) }).await;
    let rounds = [&first, &second];
    t.jump(first.opens_at);
    for round in rounds {
        t.entered(round, 3).await;
    }
    let other = t.another().await;
    t.close(&first).await;
    t.jump(first.seals_at);
    is_left_to(&other, &t, rounds, &t.app.sealing, |row| row.sealed_at.is_some()).await;
    t.jump(first.reveals_at);
    t.tick().await;
    t.jump(first.pulse_at);
    is_left_to(&other, &t, rounds, &t.app.drawing, |row| row.drawn_at.is_some()).await;
    for round in rounds {
        assert_eq!(journal(&t, round).await, WHOLE);
    }
    t.jump(erases_at(&first));
    is_left_to(&other, &t, rounds, &t.app.purging, |row| row.purged_at.is_some()).await;
}

/// A process tries while it has no room, as it has none while it is at another round; then another process does.
async fn is_left_to(
    other: &App,
    t: &TestApp,
    rounds: [&round::Model; 2],
    room: &Mutex<()>,
    is_done: impl Fn(&round::Model) -> bool,
) {
    let _none = room.lock().await;
    let tried = Clock::within(Duration::from_secs(60), jobs::steps(&t.app, t.now())).await;
    assert!(tried.is_some(), "whoever has no room keeps a round until there is some");
    assert!(leases(t).await.is_empty(), "whoever has no room gives a round back");
    for round in rounds {
        assert!(!is_done(&t.row(round).await), "there was no room for {}", round.slug);
    }
    jobs::steps(other, t.now()).await;
    for round in rounds {
        assert!(is_done(&t.row(round).await), "nobody has taken {} on", round.slug);
    }
}

async fn a_round_that_only_waits_is_left_alone(engine: Engine) {
    // Nobody can be asked, so a pulse is late.
    let t = TestApp::start_with(engine, |config| config.beacon.relays = Vec::new()).await;
    let beacon = BeaconChoice::Declared("Lotto 6/45 draw 1252: six numbers, bonus".to_owned());
    let typed = t.announced(Draft { beacon, ..t.draft(10) }).await;
    let late = Draft { slug: "late".to_owned(), beacon: BeaconChoice::Drand, ..t.draft(10) };
    let late = t.announced(late).await;
    t.jump(typed.opens_at);
    for round in [&typed, &late] {
        t.entered(round, 3).await;
    }
    t.draw_until_pulse(&typed).await;
    // Left by a process that was killed, and run out: whoever takes one gives it back, and it is gone.
    let killed_at = t.now() - TimeDelta::hours(1);
    for round in [&typed, &late] {
        let name = format!("steps {}", round.id);
        let left = store::lease::take(&t.app.db, &name, "killed", killed_at, TimeDelta::minutes(1)).await;
        assert!(left.unwrap());
    }

    let other = t.another().await;
    t.jump(typed.pulse_at + TimeDelta::seconds(30));
    for _ in 31..40 {
        t.pass(TimeDelta::seconds(1));
        for app in [&t.app, &other] {
            jobs::steps(app, t.now()).await;
        }
        assert_eq!(leases(&t).await.len(), 2, "a round was taken with nothing to do, at {}", t.now());
    }
    t.pass(TimeDelta::seconds(1));
    jobs::steps(&other, t.now()).await;
    let left: Vec<String> = leases(&t).await.into_iter().map(|lease| lease.name).collect();
    assert_eq!(left, [format!("steps {}", typed.id)], "a late pulse is asked for at every tenth second");

    // Who knocks next knows nothing of before, and sees that the values are there.
    let named = t.round(&typed).await.rules.beacon.clone();
    let values = pulse::declare(&named, ["7 12 23", "7 12 23"]).unwrap();
    assert!(pulse::keep(&t.app, &t.row(&typed).await, &values, "", t.now()).await.unwrap());
    t.pass(TimeDelta::seconds(1));
    jobs::steps(&other, t.now()).await;
    assert!(t.row(&typed).await.drawn_at.is_some());
    assert!(leases(&t).await.is_empty());
}

async fn a_stop_in_order_gives_a_round_back(engine: Engine) {
    // A relay that is asked and says nothing: the step waits for it.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let relay = format!("http://{}", silent.local_addr().unwrap());
    let t = TestApp::start_with(engine, |config| config.beacon.relays = vec![relay]).await;
    let round = t.announced(Draft { beacon: BeaconChoice::Drand, ..t.draft(10) }).await;
    t.jump(round.opens_at);
    t.entered(&round, 3).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at] {
        t.jump(at);
        t.tick().await;
    }
    let other = t.another().await;
    t.jump(round.pulse_at);
    let service = Service::start(&t.app, Vec::new()).await.unwrap();
    eventually(async || !leases(&t).await.is_empty()).await;
    service.stop().await;
    // The clock stands: a lease that was not given back would not have run out.
    let mut taken = false;
    leased::steps(&other, round.id, async { taken = true }).await.unwrap();
    assert!(taken, "the next process waits for what a stop has interrupted");
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
