//! A round that is full and about to close, and the processes that carry it on, all by one clock that the test moves.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{entry, round};
use jebi::{
    app::{App, Round},
    clock::Clock,
    demo,
    domain::contact::{CONTACT, Channel, Contact},
    lifecycle::{
        announce::{Staff, announce},
        fold::{change, leaf_in},
    },
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
use crate::support::{OPENS, kst};

/// A draw writes ten thousand places in one transaction, and plans five thousand notices: with more, both can be met in
/// their middle.
pub const PEOPLE: usize = 15_000;
/// The first of them; the others gave no address at the counter and are told on paper.
pub const BY_MAIL: usize = 2_000;
/// Of one fold. Of 170 folds a batch is made, so that there are several.
const FOLDED: usize = 15;
/// Of one transaction of ours.
const SOME: usize = 100;

/// The round, and all around it.
pub struct Full {
    pub row: round::Model,
    pub mailbox: Mailbox,
    pub processes: Processes,
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
        fill(&app, &app.rounds.find(&row.slug).await.unwrap().unwrap()).await;
        // As staff may: so that it takes seconds and not an hour.
        let (scope, now) = (format!("round {}", row.slug), app.clock.now());
        store::rate::set_round(&app.db, &scope, row.id, Some(1_000_000), now).await.unwrap();
        let clock = Turned::new(folder, now);
        let processes = Processes::start(&config, folder, &clock.variables()).await;
        Self { row, mailbox, processes, clock }
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

/// Everybody enters, as the fold would have it.
async fn fill(app: &App, round: &Round) {
    let now = app.clock.now();
    let entries: Vec<entry::Model> = (0..PEOPLE).map(|number| entered(app, round, number)).collect();
    for some in entries.chunks(FOLDED * SOME) {
        let txn = app.db.begin().await.unwrap();
        store::entry::insert_all(&txn, some.to_vec()).await.unwrap();
        for folded in some.chunks(FOLDED) {
            let leaves = folded.iter().map(|entry| change('+', leaf_in(round, entry).unwrap())).collect();
            store::batch::note(&txn, round.row.id, now, leaves).await.unwrap();
        }
        txn.commit().await.unwrap();
    }
}

fn entered(app: &App, round: &Round, number: usize) -> entry::Model {
    let address = format!("resident{number}@survivors.example");
    let contact = Contact::parse(Channel::Email, &address).unwrap();
    let is_by_mail = number < BY_MAIL;
    entry::Model {
        round_id: round.row.id,
        receipt: round.receipt(&contact.person_key()).unwrap().to_string(),
        seats: 1,
        want: 100_000,
        weight: 1,
        wish: "am".to_owned(),
        fields: String::new(),
        person_sealed: if is_by_mail { app.keys.people().seal(CONTACT, &contact) } else { String::new() },
        channel: if is_by_mail { Channel::Email.key() } else { "" }.to_owned(),
        lang: "ko".to_owned(),
        entered_at: app.clock.now(),
        changed_at: app.clock.now(),
        withdrawn_at: None,
        version: 1,
        inbox_id: 0,
        lead: None,
        miss_key: String::new(),
        consent_digest: String::new(),
        attended: false,
    }
}
