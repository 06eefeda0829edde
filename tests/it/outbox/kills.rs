//! Several `jebi work` on one database, killed again and again, one of them put to sleep past its claims, while one
//! call in twenty is taken and never answered and the first vendor dies half way. JEBI_TEST_FULL makes it 10,000
//! texts, five workers and twenty kills.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, http::HeaderMap};
use chrono::Utc;
use entities::notice;
use jebi::{clock::Clock, notify::queue, secret::random_below};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{SENDER, codes, solapi};
use crate::support::{Engine, TestApp, both};

both!(
    nobody_is_lost_or_told_twice_however_often_workers_die,
    with_a_vendor_that_cannot_be_asked_each_risk_is_counted
);

struct Size {
    texts: usize,
    workers: usize,
    kills: usize,
}

fn size(engine: Engine) -> Size {
    // SQLite has one writer, and one process that works.
    let workers = |many| if engine == Engine::Sqlite { 1 } else { many };
    match std::env::var_os("JEBI_TEST_FULL") {
        Some(_) => Size { texts: 10_000, workers: workers(5), kills: 20 },
        None => Size { texts: 400, workers: workers(3), kills: 6 },
    }
}

/// `jebi work` as an operator starts it.
struct Worker {
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

/// What an operator writes down for each worker; the vendors are said by the test.
fn workers(t: &TestApp, count: usize, vendors: &str) -> Vec<Worker> {
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

async fn open(t: &TestApp) -> (u64, BTreeMap<String, u64>) {
    let mut states = BTreeMap::new();
    for state in ["planned", "sending", "unknown", "accepted", "unresolved", "rejected", "expired"] {
        let count =
            notice::Entity::find().filter(notice::Column::State.eq(state)).count(t.db()).await.unwrap();
        states.insert(state.to_owned(), count);
    }
    (states["planned"] + states["sending"] + states["unknown"], states)
}

/// Kills until `kills` are done, then lets the rest finish.
async fn through(t: &TestApp, mut workers: Vec<Worker>, kills: usize, texts: usize) {
    let sleeper = workers.len() - 1;
    for kill in 0..kills {
        Clock::pause(Duration::from_millis(300 + random_below(700))).await;
        // The last one sleeps through half of it, past its claims.
        if kill == 1 && sleeper > 0 {
            workers[sleeper].signal("-STOP");
        }
        let awake = workers.len() - usize::from(sleeper > 0);
        let victim = usize::try_from(random_below(awake as u64)).unwrap();
        workers[victim].again();
    }
    let patience = 900 + texts * 2;
    for round in 0..patience {
        let (left, states) = open(t).await;
        if round == 150 && sleeper > 0 {
            workers[sleeper].signal("-CONT");
        }
        if left == 0 && (round > 170 || sleeper == 0) {
            return;
        }
        assert!(round + 1 < patience, "{left} of {texts} are left: {states:?}");
        Clock::pause(Duration::from_millis(100)).await;
    }
}

async fn nobody_is_lost_or_told_twice_however_often_workers_die(engine: Engine) {
    let Size { texts, workers: count, kills } = size(engine);
    let (t, round) = TestApp::open(engine).await;
    t.jump(Utc::now());
    codes(&t, round.id, texts).await;
    let (store, file) = (t.folder().join("solapi.jsonl"), t.folder().join("texts.jsonl"));
    let options = json!({ "silent": 0.05, "die_after": texts / 2, "store": store });
    let peer = solapi(options).await;
    let vendors = format!(
        "[sms.solapi]\nurl = \"http://127.0.0.1:{}\"\nkey = \"NCSKEY\"\nsecret = \"S3CRET\"\npriority = 1\nper_second = 200\n\
         [sms.file]\npath = \"{}\"\npriority = 2\nper_second = 200\n",
        peer.port,
        file.display()
    );
    through(&t, workers(&t, count, &vendors), kills, texts).await;
    let (_, states) = open(&t).await;
    assert_eq!(states["accepted"], texts as u64, "{states:?}");
    let mut got: BTreeMap<String, usize> = BTreeMap::new();
    let mut by = [0, 0];
    for (at, (path, key)) in [(&store, "/customFields/reference"), (&file, "/reference")].iter().enumerate() {
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            *got.entry(line.pointer(key).unwrap().as_str().unwrap().to_owned()).or_default() += 1;
            by[at] += 1;
        }
    }
    let twice = got.values().filter(|count| **count > 1).count();
    println!("{engine:?}: {texts} texts, {count} workers, {kills} kills: {by:?} by vendor, {twice} twice");
    assert_eq!((got.len(), twice), (texts, 0));
    assert!(by[0] >= texts / 2 && by[1] > 0, "{by:?}");
    let state = queue::state(&t.app).await.unwrap();
    assert_eq!((state.duplicates, state.risks), (0, 0));
    let found = state.totals.iter().filter(|(.., outcome, _)| outcome == "found").map(|(.., count)| count);
    println!("{engine:?}: {} were found by look-up", found.sum::<i64>());
}

type Taken = Arc<Mutex<BTreeMap<String, usize>>>;

/// As Kannel answers, but for one text in twenty, which it takes without a word.
async fn kannel(taken: Taken) -> u16 {
    let answer = async |State(taken): State<Taken>, headers: HeaderMap| {
        let to = headers["x-kannel-to"].to_str().unwrap().to_owned();
        *taken.lock().unwrap().entry(to).or_default() += 1;
        if random_below(20) == 0 {
            Clock::pause(Duration::from_secs(5)).await;
        }
        (axum::http::StatusCode::ACCEPTED, "0: Accepted for delivery")
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let site = Router::new().fallback(answer).with_state(taken);
    tokio::spawn(async move { axum::serve(listener, site).await });
    port
}

async fn with_a_vendor_that_cannot_be_asked_each_risk_is_counted(engine: Engine) {
    let Size { texts, workers: count, kills } = size(engine);
    let (texts, kills) = (texts / 2, kills / 2);
    let (t, round) = TestApp::open(engine).await;
    t.jump(Utc::now());
    codes(&t, round.id, texts).await;
    let taken = Taken::default();
    let vendors = format!(
        "resolve_minutes = 0\nunresolved = \"again\"\n\
         [sms.kannel]\nurl = \"http://127.0.0.1:{}/cgi-bin/sendsms\"\nusername = \"jebi\"\npassword = \"x\"\nper_second = 200\n",
        kannel(taken.clone()).await
    );
    through(&t, workers(&t, count, &vendors), kills, texts).await;
    let (_, states) = open(&t).await;
    assert_eq!(states["accepted"], texts as u64, "{states:?}");
    let taken = taken.lock().unwrap().clone();
    let twice: usize = taken.values().map(|count| count - 1).sum();
    let state = queue::state(&t.app).await.unwrap();
    let risked = state.totals.iter().filter(|(.., outcome, _)| outcome == "risk").map(|(.., count)| count);
    let risked: i64 = risked.sum();
    println!(
        "{engine:?}: {texts} texts, {kills} kills: {risked} sent once more, {twice} of them had arrived before"
    );
    assert_eq!(taken.len(), texts, "lost");
    assert!(twice as i64 <= risked, "{twice} twice, but only {risked} risks were counted");
    assert!(risked > 0 && state.risks > 0);
}
