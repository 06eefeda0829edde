//! A round that is full and about to close, and the processes that carry it on, all by one clock that the test moves.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use entities::round;
use jebi::{
    app::App,
    clock::Clock,
    demo,
    lifecycle::announce::{Staff, announce},
    stage::mailbox::Mailbox,
    store,
};
use sea_orm::DatabaseConnection;

use super::{
    super::{
        Processes,
        cluster::{ask, until},
        prepared,
    },
    turned::Turned,
};
use crate::support::{OPENS, full, kst};

/// A draw writes ten thousand places in one transaction, and plans five thousand notices: with more, both can be met in
/// their middle.
pub const PEOPLE: usize = 15_000;
/// The first of them; the others gave no address at the counter and are told on paper.
pub const BY_MAIL: usize = 2_000;

/// The round, and all around it.
pub struct Full {
    pub row: round::Model,
    pub mailbox: Mailbox,
    pub processes: Processes,
    folder: PathBuf,
    clock: Turned,
}

impl Full {
    pub async fn start(folder: &Path, url: &str) -> Self {
        let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
        let config = prepared(folder, url, &mailbox).await;
        let opens = kst(OPENS);
        let app = App::start(config.clone(), Clock::set(opens - TimeDelta::hours(1), 0)).await.unwrap();
        let mut draft = demo::tongyeong(opens, u32::try_from(PEOPLE).unwrap());
        (draft.slug, draft.spread_hours) = ("survivors".to_owned(), 1);
        let row = announce(&app, &draft, &Staff::new("a clerk", "an approver")).await.unwrap();
        app.clock.jump_to(row.closes_at - TimeDelta::minutes(1));
        full(&app, &app.rounds.find(&row.slug).await.unwrap().unwrap(), PEOPLE, BY_MAIL).await;
        // As staff may: so that it takes seconds and not an hour.
        let (scope, now) = (format!("round {}", row.slug), app.clock.now());
        store::rate::set_round(&app.db, &scope, row.id, Some(1_000_000), now).await.unwrap();
        let clock = Turned::new(folder, now);
        let processes = Processes::start(&config, folder, &clock.variables()).await;
        Self { row, mailbox, processes, folder: folder.to_owned(), clock }
    }

    /// Where the first instance keeps its records.
    pub fn records(&self) -> PathBuf {
        self.folder.join("a/record")
    }

    /// Moves the clock of all processes on.
    pub fn jump(&self, at: DateTime<Utc>) {
        self.clock.to(at);
    }

    /// Once this has happened to the round: a column of it that is set then.
    pub async fn has(&self, db: &DatabaseConnection, column: &str) {
        let is_set = format!("SELECT count(*) FROM round WHERE {column} IS NOT NULL");
        until(column, || async { ask(db, &is_set).await == 1 }).await;
    }

    /// Once everybody's notice is planned, after a draw.
    pub async fn has_planned(&self, db: &DatabaseConnection) {
        let planned = "SELECT count(*) FROM telling WHERE reason = 'result' AND done_at IS NOT NULL";
        until("everybody's notice is planned", || async { ask(db, planned).await == 1 }).await;
    }
}
