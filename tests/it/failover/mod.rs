//! The primary dies under a crowd, the standby is promoted: what was acknowledged is there, everybody is told once,
//! both instances go on by themselves; and the primary of before, come back, is left alone.

mod cluster;
mod etcd;
mod patroni;
mod steps;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::http::header;
use chrono::{TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use entities::{inbox, round};
use jebi::{
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl},
    demo,
    domain::spread,
    lifecycle::announce::{Staff, announce},
    stage::mailbox::Mailbox,
    store::{self, Db},
    web,
};
use sea_orm::{Database, DatabaseConnection, EntityTrait};
use tokio::task::JoinHandle;

use self::cluster::{Cluster, ONE, TWO, ask, asked, until};
use crate::{
    kill::{Ready, Served, file, ready},
    peer::free_port,
    support::{Browser, config},
};

const RESIDENTS: usize = 4_000;
const CLIENTS: usize = 12;
/// Acknowledged before the kill, between promotion and the return of the old primary, and after that.
const SOME: usize = 200;

/// What came back, over both instances.
#[derive(Default)]
struct Seen {
    acknowledged: Mutex<Vec<(String, Instant)>>,
    turned_away: AtomicUsize,
    pages: Mutex<BTreeMap<(&'static str, u16), usize>>,
    is_over: AtomicBool,
    next: AtomicUsize,
}

impl Seen {
    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

/// Without following, as everybody's: whoever enters is told where to look.
fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Sends the same form until it is acknowledged, now here, now there; an instance that hangs up fails the test.
async fn enter(crowd: Arc<[Ready]>, seen: Arc<Seen>, instances: [SocketAddr; 2]) {
    let client = client();
    while let Some(one) = crowd.get(seen.next.fetch_add(1, Relaxed)) {
        for instance in instances.iter().cycle() {
            if seen.is_over.load(Relaxed) {
                return;
            }
            let post = client.post(format!("http://{instance}/rounds/survivors/entry"));
            let form = [("csrf", &one.token), ("seen", &one.seen)];
            let post = post.header(header::COOKIE.as_str(), &one.cookie).form(&form);
            let answer = post.send().await.unwrap();
            match answer.status().as_u16() {
                303 => break,
                503 => {
                    let wait = answer.headers()[header::RETRY_AFTER.as_str()].to_str().unwrap().to_owned();
                    assert!((30..=300).contains(&wait.parse::<u64>().unwrap()), "{wait}");
                    let body = answer.text().await.unwrap();
                    let says = |text: &str| body.contains(text);
                    assert!(says("여러 번 보내셔도 신청은 하나입니다") || says("다시 적지 않아도"), "{body}");
                    assert!(says("action=\"/rounds/survivors/entry\"") && says(&one.token), "{body}");
                    seen.turned_away.fetch_add(1, Relaxed);
                    Clock::pause(Duration::from_millis(100)).await;
                }
                other => panic!("{other}: {}", answer.text().await.unwrap()),
            }
        }
        seen.acknowledged.lock().unwrap().push((one.receipt.clone(), Instant::now()));
        // So that the crowd lasts until the end.
        Clock::pause(Duration::from_millis(20)).await;
    }
}

/// Somebody who reads meanwhile.
async fn read(one: Ready, seen: Arc<Seen>, instances: [SocketAddr; 2]) {
    let client = client();
    while !seen.is_over.load(Relaxed) {
        for (instance, path) in instances.iter().flat_map(|at| {
            ["", "/rounds/survivors", "/rounds/survivors/my", "/status"].map(|path| (at, path))
        }) {
            let answer =
                client.get(format!("http://{instance}{path}")).header(header::COOKIE.as_str(), &one.cookie);
            let answer = answer.send().await.unwrap();
            *seen.pages.lock().unwrap().entry((path, answer.status().as_u16())).or_default() += 1;
        }
        Clock::pause(Duration::from_millis(50)).await;
    }
}

/// The configuration of one process: its own folder, the keys of all.
pub(crate) fn written(config: &Config, folder: &Path, name: &str, address: SocketAddr) -> PathBuf {
    let keys = &config.state_dir;
    let own = Config { state_dir: folder.join(name), ..config.clone() };
    let (secret, pass) = (keys.join("secret.key"), keys.join("pass.key"));
    let shared =
        format!("metrics = \"127.0.0.1:0\"\nsecret_key_file = {secret:?}\npass_key_file = {pass:?}\n");
    let path = folder.join(format!("{name}.toml"));
    let text = file(&own, address).replace("level = \"trace\"", "level = \"info\"");
    fs::write(&path, shared + &text).unwrap();
    path
}

/// A database with our schema in it, and what all who work on it are configured with.
async fn prepared(folder: &Path, url: &str, mailbox: &Mailbox) -> Config {
    let config = config(folder, DatabaseUrl::new(url.to_owned()), mailbox.addr().port());
    // Before its first checks HAProxy sends people to any of the three in turn.
    until("HAProxy finds the primary", || async {
        for _ in 0..3 {
            let Ok(db) = Database::connect(url).await else { return false };
            let standby = asked(&db, "SELECT CAST(pg_is_in_recovery() AS INTEGER)::BIGINT").await;
            // An error too: it hangs up on whomever it has led to a standby.
            if !matches!(standby, Ok(0)) {
                return false;
            }
        }
        true
    })
    .await;
    store::migrate(&Db::of(&config).await.unwrap()).await.unwrap();
    config
}

/// Two instances and a sender.
struct Processes {
    instances: [SocketAddr; 2],
    log: PathBuf,
    _all: [Served; 3],
}

impl Processes {
    async fn start(config: &Config, folder: &Path, variables: &[(&str, String)]) -> Self {
        let instances = [free_port(), free_port()].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let log = folder.join("log");
        let [a, b, c] = [("a", instances[0]), ("b", instances[1]), ("c", instances[0])]
            .map(|(name, address)| written(config, folder, name, address));
        let one = Served::spawn("serve", &a, &log, variables).ready(instances[0]).await;
        let two = Served::spawn("serve", &b, &log, variables).ready(instances[1]).await;
        let sender = Served::spawn("work", &c, &log, variables);
        Self { instances, log, _all: [one, two, sender] }
    }
}

/// An open round, a crowd before the last button, and two instances and a sender, each a process.
struct Stage {
    row: round::Model,
    crowd: Arc<[Ready]>,
    instances: [SocketAddr; 2],
    log: PathBuf,
    mailbox: Mailbox,
    _processes: [Served; 3],
}

impl Stage {
    async fn set(folder: &Path, url: &str, residents: usize) -> Self {
        let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
        let config = prepared(folder, url, &mailbox).await;
        let minute = Utc::now().with_timezone(&Seoul).with_second(0).unwrap() - TimeDelta::minutes(1);
        let clock = Clock::set(minute.to_utc() - TimeDelta::minutes(1), 0);
        let app = App::start(config.clone(), clock).await.unwrap();
        let mut draft = demo::tongyeong(minute.to_utc(), 10_000);
        draft.slug = "survivors".to_owned();
        let row = announce(&app, &draft, &Staff::new("a clerk", "an approver")).await.unwrap();
        app.clock.jump_to(Utc::now());
        let round = app.rounds.find(&row.slug).await.unwrap().unwrap();
        let site = Browser::new(web::router(app.clone()));
        let mut crowd = Vec::new();
        for number in 0..residents {
            crowd.push(ready(&app, &site, &round, number).await);
        }
        let Processes { instances, log, _all } = Processes::start(&config, folder, &[]).await;
        Self { row, crowd: crowd.into(), instances, log, mailbox, _processes: _all }
    }

    /// Some enter and one reads, until it is over.
    fn come(&self, seen: &Arc<Seen>) -> Vec<JoinHandle<()>> {
        let people =
            (0..CLIENTS).map(|_| tokio::spawn(enter(self.crowd.clone(), seen.clone(), self.instances)));
        let reader = tokio::spawn(read(self.crowd[0].clone(), seen.clone(), self.instances));
        people.chain([reader]).collect()
    }

    /// Everybody who was acknowledged is in the list, once, and was told once at most.
    async fn lost_nothing(&self, db: &DatabaseConnection, seen: &Seen) {
        // The instances fold by themselves.
        until("all is folded", || async { inbox::Entity::find().one(db).await.unwrap().is_none() }).await;
        let acknowledged: Vec<String> =
            seen.acknowledged.lock().unwrap().iter().map(|(receipt, _)| receipt.clone()).collect();
        let kept = store::entry::list(db, self.row.id, &acknowledged).await.unwrap();
        let lost = acknowledged.iter().filter(|receipt| !kept.contains_key(*receipt)).count();
        assert_eq!(lost, 0, "of {} acknowledged", acknowledged.len());
        let all = store::entry::count(db, self.row.id).await.unwrap() as usize;
        let tried = seen.next.load(Relaxed).min(self.crowd.len());
        assert!((acknowledged.len()..=tried).contains(&all), "{all} entries, {tried} tries");
        assert_eq!(store::notice::list(db, self.row.id, "entered").await.unwrap().len(), all);

        // Who was told was told once. An attempt that was noted but whose sender never heard that it was stays open
        // until its claim runs out, two minutes and more: it has not been made, and is not lost.
        let open = "SELECT count(*) FROM notice WHERE reason = 'entered' AND state <> 'accepted'";
        let planned =
            "SELECT count(*) FROM notice WHERE reason = 'entered' AND state = 'planned' AND due_at <= now()";
        until("who can be told is told", || async { ask(db, planned).await == 0 }).await;
        until("what was sent is noted", || async {
            ask(db, open).await as usize + self.mailbox.counts().len() == all
        })
        .await;
        let told = self.mailbox.counts();
        // At night nobody is told anything.
        assert!(spread::is_quiet(Utc::now()) || told.len() > SOME / 4, "{:?}", told.len());
        assert_eq!(told.values().filter(|count| **count > 1).count(), 0, "people were told twice");
        let pages = seen.pages.lock().unwrap();
        println!("{all} entries, {} told; pages {pages:?}", told.len());
        // A round's page is shown from memory all the time; nobody ever read that something is broken.
        let log = fs::read_to_string(&self.log).unwrap();
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("500")).take(5).collect();
        assert!(pages.keys().all(|(_, status)| matches!(status, 200 | 303 | 503)), "{pages:?} {errors:#?}");
        assert!(!pages.contains_key(&("/rounds/survivors", 503)), "{pages:?}");
    }
}

/// When the first was acknowledged after an instant.
fn first_after(seen: &Seen, instant: Instant) -> Instant {
    let acknowledged = seen.acknowledged.lock().unwrap();
    acknowledged.iter().map(|(_, at)| *at).filter(|at| *at > instant).min().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_costs_nobody_an_entry_and_tells_nobody_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut cluster = Cluster::start(folder.path()).await;
    let stage = Stage::set(folder.path(), &cluster.url(), RESIDENTS).await;
    let seen = Arc::new(Seen::default());
    let people = stage.come(&seen);
    until("a crowd enters", || async { seen.count() >= SOME }).await;

    cluster.kill(ONE);
    let killed = Instant::now();
    let before = seen.count();
    until("it is noticed", || async { seen.turned_away.load(Relaxed) >= 2 * CLIENTS }).await;
    cluster.promote(TWO).await;
    let promoted = Instant::now();
    until("entries are taken again", || async { seen.count() >= before + CLIENTS + SOME }).await;
    println!(
        "{before} acknowledged before the kill, promoted {:.2} s after it, the next {:.2} s after that, {} times 503",
        (promoted - killed).as_secs_f64(),
        (first_after(&seen, promoted) - promoted).as_secs_f64(),
        seen.turned_away.load(Relaxed),
    );

    // The one that died comes back and believes to be the primary; HAProxy believes it too. Connections of before
    // are cut, so that new ones are made, some of them to the wrong one.
    cluster.launch(ONE, &["synchronous_standby_names="]).await;
    let (old, new) = (cluster.connect(ONE, "jebi").await, cluster.connect(TWO, "jebi").await);
    let rows =
        "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM entry) + (SELECT count(*) FROM notice)";
    let of_before = ask(&old, rows).await;
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = 'jebi' AND pid <> pg_backend_pid()";
    until("somebody is led to the primary of before", || async {
        ask(&new, cut).await;
        Clock::pause(Duration::from_millis(300)).await;
        fs::read_to_string(&stage.log).unwrap().contains("this was the primary before another took over")
    })
    .await;
    let now = seen.count();
    until("entries are taken beside the one that is out of date", || async { seen.count() >= now + SOME })
        .await;
    assert_eq!(ask(&old, rows).await, of_before, "somebody wrote to the primary of before");
    cluster.kill(ONE);

    seen.is_over.store(true, Relaxed);
    for one in people {
        one.await.unwrap();
    }
    stage.lost_nothing(&new, &seen).await;
}
