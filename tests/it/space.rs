//! A process has one draw in memory at a time: a step of a round is taken later, and whoever makes files waits.

use std::{fs, time::Duration};

use jebi::{clock::Clock, jobs, store};

use crate::support::{Engine, TestApp, both, verified};

both!(beside_another_draw_nothing_is_drawn_told_or_made_and_everything_after_it);

async fn beside_another_draw_nothing_is_drawn_told_or_made_and_everything_after_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    let another = t.app.space.wait().await;
    t.draw_until_pulse(&round).await;
    assert!(t.row(&round).await.drawn_at.is_none());
    drop(another);
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    let told = async || store::notice::list(t.db(), round.id, "result").await.unwrap().len();
    assert_eq!(told().await, 3);

    // As if it had been killed before anybody's notice was planned.
    t.meddle("DELETE FROM notice WHERE reason = 'result'").await;
    t.meddle("UPDATE telling SET done_at = NULL WHERE reason = 'result'").await;
    let another = t.app.space.wait().await;
    t.tick().await;
    assert_eq!(told().await, 0);
    drop(another);
    t.tick().await;
    assert_eq!(told().await, 3);

    // Another disk: the files are made again, from a draw.
    let record = t.app.record_dir(&round.slug);
    fs::remove_dir_all(record.parent().unwrap()).unwrap();
    let another = t.app.space.wait().await;
    let app = t.app.clone();
    let mut making = tokio::spawn(async move { jobs::records(&app, app.clock.now()).await });
    tokio::select! {
        made = &mut making => panic!("it was not waited for: {made:?}"),
        () = Clock::pause(Duration::from_millis(300)) => {}
    }
    assert!(!record.exists());
    drop(another);
    assert!(making.await.unwrap());
    assert!(record.exists());
    t.jump(round.results_at);
    verified(&t, &round).await;
}
