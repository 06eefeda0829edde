//! `jebi work` as an operator starts it: several on one database, killed again and again.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::Utc;
use entities::notice;
use jebi::{clock::Clock, secret::random_below};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::SENDER;
use crate::support::{Engine, TestApp};

pub struct Size {
    /// Texts, and as many mails.
    pub notices: usize,
    pub workers: usize,
    pub kills: usize,
}

pub fn size(engine: Engine) -> Size {
    // SQLite has one writer, and one process that works.
    let workers = |many| if engine == Engine::Sqlite { 1 } else { many };
    match std::env::var_os("JEBI_TEST_FULL") {
        Some(_) => Size { notices: 10_000, workers: workers(5), kills: 20 },
        None => Size { notices: 400, workers: workers(3), kills: 6 },
    }
}

pub struct Worker {
    child: Child,
    file: PathBuf,
}

impl Worker {
    fn start(file: &Path) -> Self {
        let log = File::options().create(true).append(true).open(file.with_extension("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_jebi"))
            .args(["work", "--config"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, file: file.to_owned() }
    }

    /// SIGKILL, and another one starts in its place.
    fn again(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        *self = Self::start(&self.file.clone());
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an operator writes down for each worker; the vendors are said by the test, `[sms]` first.
pub fn workers(t: &TestApp, count: usize, vendors: &str) -> Vec<Worker> {
    let made = (0..count).map(|number| {
        let file = t.folder().join(format!("worker{number}.toml"));
        let text = format!(
            "metrics = \"127.0.0.1:0\"\nstate_dir = \"{}\"\nsecret_key_file = \"{}\"\ndatabase_url = \"{}\"\n\
             [municipality]\nname = \"통영시\"\ncontact = \"055-000-0000\"\nsite_in_words = \"통영시 누리집\"\n\
             [sms]\nfrom = \"{SENDER}\"\nper_second = 200\ntimeout_seconds = 1\nlook_up_seconds = 1\n{vendors}",
            t.folder().join(format!("state{number}")).display(),
            t.app.config.secret_key_path().display(),
            t.app.config.database_url().expose(),
        );
        fs::write(&file, text).unwrap();
        file
    });
    made.map(|file| Worker::start(&file)).collect()
}

/// How many are open, and how many in each state.
pub async fn open(t: &TestApp) -> (u64, BTreeMap<String, u64>) {
    let all = ["planned", "sending", "unknown", "accepted", "unresolved", "rejected", "expired"];
    let mut states: BTreeMap<String, u64> = all.map(|state| (state.to_owned(), 0)).into();
    // In one question: between two, a notice can go from a state not counted yet to one counted before.
    let found: Vec<(String, i64)> = notice::Entity::find()
        .select_only()
        .column(notice::Column::State)
        .column_as(notice::Column::Id.count(), "count")
        .group_by(notice::Column::State)
        .into_tuple()
        .all(t.db())
        .await
        .unwrap();
    states.extend(found.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap())));
    (states["planned"] + states["sending"] + states["unknown"], states)
}

/// Kills all along the way until `kills` are done, then lets the rest finish.
pub async fn through(t: &TestApp, mut workers: Vec<Worker>, kills: usize, notices: usize) {
    let sleeper = workers.len() - 1;
    for kill in 0..kills {
        Clock::pause(Duration::from_millis(300 + random_below(700))).await;
        // Not all of them while the first ones leave: each after its share of the notices, or after a while.
        let left_by_then = (notices - notices * kill / kills) as u64;
        for _ in 0..100 {
            if open(t).await.0 <= left_by_then {
                break;
            }
            Clock::pause(Duration::from_millis(100)).await;
        }
        // The last one sleeps through half of it, past its claims.
        if kill == 1 && sleeper > 0 {
            workers[sleeper].signal("-STOP");
        }
        let awake = workers.len() - usize::from(sleeper > 0);
        let victim = usize::try_from(random_below(awake as u64)).unwrap();
        workers[victim].again();
    }
    let patience = 1_500 + notices * 2;
    for round in 0..patience {
        let (left, states) = open(t).await;
        if round == 250 && sleeper > 0 {
            workers[sleeper].signal("-CONT");
        }
        if left == 0 && (round > 270 || sleeper == 0) {
            return;
        }
        // What a server asked to have later has waited long enough: minutes, which nobody here has.
        if round > 600 && round % 100 == 0 && left == states["planned"] {
            let now = notice::ActiveModel { due_at: Set(Utc::now()), ..Default::default() };
            let txn = t.app.db.begin().await.unwrap();
            let planned = notice::Entity::update_many().set(now).filter(notice::Column::State.eq("planned"));
            planned.exec(&txn).await.unwrap();
            txn.commit().await.unwrap();
        }
        assert!(round + 1 < patience, "{left} of {notices} are left: {states:?}");
        Clock::pause(Duration::from_millis(100)).await;
    }
}
