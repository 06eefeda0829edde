//! The primary dies while a round is sealed, while it is drawn, and while everybody is told: each time the standby of the
//! moment takes over, and the round that comes out is the one that anybody can recompute, told to everybody once.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use jebi::{
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl},
    demo,
    domain::draft::{BeaconChoice, Draft, Serves},
    lifecycle::{
        announce::{Staff, announce},
        record,
    },
    roster::{Import, import::import},
    service::{self, Service},
    stage::mailbox::Mailbox,
    store::{self, Db},
};
use public_audit::rules::Mode;

use super::cluster::{Cluster, ONE, TWO, ask, until};
use crate::support::{config, kst};

/// A draw writes ten thousand places in one transaction: with more it can be met in its middle.
const PEOPLE: usize = 11_000;

/// Everybody within ten days, drawn without a public pulse.
fn draft(opens: DateTime<Utc>) -> Draft {
    let mut draft = demo::tongyeong(opens, u32::try_from(PEOPLE).unwrap());
    draft.mode = Mode::Everyone;
    draft.beacon = BeaconChoice::None;
    draft.roster = Some("all".to_owned());
    draft.serves = Serves::Roster;
    draft.goods.budget = draft.goods.cap * PEOPLE as u64;
    draft
}

fn roster(folder: &Path) -> Import {
    let file = folder.join("people.csv");
    let lines = (0..PEOPLE).map(|number| format!("주민{number},resident{number}@survivors.example\n"));
    fs::write(&file, "이름,이메일\n".to_owned() + &lines.collect::<String>()).unwrap();
    let (name, maps) = ("all".to_owned(), Vec::new());
    Import { name, file, maps, match_by: None, leave_out: false, resume: false }
}

/// Kills the primary once `under_way` is so, promotes the other, waits until `done`, and lets the one that died begin
/// anew as its standby. Both are questions for a number above nothing. Returns who is the primary now.
async fn through(cluster: &mut Cluster, primary: usize, what: &str, under_way: &str, done: &str) -> usize {
    let (other, here) = (1 - primary, cluster.connect(primary, "jebi").await);
    // As close as one can look: the steps are short.
    let begun = Instant::now();
    while ask(&here, under_way).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what} never began");
    }
    let was_done = ask(&here, done).await > 0;
    cluster.kill(primary);
    let killed = Instant::now();
    cluster.promote(other).await;
    let there = cluster.connect(other, "jebi").await;
    let promoted = Instant::now();
    let mut waited = 0;
    while ask(&there, done).await == 0 {
        waited += 1;
        assert!(waited < 4_000, "{what} never ended");
        Clock::pause(Duration::from_millis(50)).await;
    }
    println!(
        "{what}: killed {}, promoted {:.1} s later, done {:.1} s after that",
        if was_done { "when it was just done" } else { "in its middle" },
        (promoted - killed).as_secs_f64(),
        promoted.elapsed().as_secs_f64(),
    );
    assert!(!was_done, "{what} was over before the kill: this tests nothing");
    cluster.rejoin(primary).await;
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_while_a_round_is_sealed_drawn_or_told_changes_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut cluster = Cluster::start(folder.path()).await;
    let mailbox = Arc::new(Mailbox::bind("127.0.0.1:0").await.unwrap());
    let config = config(folder.path(), DatabaseUrl::new(cluster.url()), mailbox.addr().port());
    until("HAProxy finds the primary", || async {
        Db::connect(&cluster.url(), 1, Duration::from_secs(1)).await.is_ok()
    })
    .await;
    store::migrate(&Db::of(&config).await.unwrap()).await.unwrap();

    let opens = kst("2026-11-23 10:00");
    let clock = Clock::set(opens - TimeDelta::hours(1), 1);
    let app = App::start(config.clone(), clock.clone()).await.unwrap();
    assert_eq!(
        import(&app, roster(folder.path()), Arc::new(|_, _, _| {})).await.unwrap().people,
        PEOPLE as u64
    );
    let row = announce(&app, &draft(opens), &Staff::new("a clerk", "an approver")).await.unwrap();
    let keys = &config.state_dir;
    let other = Config {
        state_dir: folder.path().join("other"),
        secret_key_file: Some(keys.join("secret.key")),
        pass_key_file: Some(keys.join("pass.key")),
        ..config.clone()
    };
    let other = App::start(other, clock.clone()).await.unwrap();
    let mut services = Vec::new();
    for app in [&app, &other] {
        services.push(Service::start(app, service::vendors(&config).await.unwrap()).await.unwrap());
    }
    let first = cluster.connect(ONE, "jebi").await;
    clock.jump_to(opens);
    until("everybody is enrolled", || async {
        ask(&first, "SELECT count(*) FROM entry").await == PEOPLE as i64
    })
    .await;
    clock.jump_to(row.closes_at);
    let listed = "SELECT count(*) FROM change";
    let closed = "SELECT count(*) FROM round WHERE closed_at IS NOT NULL";
    until("the registration is closed", || async { ask(&first, closed).await == 1 }).await;
    until("all is in the journal", || async { ask(&first, listed).await == 0 }).await;

    // Sealing reads the whole pool, page by page.
    clock.jump_to(row.seals_at);
    let reading = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'jebi' AND pid <> pg_backend_pid() \
                   AND query LIKE '%\"entry\"%\"receipt\" > %'";
    let sealed = "SELECT count(*) FROM round WHERE sealed_at IS NOT NULL";
    let primary = through(&mut cluster, ONE, "sealing", reading, sealed).await;

    clock.jump_to(row.reveals_at);
    let revealed = "SELECT count(*) FROM round WHERE revealed_at IS NOT NULL";
    let second = cluster.connect(primary, "jebi").await;
    until("the seed is revealed", || async { ask(&second, revealed).await == 1 }).await;
    clock.jump_to(row.pulse_at);
    let some = "SELECT count(*) FROM (SELECT 1 FROM assignment LIMIT 1) AS found";
    let drawn = "SELECT count(*) FROM round WHERE drawn_at IS NOT NULL";
    let primary = through(&mut cluster, primary, "drawing", some, drawn).await;
    assert_eq!(primary, ONE);

    let third = cluster.connect(primary, "jebi").await;
    let all = format!("SELECT count(*) FROM notice WHERE reason = 'result' HAVING count(*) = {PEOPLE}");
    until("everybody's notice is planned", || async {
        ask(&third, &format!("SELECT count(*) FROM ({all}) AS found")).await == 1
    })
    .await;
    // The day after, when all are due.
    clock.jump_to(row.results_at + TimeDelta::days(1));
    let told = |least: usize| {
        format!(
            "SELECT count(*) FROM (SELECT 1 FROM notice WHERE reason = 'result' AND state = 'accepted' \
             HAVING count(*) >= {least}) AS found"
        )
    };
    let primary = through(&mut cluster, primary, "telling", &told(200), &told(PEOPLE - 500)).await;
    assert_eq!(primary, TWO);
    for service in services {
        service.stop().await;
    }

    let last = cluster.connect(primary, "jebi").await;
    for (what, count) in [
        ("SELECT count(*) FROM entry", PEOPLE as i64),
        ("SELECT count(*) FROM assignment", PEOPLE as i64),
        ("SELECT count(DISTINCT rank) FROM assignment", PEOPLE as i64),
        ("SELECT count(*) FROM notice WHERE reason = 'result'", PEOPLE as i64),
        ("SELECT count(*) FROM journal WHERE kind = 'sealed'", 1),
        ("SELECT count(*) FROM journal WHERE kind = 'drawn'", 1),
        ("SELECT max(\"index\") + 1 - count(*) FROM journal", 0),
    ] {
        assert_eq!(ask(&last, what).await, count, "{what}");
    }
    // What came out is what everybody can compute: the record is verified before it is published.
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await.unwrap().unwrap();
    record::ensure(&app, &round).await.unwrap();
    // Nobody was told twice, whatever the database says.
    let is_result = |address: &String| {
        mailbox.messages_for(address).iter().filter(|mail| mail.body.contains("순번")).count()
    };
    let told: Vec<usize> = mailbox.counts().keys().map(is_result).collect();
    let twice = told.iter().filter(|count| **count > 1).count();
    let people = told.iter().filter(|count| **count > 0).count();
    let open =
        ask(&last, "SELECT count(*) FROM notice WHERE reason = 'result' AND state <> 'accepted'").await;
    println!("{people} of {PEOPLE} told, {twice} of them twice, {open} open");
    assert_eq!(twice, 0, "people were told twice");
    assert!(people + open as usize >= PEOPLE, "{people} told, {open} open: somebody is forgotten");
}
