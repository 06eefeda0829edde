//! `kill -9` in the middle of an import and of an enrolment: both go on, and nobody is there twice.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::{TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use entities::{roster_member, round_roster};
use jebi::{
    app::App,
    clock::Clock,
    demo,
    domain::draft::Serves,
    lifecycle::{
        self,
        announce::{Staff, announce},
    },
    stage::mailbox::Mailbox,
    store,
};
use public_audit::rules::Mode;
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait};

use super::people;
use crate::{
    kill::{Served, file},
    peer::free_port,
    support::{Engine, both, config, database},
};

both!(an_import_and_an_enrolment_survive_kill_9);

const PEOPLE: usize = 30_000;

fn jebi(toml: &Path, log: &Path, arguments: &[&str]) -> Child {
    let log = File::options().create(true).append(true).open(log).unwrap();
    let mut jebi = Command::new(env!("CARGO_BIN_EXE_jebi"));
    jebi.args(arguments).arg("--config").arg(toml).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    jebi.spawn().unwrap()
}

/// Waits until the count is above `least`.
async fn above<F: Future<Output = u64>>(least: u64, count: impl Fn() -> F) -> u64 {
    for _ in 0..60_000 {
        let now = count().await;
        if now > least {
            return now;
        }
        Clock::pause(Duration::from_millis(2)).await;
    }
    panic!("it never got above {least}");
}

async fn members(db: &DatabaseConnection) -> u64 {
    roster_member::Entity::find().count(db).await.unwrap()
}

async fn an_import_and_an_enrolment_survive_kill_9(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let url = database(engine, folder.path()).await;
    let config = config(folder.path(), url, mailbox.addr().port());
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (toml, log, list) =
        (folder.path().join("jebi.toml"), folder.path().join("log"), folder.path().join("list.csv"));
    fs::write(&toml, file(&config, address)).unwrap();
    fs::write(&list, people(PEOPLE)).unwrap();
    let minute = Utc::now().with_timezone(&Seoul).with_second(0).unwrap() - TimeDelta::minutes(1);
    let app = App::start(config, Clock::set(minute.to_utc() - TimeDelta::minutes(1), 0)).await.unwrap();

    // Killed when some are in: nothing of it is usable, and it goes on with the rest.
    let list = list.to_str().unwrap();
    let mut import = jebi(&toml, &log, &["roster", "import", "list", list]);
    let some = above(0, || members(app.db.read())).await;
    import.kill().unwrap();
    import.wait().unwrap();
    assert!(some < PEOPLE as u64, "it was through before the kill: more people are needed");
    assert!(store::roster::find(app.db.read(), "list", "current").await.unwrap().is_none());
    let mut draft = demo::tongyeong(minute.to_utc(), u32::try_from(PEOPLE).unwrap());
    draft.slug = "survivors".to_owned();
    draft.mode = Mode::Everyone;
    draft.goods.budget = draft.goods.cap * PEOPLE as u64;
    draft.roster = Some("list".to_owned());
    draft.serves = Serves::Roster;
    let staff = Staff::new("a clerk", "an approver");
    assert!(announce(&app, &draft, &staff).await.is_err());
    let resumed = jebi(&toml, &log, &["roster", "import", "list", list, "--resume"]).wait().unwrap();
    assert!(resumed.success(), "{}", fs::read_to_string(&log).unwrap());
    assert_eq!(members(app.db.read()).await, PEOPLE as u64);
    let lines = roster_member::Entity::find().all(app.db.read()).await.unwrap();
    let lines: std::collections::BTreeSet<i64> = lines.into_iter().map(|member| member.line).collect();
    assert_eq!(lines.len(), PEOPLE, "each line once");

    // Killed when some are enrolled.
    let row = announce(&app, &draft, &staff).await.unwrap();
    let entries = async || store::entry::count(app.db.read(), row.id).await.unwrap();
    let served = Served::start(&toml, address, &log).await;
    let some = above(0, entries).await;
    served.kill();
    assert!(some < PEOPLE as u64, "it was through before the kill: more people are needed");
    let served = Served::start(&toml, address, &log).await;
    let done = async || {
        let row = round_roster::Entity::find_by_id(row.id).one(app.db.read()).await.unwrap().unwrap();
        u64::from(row.enrolled_at.is_some())
    };
    above(0, done).await;
    served.kill();
    assert_eq!(entries().await, PEOPLE as u64);
    // The batches of the journal make the pool: sealing looks at each of its lines.
    app.clock.jump_to(row.closes_at);
    let round = store::round::find(app.db.read(), "survivors").await.unwrap().unwrap();
    assert!(lifecycle::close::close(&app, &round, app.clock.now()).await.unwrap());
    app.clock.jump_to(row.seals_at);
    let round = store::round::find(app.db.read(), "survivors").await.unwrap().unwrap();
    assert!(lifecycle::seal::seal(&app, round, app.clock.now()).await.unwrap());
    let log = fs::read_to_string(&log).unwrap();
    assert!(!log.contains("example.org") && !log.contains("사람"), "somebody is in the log");
}
