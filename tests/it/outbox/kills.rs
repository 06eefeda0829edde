//! Several `jebi work` on one database, killed again and again, one of them put to sleep past its claims, while one
//! call in twenty is taken and never answered, the first vendor of texts dies half way and the mail server is away
//! for a while. JEBI_TEST_FULL makes it 10,000 texts and 10,000 mails, five workers and twenty kills.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, http::HeaderMap};
use chrono::Utc;
use jebi::{
    clock::Clock,
    domain::contact::Channel,
    notify::queue::{self, State as Queues},
    secret::random_below,
};
use serde_json::{Value, json};

use super::{
    codes, codes_by, solapi,
    workers::{Size, open, size, through, workers},
};
use crate::{
    peer::SmtpPeer,
    support::{Engine, TestApp, both},
};

both!(
    nobody_is_lost_or_told_twice_however_often_workers_die,
    with_a_vendor_that_cannot_be_asked_each_risk_is_counted
);

/// Of a channel, how often an outcome was counted.
fn counted(state: &Queues, channel: &str, outcome: &str) -> i64 {
    let of = state.totals.iter().filter(|(of, _, said, _)| of == channel && said == outcome);
    of.map(|(.., count)| count).sum()
}

async fn nobody_is_lost_or_told_twice_however_often_workers_die(engine: Engine) {
    let Size { notices, workers: count, kills } = size(engine);
    let (t, round) = TestApp::open(engine).await;
    t.jump(Utc::now());
    codes(&t, round.id, notices).await;
    codes_by(&t, round.id, notices, Channel::Email).await;
    let (store, file) = (t.folder().join("solapi.jsonl"), t.folder().join("texts.jsonl"));
    let options = json!({ "silent": 0.05, "die_after": notices / 2, "store": store });
    let peer = solapi(options).await;
    let half = (notices / 2).to_string();
    let mail = SmtpPeer::start("accept", &["--flaky", "0.05", "--die-after", &half, "--away", "5"]).await;
    let vendors = format!(
        "[sms.solapi]\nurl = \"http://127.0.0.1:{}\"\nkey = \"NCSKEY\"\nsecret = \"S3CRET\"\npriority = 1\nper_second = 200\n\
         [sms.file]\npath = \"{}\"\npriority = 2\nper_second = 200\n\
         [mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"제비 <jebi@tongyeong.example>\"\n\
         per_second = 200\ntimeout_seconds = 5\nresolve_minutes = 0\n",
        peer.port,
        file.display(),
        mail.port
    );
    through(&t, workers(&t, count, &vendors), kills, notices * 2).await;
    let (_, states) = open(&t).await;
    assert_eq!(states["accepted"], notices as u64 * 2, "{states:?}");
    let state = queue::state(&t.app).await.unwrap();
    println!("{engine:?}: {notices} texts, {notices} mails, {count} workers, {kills} kills");
    texts(engine, &state, notices, [&store, &file]);
    mails(engine, &state, notices, &mail);
}

/// Texts: whoever can be asked is asked, and nobody has one twice.
fn texts(engine: Engine, state: &Queues, notices: usize, [store, file]: [&Path; 2]) {
    let mut got: BTreeMap<String, usize> = BTreeMap::new();
    let mut by = [0, 0];
    for (at, (path, key)) in [(store, "/customFields/reference"), (file, "/reference")].iter().enumerate() {
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            *got.entry(line.pointer(key).unwrap().as_str().unwrap().to_owned()).or_default() += 1;
            by[at] += 1;
        }
    }
    let twice = got.values().filter(|count| **count > 1).count();
    let (unknown, found) = (counted(state, "sms", "unknown"), counted(state, "sms", "found"));
    println!(
        "{engine:?}: texts: {} lost, {twice} twice; {by:?} by vendor, {unknown} calls without an answer, {found} found by look-up",
        notices - got.len()
    );
    assert_eq!((got.len(), twice), (notices, 0));
    assert!(by[0] >= notices / 2 && by[1] > 0, "{by:?}");
    assert!(found > 0, "nothing was ever looked up");
    assert_eq!((counted(state, "sms", "duplicate"), counted(state, "sms", "risk")), (0, 0));
}

/// Mails: nobody can be asked, so each that is sent once more is counted, under the Message-ID that it had.
fn mails(engine: Engine, state: &Queues, notices: usize, peer: &SmtpPeer) {
    let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in peer.mails() {
        let id = mail.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("message-id"));
        got.entry(mail.to[0].clone()).or_default().push(id.unwrap().1.clone());
    }
    let copies: usize = got.values().map(|ids| ids.len() - 1).sum();
    let names: BTreeSet<&String> = got.values().flatten().collect();
    let risked = counted(state, "email", "risk");
    println!(
        "{engine:?}: mails: {} lost, {risked} sent once more, {copies} of them had arrived before, {} Message-IDs",
        notices - got.len(),
        names.len()
    );
    assert_eq!(got.len(), notices, "lost");
    // A mailbox that knows Message-IDs shows every mail once.
    assert_eq!(names.len(), notices, "a mail left under two names");
    assert!(copies as i64 <= risked, "{copies} mails came twice, but only {risked} risks were counted");
    assert!(risked > 0 && copies > 0, "no mail was ever ambiguous");
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
    let Size { notices: texts, workers: count, kills } = size(engine);
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
    let risked = counted(&state, "sms", "risk");
    println!(
        "{engine:?}: {texts} texts, {count} workers, {kills} kills, nobody to ask: {} lost, {risked} sent once more, \
         {twice} of them had arrived before",
        texts - taken.len()
    );
    assert_eq!(taken.len(), texts, "lost");
    assert!(twice as i64 <= risked, "{twice} twice, but only {risked} risks were counted");
    assert!(risked > 0 && state.risks > 0);
}
