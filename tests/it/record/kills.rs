//! `kill -9` while the files of a record are written: nobody is given half of one, and what stands there in the end is the
//! record that was drawn, and nothing beside it.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use jebi::{
    app::App,
    clock::Clock,
    demo, jobs,
    lifecycle::{
        announce::{Staff, announce},
        record,
    },
    stage::mailbox::Mailbox,
};
use public_audit::record::{MANIFEST, POOL, RESULT};

use crate::{
    failover::written,
    kill::Served,
    peer::free_port,
    support::{Engine, both, config, database, full},
};

both!(nobody_is_given_half_a_record_however_often_who_writes_it_is_killed);

/// So many that one can look into the middle of each part of it.
const PEOPLE: usize = 8_000;
const SLUG: &str = "survivors";
/// What lies beside the record, made from it.
const PATHS: &str = ".survivors.paths";
/// Longer than all of it takes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of meeting one moment.
const TRIES: usize = 20;

type Files = BTreeMap<String, Vec<u8>>;

/// When the process is killed, in this order, by what it has written so far.
type IsNow = fn(&Path) -> bool;

const MOMENTS: [(&str, IsNow); 4] = [
    ("the list is written, and drawn from", |all| is_half(all, |has| has(POOL) && !has(RESULT))),
    ("the result is compared with the database", |all| is_half(all, |has| has(RESULT) && !has(MANIFEST))),
    ("the verifier reads what was written", |all| is_half(all, |has| has(MANIFEST))),
    ("the record is there, its archive is not", |all| all.join(SLUG).exists() && !all.join(PATHS).exists()),
];

/// Whether something lies there that has these files and is not to be seen yet.
fn is_half(all: &Path, is_so: impl Fn(&dyn Fn(&str) -> bool) -> bool) -> bool {
    let Ok(entries) = fs::read_dir(all) else { return false };
    entries.filter_map(|entry| Some(entry.ok()?.path())).any(|folder| {
        let is_hidden = folder.file_name().unwrap().to_string_lossy().starts_with('.');
        is_hidden && is_so(&|name: &str| folder.join(name).exists())
    })
}

fn is_whole(all: &Path) -> bool {
    all.join(SLUG).exists() && all.join(PATHS).exists()
}

fn files(folder: &Path) -> Files {
    let paths = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.map(|path| (name(&path), fs::read(path).unwrap())).collect()
}

/// A round that was drawn, and everything that anybody is to be given of its record, by address.
struct Drawn {
    record: Files,
    addresses: Files,
}

/// Results have been out since yesterday, and the sale is not over.
async fn drawn(app: &App) -> Drawn {
    let opens = app.clock.now() + TimeDelta::hours(1);
    let mut draft = demo::tongyeong(opens, u32::try_from(PEOPLE).unwrap());
    draft.slug = SLUG.to_owned();
    let row = announce(app, &draft, &Staff::new("a clerk", "an approver")).await.unwrap();
    app.clock.jump_to(row.closes_at - TimeDelta::minutes(1));
    full(app, &app.rounds.find(SLUG).await.unwrap().unwrap(), PEOPLE, 0).await;
    for at in [row.closes_at, row.seals_at, row.reveals_at, row.pulse_at] {
        app.clock.jump_to(at);
        jobs::tick(app).await;
    }
    let round = app.rounds.find(SLUG).await.unwrap().unwrap();
    assert!(round.row.drawn_at.is_some() && row.results_at < Utc::now() && Utc::now() < row.ends_at);
    let record = files(&record::ensure(app, &round).await.unwrap());
    let report = public_audit::verify::verify(&record).unwrap();
    assert!(report.matches, "{report}");
    let mut addresses: Files =
        record.iter().map(|(name, bytes)| (format!("record/{name}"), bytes.clone())).collect();
    let archive = record::archive(app, &round).await.unwrap();
    addresses.insert("record.zip".to_owned(), fs::read(archive).unwrap());
    Drawn { record, addresses }
}

/// What whoever asks all the time was given.
#[derive(Default)]
struct Read {
    count: AtomicUsize,
    is_over: AtomicBool,
}

/// Asks for everything, again and again, whether somebody is there or not.
async fn read(address: SocketAddr, expected: Arc<Files>, read: Arc<Read>) {
    let client = reqwest::Client::new();
    while !read.is_over.load(Relaxed) {
        for (path, expected) in expected.iter() {
            let asked = client.get(format!("http://{address}/rounds/{SLUG}/{path}")).send().await;
            let Ok(answer) = asked else {
                Clock::pause(Duration::from_millis(5)).await;
                continue;
            };
            let status = answer.status().as_u16();
            // Whose connection breaks in the middle knows that there is more.
            let Ok(bytes) = answer.bytes().await else { continue };
            match status {
                200 => assert!(bytes == expected[..], "half of {path}, or another: {} bytes", bytes.len()),
                other => assert_eq!(other, 503, "{path}: {}", String::from_utf8_lossy(&bytes)),
            }
            read.count.fetch_add(usize::from(status == 200), Relaxed);
        }
    }
}

/// Starts the process, and kills it when it is the moment. Returns whether it was.
async fn is_killed_in(moment: fn(&Path) -> bool, all: &Path, toml: &Path, log: &Path) -> bool {
    let served = Served::spawn("serve", toml, log, &[]);
    let begun = Instant::now();
    while !moment(all) && !is_whole(all) {
        assert!(begun.elapsed() < PATIENCE, "{}", fs::read_to_string(log).unwrap());
        Clock::pause(Duration::from_millis(1)).await;
    }
    served.kill();
    moment(all)
}

async fn nobody_is_given_half_a_record_however_often_who_writes_it_is_killed(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let config = config(folder.path(), database(engine, folder.path()).await, mailbox.addr().port());
    let opened = Utc::now().with_timezone(&Seoul) - TimeDelta::days(5);
    let opened = opened.with_minute(0).unwrap().with_second(0).unwrap().to_utc();
    let app = App::start(config.clone(), Clock::set(opened - TimeDelta::hours(1), 0)).await.unwrap();
    let Drawn { record, addresses } = drawn(&app).await;

    // Another instance, whose disk is empty.
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let toml = written(&config, folder.path(), "a", address);
    let (all, log): (PathBuf, PathBuf) = (folder.path().join("a/record"), folder.path().join("log"));
    let (addresses, given) = (Arc::new(addresses), Arc::new(Read::default()));
    let readers: Vec<_> =
        (0..4).map(|_| tokio::spawn(read(address, addresses.clone(), given.clone()))).collect();
    for (what, moment) in MOMENTS {
        let mut tries = 1;
        while !is_killed_in(moment, &all, &toml, &log).await {
            tries += 1;
            assert!(tries <= TRIES, "never killed when {what}: this tests nothing, more people are needed");
            fs::remove_dir_all(&all).unwrap();
        }
        println!("{engine:?}: killed when {what}, tries: {tries}");
        let there = all.join(SLUG);
        assert!(!there.exists() || files(&there) == record, "half a record when {what}");
    }

    // It is made by itself, without anybody asking; and then everybody is given it.
    let served = Served::start(&toml, address, &log).await;
    let begun = Instant::now();
    let before = given.count.load(Relaxed);
    while !is_whole(&all) || given.count.load(Relaxed) < before + 3 * addresses.len() {
        assert!(begun.elapsed() < PATIENCE, "{}", fs::read_to_string(&log).unwrap());
        Clock::pause(Duration::from_millis(10)).await;
    }
    given.is_over.store(true, Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    served.kill();
    assert!(files(&all.join(SLUG)) == record, "another record");
    let mut left: Vec<_> = fs::read_dir(&all).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort_unstable();
    assert_eq!(left, [PATHS, SLUG]);
    assert_eq!(fs::read(all.join(PATHS).join("record.zip")).unwrap(), addresses["record.zip"]);
}
