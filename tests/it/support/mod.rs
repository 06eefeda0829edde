//! A whole service for one test, started in one line: its own folder, its own database on either
//! engine, a clock that stands still until the test moves it, and a mail server that receives.
//!
//! Nothing here sleeps, and nothing runs by itself: a test calls [`TestApp::tick`] and
//! [`TestApp::send`] where the metronome would knock.

mod browser;
mod form;
mod full;
mod peer;
mod record;
mod resident;
mod staff;
mod tables;

use std::{path::Path, time::Duration};

use axum::Router;
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use entities::{entry, notice, round};
use jebi::{
    app::{App, Round},
    clock::Clock,
    config::{self, Config, DatabaseUrl},
    demo,
    domain::draft::Draft,
    jobs,
    lifecycle::{
        announce::{Staff, announce},
        close::WAITING,
    },
    notify::{sending, vendor::Vendor},
    secret::random_id,
    stage::mailbox::Mailbox,
    store::{self, Db},
    web,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub use browser::{Browser, Page, between, encoded};
pub use full::full;
pub use peer::SmtpPeer;
pub use record::{audit_program, downloaded, verified};
pub use resident::Resident;
pub use staff::{Member, PASSWORD};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Makes two named tests of each `async fn name(engine: Engine)`: `name::sqlite` and
/// `name::postgres`.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Engine::Postgres).await;
            }
        }
    )+};
}
pub(crate) use both;

/// When every test begins, a day before its round opens.
const BEGINNING: &str = "2026-11-22 10:00";
/// When the usual round opens. It closes on the 26th at 18:00, results are out on the 27th at
/// 10:00, and the 28th from 09:00 is the day of purchase.
pub const OPENS: &str = "2026-11-23 10:00";

const PATIENCE: Duration = Duration::from_secs(5);

/// The site as it is served, from memory where it holds an answer.
fn whole(app: &App) -> Router {
    Router::new().fallback_service(web::site(app.clone()))
}

/// An instant in Korean local time.
pub fn kst(local: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
    Seoul.from_local_datetime(&local).single().unwrap().to_utc()
}

/// One service.
pub struct TestApp {
    pub app: App,
    pub mailbox: Mailbox,
    pub vendor: Vendor,
    site: Router,
    folder: TempDir,
}

impl TestApp {
    /// Starts it, with nothing announced.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| {}).await
    }

    /// Starts it with a configuration of its own.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_at(engine, BEGINNING, change).await
    }

    /// Starts it at another time, Korean local.
    pub async fn start_at(engine: Engine, beginning: &str, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
        let mut config = config(folder.path(), database(engine, folder.path()).await, mailbox.addr().port());
        change(&mut config);
        let vendor = Vendor::mail(config.mail.as_ref().unwrap(), &config.municipality).unwrap();
        let app = App::start(config, Clock::set(kst(beginning), 0)).await.unwrap();
        Self { site: whole(&app), app, mailbox, vendor, folder }
    }

    /// Starts it with the usual round announced and open.
    pub async fn open(engine: Engine) -> (Self, round::Model) {
        let t = Self::start(engine).await;
        let round = t.announced(t.draft(100)).await;
        t.jump(round.opens_at);
        (t, round)
    }

    /// A second instance on the same database, key file and clock.
    pub async fn another(&self) -> App {
        App::start(self.app.config.as_ref().clone(), self.app.clock.clone()).await.unwrap()
    }

    /// A sender to the mail server on another port.
    pub fn vendor_at(&self, port: u16) -> Vendor {
        let mail = config::Mail { port, ..self.app.config.mail.clone().unwrap() };
        Vendor::mail(&mail, &self.app.config.municipality).unwrap()
    }

    /// A round like the demo's, opening at [`OPENS`], with room for `residents`.
    pub fn draft(&self, residents: u32) -> Draft {
        demo::tongyeong(kst(OPENS), residents)
    }

    /// Announces a round.
    pub async fn announced(&self, draft: Draft) -> round::Model {
        let staff = Staff::new("a clerk", "an approver");
        announce(&self.app, &draft, &staff).await.unwrap()
    }

    /// A second instance with a configuration of its own.
    pub async fn another_with(&self, change: impl FnOnce(&mut Config)) -> App {
        let mut config = self.app.config.as_ref().clone();
        change(&mut config);
        App::start(config, self.app.clock.clone()).await.unwrap()
    }

    /// A browser that knows nobody.
    pub fn browser(&self) -> Browser {
        Browser::new(self.site.clone())
    }

    /// A browser at another instance.
    pub fn browser_at(&self, app: &App) -> Browser {
        Browser::new(whole(app))
    }

    /// Moves the clock.
    pub fn jump(&self, at: DateTime<Utc>) {
        self.app.clock.jump_to(at);
    }

    /// Moves the clock on.
    pub fn pass(&self, time: TimeDelta) {
        self.jump(self.now() + time);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// What the metronome would do now, but for the sending.
    pub async fn tick(&self) {
        jobs::tick(&self.app).await;
    }

    /// The close is written, when nothing can come any more that was handed in before it.
    pub async fn close(&self, round: &round::Model) {
        self.jump(round.closes_at + WAITING);
        self.tick().await;
        assert!(self.row(round).await.closed_at.is_some(), "the round is not closed");
    }

    /// Close, seal and reveal, each at its time, up to when the pulse is due.
    pub async fn draw_until_pulse(&self, round: &round::Model) {
        for at in [round.closes_at, round.seals_at, round.reveals_at, round.pulse_at] {
            self.jump(at);
            self.tick().await;
        }
    }

    /// Close, seal, reveal and draw, each at its time.
    pub async fn draw(&self, round: &round::Model) {
        self.draw_until_pulse(round).await;
        assert!(self.row(round).await.drawn_at.is_some(), "the round is not drawn");
    }

    /// Sends what is due now. Returns how many attempts were made.
    pub async fn send(&self) -> usize {
        self.send_by(&self.app, &self.vendor).await
    }

    /// What is due now is sent by the given instance through the given vendor. A sender claims a
    /// second ahead and sleeps until each notice is due: the clock is moved there for it, since it
    /// does not move by itself.
    pub async fn send_by(&self, app: &App, vendor: &Vendor) -> usize {
        let stop = CancellationToken::new();
        tokio::select! {
            sent = sending::send_due(app, vendor, &stop) => sent.unwrap(),
            () = self.wake_senders() => unreachable!("it never ends"),
        }
    }

    /// Moves the clock to the next claimed notice whenever a sender sleeps.
    pub async fn wake_senders(&self) {
        loop {
            let next = notice::Entity::find()
                .filter(notice::Column::State.eq("sending"))
                .filter(notice::Column::DueAt.gt(self.now()))
                .order_by_asc(notice::Column::DueAt)
                .one(self.db())
                .await
                .unwrap();
            if let Some(next) = next {
                self.jump(next.due_at);
            }
            Clock::pause(Duration::from_millis(5)).await;
        }
    }

    /// Sends everything that falls due until `at`, each notice at its own second.
    pub async fn send_until(&self, at: DateTime<Utc>) -> usize {
        self.send_until_by(&self.app, &self.vendor, at).await
    }

    /// The same, by the given instance through the given vendor.
    pub async fn send_until_by(&self, app: &App, vendor: &Vendor, at: DateTime<Utc>) -> usize {
        let mut sent = self.send_by(app, vendor).await;
        while let Some(next) = self.next_due().await.filter(|next| *next <= at) {
            self.jump(next);
            sent += self.send_by(app, vendor).await;
        }
        self.jump(at);
        sent
    }

    async fn next_due(&self) -> Option<DateTime<Utc>> {
        let planned = notice::Entity::find()
            .filter(notice::Column::State.eq("planned"))
            // A letter waits for somebody who prints it.
            .filter(notice::Column::Channel.ne("letter"))
            .filter(notice::Column::DeadlineAt.gt(self.now()))
            .order_by_asc(notice::Column::DueAt);
        Some(planned.one(self.db()).await.unwrap()?.due_at)
    }

    /// For looking into the database.
    pub fn db(&self) -> &DatabaseConnection {
        self.app.db.read()
    }

    /// For changing it behind the service's back.
    pub async fn meddle(&self, statement: &str) {
        let txn = self.app.db.begin().await.unwrap();
        let done = txn.execute_unprepared(statement).await.unwrap();
        assert!(done.rows_affected() > 0, "nothing changed by {statement}");
        txn.commit().await.unwrap();
        self.app.rounds.forget();
    }

    /// A connection of a stranger, to hold locks with.
    pub async fn stranger(&self) -> Db {
        Db::connect(self.app.config.database_url().expose(), 1, PATIENCE).await.unwrap()
    }

    /// A round as the database has it now.
    pub async fn row(&self, round: &round::Model) -> round::Model {
        store::round::find(self.db(), &round.slug).await.unwrap().unwrap()
    }

    /// A round as the service sees it now.
    pub async fn round(&self, round: &round::Model) -> std::sync::Arc<Round> {
        self.app.rounds.forget();
        self.app.rounds.find(&round.slug).await.unwrap().unwrap()
    }

    /// All entries of a round, withdrawn ones too.
    pub async fn entries(&self, round: &round::Model) -> Vec<entry::Model> {
        let all = entry::Entity::find().filter(entry::Column::RoundId.eq(round.id));
        all.order_by_asc(entry::Column::Receipt).all(self.db()).await.unwrap()
    }

    /// All notices, in the order they were planned in.
    pub async fn notices(&self) -> Vec<notice::Model> {
        notice::Entity::find().order_by_asc(notice::Column::Id).all(self.db()).await.unwrap()
    }

    /// The folder of everything the service writes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The configuration of a test: a mail server on loopback, and a fast one.
pub fn config(folder: &Path, database_url: DatabaseUrl, mail_port: u16) -> Config {
    Config {
        state_dir: folder.join("state"),
        database_url: Some(database_url),
        municipality: config::Municipality {
            name: "통영시".to_owned(),
            contact: "055-000-0000".to_owned(),
            site_in_words: "통영시 누리집".to_owned(),
        },
        mail: Some(config::Mail {
            host: "127.0.0.1".to_owned(),
            port: mail_port,
            tls: config::Tls::None,
            from: "제비 <jebi@tongyeong.example>".to_owned(),
            per_second: 100_000,
            timeout_seconds: 30,
            send_seal: false,
            ..config::Mail::default()
        }),
        database: config::Database { max_connections: 4, ..config::Database::default() },
        // The example of a month is announced in many tests that are not about drills, without one of minutes.
        drill: config::Drill { from_people: 50_000 },
        ..Config::default()
    }
}

/// A database that nobody has used, with the schema in it: a file, or a schema of its own on the
/// server that `tests/run` started.
pub async fn database(engine: Engine, folder: &Path) -> DatabaseUrl {
    match engine {
        Engine::Sqlite => {
            DatabaseUrl::new(format!("sqlite://{}?mode=rwc", folder.join("jebi.sqlite").display()))
        }
        Engine::Postgres => {
            let server = std::env::var("JEBI_TEST_POSTGRES").expect(
                "JEBI_TEST_POSTGRES is not set: run `tests/run`, which starts a PostgreSQL for the tests",
            );
            let schema = format!("test_{}", random_id());
            let admin =
                Database::connect(&server).await.expect("the PostgreSQL of the tests does not answer");
            admin.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.unwrap();
            admin.close().await.unwrap();
            let url = format!("{server}?options=-c%20search_path%3D{schema}");
            let db = Db::connect(&url, 1, PATIENCE).await.unwrap();
            store::migrate(&db).await.unwrap();
            DatabaseUrl::new(url)
        }
    }
}
