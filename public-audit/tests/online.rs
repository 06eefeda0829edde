//! `verify URL`, `watch` and `witness`, against a small server that can be as hostile as it likes.
#![cfg(feature = "online")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use public_audit::journal::cosignature::Witness;
use public_audit::journal::{Checkpoint, Excerpt, TilePath, tiles, witness};
use public_audit::note::Signer;
use public_audit::rules::Mode;
use public_audit::{Digest, merkle};

/// Files by path. A file that is `ENDLESS` never ends, of one that is `NOTHING` there is none yet.
#[derive(Clone, Default)]
struct Server {
    files: Arc<Mutex<Files>>,
    url: String,
}

#[derive(Default)]
struct Files {
    now: BTreeMap<String, Vec<u8>>,
    /// What takes their place as soon as this path was asked for.
    later: Option<(String, BTreeMap<String, Vec<u8>>)>,
}

const ENDLESS: &[u8] = b"endless";
const NOTHING: &[u8] = b"nothing";

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { url: format!("http://{}", listener.local_addr().unwrap()), ..Self::default() };
        let files = Arc::clone(&server.files);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let files = Arc::clone(&files);
                std::thread::spawn(move || answer(stream.unwrap(), &files));
            }
        });
        server
    }

    fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().now.insert(format!("/{path}"), bytes.into());
    }

    fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.files.lock().unwrap().now.get_mut(&format!("/{path}")).unwrap());
    }

    fn remove(&self, path: &str) -> Vec<u8> {
        self.files.lock().unwrap().now.remove(&format!("/{path}")).unwrap()
    }

    /// A journal of these lines, with tiles for this size and none of before.
    fn publish(&self, lines: &[String], signer: &Signer) {
        self.files.lock().unwrap().now.retain(|path, _| !path.starts_with("/journal/"));
        let leaves = leaves(lines);
        for index in 0..lines.len().div_ceil(256) {
            let width = u16::try_from((lines.len() - index * 256).min(256)).unwrap();
            let path = TilePath::Hashes { level: 0, index: index as u64, width };
            self.put(&format!("journal/{path}"), tiles::tile(&leaves, 0, index as u64, width).unwrap());
            let path = TilePath::Entries { index: index as u64, width };
            let some = lines[index * 256..].iter().take(width.into()).map(String::as_str);
            self.put(&format!("journal/{path}"), tiles::bundle(some).unwrap());
        }
        if lines.len() >= 256 {
            let width = u16::try_from(lines.len() / 256).unwrap();
            let path = TilePath::Hashes { level: 1, index: 0, width };
            self.put(&format!("journal/{path}"), tiles::tile(&leaves, 1, 0, width).unwrap());
        }
        self.put("journal/checkpoint", checkpoint(lines, signer));
    }
}

impl Files {
    fn get(&mut self, path: &str) -> Option<Vec<u8>> {
        let found = self.now.get(path).cloned();
        if let Some((_, files)) = self.later.take_if(|(asked, _)| asked == path) {
            self.now.extend(files);
        }
        found
    }
}

fn answer(mut stream: TcpStream, files: &Mutex<Files>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let path = line.split(' ').nth(1).unwrap().to_owned();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        let found = files.lock().unwrap().get(&path);
        let Some(bytes) = found else {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            continue;
        };
        if bytes == NOTHING {
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            continue;
        }
        if bytes == ENDLESS {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'a'; 65_536]).is_ok() {}
            return;
        }
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
        let _ = stream.write_all(&bytes);
    }
}

fn leaves(lines: &[String]) -> Vec<Digest> {
    lines.iter().map(|line| merkle::leaf(line.as_bytes())).collect()
}

fn checkpoint(lines: &[String], signer: &Signer) -> String {
    let (origin, size) = (signer.verifier().name().to_owned(), lines.len() as u64);
    Checkpoint { origin, size, root: merkle::root_of_leaves(&leaves(lines)) }.sign(signer).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("online").join(name);
    let _ = fs::remove_dir_all(&dir);
    dir
}

/// Exit code, standard output and standard error.
fn audit(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jebi-audit")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn watch(server: &Server, dir: &Path, more: &[&str]) -> (i32, String, String) {
    let dir = dir.to_str().unwrap();
    audit(&[&["watch", &server.url, "--state", dir, "--once"], more].concat())
}

/// A server with the record of a round, and the round's events.
fn city() -> (Server, Vec<String>) {
    let rules = common::rules(Mode::Share);
    let record = common::record(&rules, &common::pool(&rules, 20, 8), None);
    let server = Server::start();
    for (name, bytes) in &record {
        server.put(&format!("rounds/t-2026-12/record/{name}"), bytes.clone());
    }
    let excerpt = Excerpt::parse(std::str::from_utf8(&record["journal.txt"]).unwrap()).unwrap();
    let lines = excerpt.events.iter().map(|logged| logged.event.to_string()).collect();
    (server, lines)
}

/// Many more events that nobody minds.
fn grown(lines: &[String], count: usize) -> Vec<String> {
    let more = |n: usize| format!("2026-12-05T00:00:00Z erased t-2026-12 people={n}");
    lines.iter().cloned().chain((0..count).map(more)).collect()
}

#[test]
fn a_record_is_verified_where_it_lies() {
    let (server, _) = city();
    let url = format!("{}/rounds/t-2026-12/record/", server.url);
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, said.lines().count()), (0, 29), "{said}");
    let pool = server.remove("rounds/t-2026-12/record/pool.txt");
    let (code, said, _) = audit(&["verify", &url]);
    assert!(code == 1 && said.contains("not there: pool.txt"), "{said}");
    server.put("rounds/t-2026-12/record/pool.txt", pool);
    for name in ["rules.json", "manifest.txt", "checkpoint.txt"] {
        let path = format!("rounds/t-2026-12/record/{name}");
        let good = server.remove(&path);
        server.put(&path, ENDLESS);
        let (code, _, wrong) = audit(&["verify", &url]);
        assert!(code == 2 && wrong.contains("larger than"), "{wrong}");
        server.put(&path, good);
    }
    assert_eq!(audit(&["verify", &url]).0, 0);
    assert_eq!(audit(&["verify", "http://127.0.0.1:1/"]).0, 2);
    assert_eq!(audit(&["verify", &server.url]).0, 1);
}

#[test]
fn what_is_not_downloaded_is_no_mismatch() {
    let (server, _) = city();
    let path = |name: &str| format!("rounds/t-2026-12/record/{name}");
    for (count, expected) in [(100, 0), (101, 2)] {
        let mut record = server.files.lock().unwrap().now.clone();
        record.retain(|name, _| name.starts_with("/rounds/") && !name.ends_with("manifest.txt"));
        record.extend(
            (0..count).map(|number| (format!("/{}", path(&format!("plan-{number:03}.txt"))), vec![b'x'])),
        );
        let files: Vec<_> =
            record.iter().map(|(name, bytes)| (name.rsplit('/').next().unwrap(), bytes.as_slice())).collect();
        let manifest = public_audit::record::manifest(&files);
        record.iter().for_each(|(name, bytes)| server.put(&name[1..], bytes.clone()));
        server.put(&path("manifest.txt"), manifest);
        let (code, said, wrong) = audit(&["verify", &format!("{}/{RECORD}", server.url)]);
        assert_eq!(code, expected, "{said}{wrong}");
    }
}

#[test]
#[cfg(unix)]
fn of_who_is_interrupted_nothing_stays_behind() {
    let ((server, _), dir) = (city(), folder("interrupted"));
    fs::create_dir_all(&dir).unwrap();
    let asked = format!("/{RECORD}/pool.txt");
    server.put(&asked[1..], ENDLESS);
    server.files.lock().unwrap().later = Some((asked, BTreeMap::new()));
    let mut verify = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
    verify.args(["verify", &format!("{}/{RECORD}", server.url)]).env("TMPDIR", &dir);
    let mut child = verify.spawn().unwrap();
    while server.files.lock().unwrap().later.is_some() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before the pool");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

const RECORD: &str = "rounds/t-2026-12/record";

/// A city that has published what happened after its draw, and its files.
fn city_after() -> (Server, BTreeMap<String, Vec<u8>>) {
    let mut rules = common::rules(Mode::Share);
    rules.after = Some(common::after());
    let record = common::course::record_after(&rules, &common::pool(&rules, 40, 8), 3);
    let server = Server::start();
    record.iter().for_each(|(name, bytes)| server.put(&format!("{RECORD}/{name}"), bytes.clone()));
    (server, record)
}

fn checks(said: &str, verdict: &str) -> Vec<String> {
    let of = |line: &str| line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    said.lines().filter(|line| line.contains(&format!(" {verdict}  "))).map(of).collect()
}

#[test]
fn what_happened_after_the_draw_is_verified_where_it_lies() {
    let (server, record) = city_after();
    let url = format!("{}/{RECORD}/", server.url);
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, checks(&said, "PASS").len()), (0, 28), "{said}");
    let offers = String::from_utf8(record["offers.txt"].clone()).unwrap();
    assert!(offers.contains(" caught_up ") && offers.contains(" missed\n"), "{offers}");

    // A place given to somebody else: the log has another digest, and the draw another answer.
    let line = offers.lines().find(|line| line.contains(" caught_up ")).unwrap();
    let worse = line.replace(" caught_up ", " assigned ");
    server.put(&format!("{RECORD}/offers.txt"), offers.replace(line, &worse));
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!(
        (code, checks(&said, "FAIL")),
        (1, vec!["after-events".to_owned(), "offers-recomputed".to_owned()])
    );
    assert!(said.contains(&format!("computed `{line}`, published `{worse}`")), "{said}");
    server.put(&format!("{RECORD}/offers.txt"), offers);

    // Signed by somebody else, cut off, or without end.
    let own = &record["after-checkpoint.txt"];
    let theirs = Signer::new("jebi.example/t", &[8; 32]).unwrap();
    let signed = Checkpoint::peek(std::str::from_utf8(own).unwrap()).unwrap().sign(&theirs).unwrap();
    for (name, bytes, code, failed) in [
        ("after-checkpoint.txt", signed.as_bytes(), 1, vec!["after-events"]),
        ("after-journal.txt", &record["after-journal.txt"][..99], 1, vec!["after-form"]),
        ("after-checkpoint.txt", ENDLESS, 2, vec![]),
        ("offers.txt", NOTHING, 1, vec!["after-form"]),
    ] {
        server.put(&format!("{RECORD}/{name}"), bytes);
        let (found, said, wrong) = audit(&["verify", &url]);
        assert_eq!(
            (found, checks(&said, "FAIL")),
            (code, failed.iter().map(ToString::to_string).collect()),
            "{name}"
        );
        assert!(code != 2 || wrong.contains("larger than"), "{wrong}");
        server.put(&format!("{RECORD}/{name}"), record[name].clone());
    }

    // Nothing yet is no mistake.
    for name in public_audit::record::AFTER_FILES {
        server.put(&format!("{RECORD}/{name}"), NOTHING);
    }
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, checks(&said, "SKIP").len()), (0, 3), "{said}");
}

#[test]
fn an_offer_made_while_one_downloads_is_no_mistake() {
    let (server, record) = city_after();
    let after = public_audit::record::AFTER_FILES;
    for asked in after {
        // Before it there was nothing.
        after.iter().for_each(|name| server.put(&format!("{RECORD}/{name}"), NOTHING));
        let files = after.iter().map(|name| (format!("/{RECORD}/{name}"), record[*name].clone())).collect();
        server.files.lock().unwrap().later = Some((format!("/{RECORD}/{asked}"), files));
        let (code, said, _) = audit(&["verify", &format!("{}/{RECORD}", server.url)]);
        assert_eq!((code, checks(&said, "PASS").len()), (0, 28), "{asked}: {said}");
    }
}

#[test]
fn a_journal_is_followed() {
    let ((server, lines), dir) = (city(), folder("follow"));
    let key = common::signer().verifier().to_vkey();
    server.publish(&lines[..3], &common::signer());
    let (code, said, wrong) = watch(&server, &dir, &[]);
    assert!(code == 0 && said.contains(&format!("from now on {key}")), "{said}{wrong}");
    assert!(said.contains("3 new events, 3 in all"), "{said}");
    let (code, said, _) = watch(&server, &dir, &["--key", &key]);
    assert_eq!((code, said.as_str()), (0, "nothing new: 3 events\n"));
    // What a crash has left behind the last checkpoint is cut off.
    let mut copy = fs::OpenOptions::new().append(true).open(dir.join("events.txt")).unwrap();
    copy.write_all(b"2026-12-05T00:00:00Z half a li").unwrap();
    for size in [lines.len(), 255, 256, 257, 700, 1024] {
        let log = grown(&lines, size - lines.len());
        server.publish(&log, &common::signer());
        let (code, said, wrong) = watch(&server, &dir, &[]);
        assert!(code == 0 && said.contains(&format!("{size} in all, 1 rounds")), "{said}{wrong}");
        let copy: String = log.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(fs::read_to_string(dir.join("events.txt")).unwrap(), copy);
    }
    let other = Signer::new("jebi.example/t", &[8; 32]).unwrap().verifier().to_vkey();
    assert_eq!(watch(&server, &dir, &["--key", &other]).0, 2);
    fs::write(dir.join("events.txt"), "2026-12-05T00:00:00Z closed x\n").unwrap();
    assert_eq!(watch(&server, &dir, &[]).0, 2, "a damaged copy is not the log's fault");
    assert!(!dir.join("split-view").exists());
}

#[test]
fn a_changed_past_is_shouted() {
    let (server, lines) = city();
    let (log, key) = (grown(&lines, 400), common::signer());
    let mut fork = log.clone();
    fork[300] = fork[300].replace("people=", "people=1");
    let changed = Signer::new("jebi.example/t", &[8; 32]).unwrap();
    let other = Signer::new("jebi.example/other", &[7; 32]).unwrap();
    let longer = |lines: &[String]| grown(lines, 300);
    for (name, theirs, signer) in [
        ("fork", fork.clone(), &key),
        ("fork-longer", longer(&fork), &key),
        ("shrink", log[..log.len() - 1].to_vec(), &key),
        ("replay", log[..5].to_vec(), &key),
        ("empty", Vec::new(), &key),
        ("key", longer(&log), &changed),
        ("origin", longer(&log), &other),
    ] {
        let dir = folder(name);
        server.publish(&log, &key);
        assert_eq!(watch(&server, &dir, &[]).0, 0);
        server.publish(&theirs, signer);
        for _ in 0..2 {
            let (code, _, wrong) = watch(&server, &dir, &[]);
            assert!(code == 3 && wrong.contains("TWO HISTORIES"), "{name}: {wrong}");
        }
        let evidence: Vec<String> = fs::read_dir(dir.join("split-view"))
            .unwrap()
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        assert_eq!(evidence.len(), 2, "{name}");
        assert!(
            evidence.contains(&checkpoint(&log, &key)) && evidence.contains(&checkpoint(&theirs, signer))
        );
        // Nothing of it was believed.
        server.publish(&longer(&log), &key);
        assert_eq!(watch(&server, &dir, &[]).0, 0, "{name}");
    }
}

#[test]
fn broken_tiles_are_not_believed() {
    let ((server, lines), dir) = (city(), folder("broken"));
    let (log, key) = (grown(&lines, 400), common::signer());
    server.publish(&log[..300], &key);
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    let copy = fs::read(dir.join("events.txt")).unwrap();
    let width = log.len() - 256;
    let (hashes, entries) =
        (format!("journal/tile/0/001.p/{width}"), format!("journal/tile/entries/001.p/{width}"));
    for path in [hashes.as_str(), entries.as_str(), "journal/checkpoint"] {
        for (how, expected) in [("cut", &[2][..]), ("missing", &[2]), ("endless", &[2]), ("bit", &[1])] {
            server.publish(&log, &key);
            match how {
                "cut" => server.change(path, |bytes| bytes.truncate(bytes.len() - 7)),
                "missing" => drop(server.remove(path)),
                "endless" => server.put(path, ENDLESS),
                _ => server.change(path, |bytes| *bytes.last_mut().unwrap() ^= 1),
            }
            let (code, _, wrong) = watch(&server, &dir, &[]);
            // A checkpoint with a wrong bit is not signed, or none at all.
            let expected = if path.ends_with("checkpoint") { &[2, 3][..] } else { expected };
            assert!(expected.contains(&code), "{path} {how}: {code} {wrong}");
            assert_eq!(fs::read(dir.join("events.txt")).unwrap(), copy);
        }
    }
    server.publish(&log, &key);
    server.change(&entries, |bytes| *bytes.last_mut().unwrap() = b'\n');
    assert_eq!(watch(&server, &dir, &[]).0, 1);
    server.publish(&log, &key);
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    assert_eq!(audit(&["watch", "http://127.0.0.1:1", "--state", dir.to_str().unwrap(), "--once"]).0, 2);
}

#[test]
fn rounds_have_no_gaps() {
    let ((server, mut lines), dir) = (city(), folder("gaps"));
    let announced = |slug: &str, number: u32| {
        format!("2026-12-05T00:00:00Z announced {slug} number={number} rules={}", Digest::ZERO)
    };
    lines.push(announced("second", 2));
    server.publish(&lines, &common::signer());
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    lines.push(announced("fourth", 4));
    server.publish(&lines, &common::signer());
    for _ in 0..2 {
        let (code, _, wrong) = watch(&server, &dir, &[]);
        assert!(code == 1 && wrong.contains("number 4 where 3 should be"), "{wrong}");
    }
    lines.push("2026-12-05T00:00:00Z danced second".to_owned());
    server.publish(&lines, &common::signer());
    let (code, _, wrong) = watch(&server, &dir, &[]);
    assert!(code == 1 && wrong.contains("no event of this kind"), "{wrong}");
}

#[test]
fn a_key_that_cannot_be_found_must_be_given() {
    let ((server, lines), dir) = (city(), folder("key"));
    server.publish(&lines, &common::signer());
    server.change("rounds/t-2026-12/record/rules.json", |bytes| bytes.push(b'\n'));
    let (code, _, wrong) = watch(&server, &dir, &[]);
    assert!(code == 2 && wrong.contains("give --key"), "{wrong}");
    let key = common::signer().verifier().to_vkey();
    assert_eq!(watch(&server, &dir, &["--key", &key]).0, 0);
    assert_eq!(fs::read_to_string(dir.join("key")).unwrap(), format!("{key}\n"));
}

/// A running witness, ended with its test.
struct Running {
    child: Child,
    vkey: String,
    address: String,
}

impl Running {
    fn start(dir: &Path) -> Self {
        let log = common::signer().verifier().to_vkey();
        let mut child = Command::new(env!("CARGO_BIN_EXE_jebi-audit"))
            .args(["witness", "--listen", "127.0.0.1:0", "--log", &log, "--key"])
            .arg(dir.with_extension("key"))
            .arg("--state")
            .arg(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (vkey, rest) = line.split_once(" at http://").unwrap();
        let address = rest.trim_end().strip_suffix("/add-checkpoint").unwrap().to_owned();
        Self { child, vkey: vkey.to_owned(), address }
    }

    /// Status and body of the answer.
    fn send(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).unwrap();
        let _ = stream.write_all(body);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let answer = answer.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn add(&self, log: &[String], old: usize, new: usize) -> (u16, String) {
        let leaves = leaves(&log[..new]);
        let proof = merkle::consistency(&leaves, old).unwrap_or_default();
        let body = witness::request(old as u64, &proof, &checkpoint(&log[..new], &common::signer()));
        self.send(&head("POST /add-checkpoint", body.len()), body.as_bytes())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn head(what: &str, length: usize) -> String {
    format!("{what} HTTP/1.1\r\nHost: w\r\nContent-Length: {length}")
}

fn witness_folder(name: &str) -> PathBuf {
    let dir = folder(name);
    let key = dir.with_extension("key");
    fs::create_dir_all(dir.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&key);
    let made = audit(&["witness", "--new-key", "w.example/1", "--key", key.to_str().unwrap()]);
    assert!(made.0 == 0 && made.1.starts_with("w.example/1+"), "{made:?}");
    assert_eq!(audit(&["witness", "--new-key", "w.example/1", "--key", key.to_str().unwrap()]).0, 2);
    dir
}

#[test]
fn a_witness_cosigns_one_history() {
    let dir = witness_folder("witness");
    let (_, lines) = city();
    let log = grown(&lines, 30);
    let mut fork = log.clone();
    fork[2].push('1');
    let running = Running::start(&dir);
    let (status, line) = running.add(&log, 0, 5);
    assert_eq!(status, 200);
    let note = format!("{}{line}", checkpoint(&log[..5], &common::signer()));
    let witness = Witness::parse(&running.vkey).unwrap();
    assert!(witness.open(&note).is_ok());
    let state = fs::read_to_string(dir.join("state.txt")).unwrap();
    assert!(state.starts_with("jebi-witness-1\njebi.example/t 5 "), "{state}");
    assert_eq!(running.add(&log, 0, 9), (409, "5\n".to_owned()));
    assert_eq!(running.add(&fork, 5, 5).0, 409);
    assert_eq!(running.add(&fork, 5, 9).0, 422);
    assert_eq!(running.add(&log, 9, 5).0, 400);

    // Two at once: one goes first, and the other is told so.
    let mut old = 5;
    for _ in 0..5 {
        let answers: Vec<(usize, u16)> = std::thread::scope(|scope| {
            let (running, log) = (&running, &log);
            let send = |new| scope.spawn(move || (new, running.add(log, old, new).0));
            let sent = [old + 4, old + 5, old + 4, old + 5].map(send);
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let taken: Vec<_> = answers.iter().filter(|(_, status)| *status == 200).collect();
        assert_eq!(taken.len(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|(_, status)| *status == 409).count(), 3, "{answers:?}");
        old = taken[0].0;
    }

    // What was cosigned is remembered.
    drop(running);
    let running = Running::start(&dir);
    assert_eq!(running.add(&log, 0, 5), (409, format!("{old}\n")));
    assert_eq!(running.add(&log, old, 35).0, 200);
    let second = audit(&[
        "witness",
        "--key",
        dir.with_extension("key").to_str().unwrap(),
        "--state",
        dir.to_str().unwrap(),
        "--listen",
        "127.0.0.1:0",
    ]);
    assert!(second.0 == 2 && second.2.contains("in use"), "{second:?}");
    drop(running);
    fs::remove_file(dir.join("state.txt")).unwrap();
    let lost = audit(&[
        "witness",
        "--key",
        dir.with_extension("key").to_str().unwrap(),
        "--state",
        dir.to_str().unwrap(),
        "--listen",
        "127.0.0.1:0",
    ]);
    assert!(lost.0 == 2 && lost.2.contains("state is lost"), "{lost:?}");
}

#[test]
fn a_witness_bears_strange_requests() {
    let running = Running::start(&witness_folder("strange"));
    for (head, body, status) in [
        (head("GET /add-checkpoint", 0), &b""[..], 405),
        (head("POST /", 0), b"", 404),
        (head("POST /add-checkpoint", 0), b"", 400),
        (head("POST /add-checkpoint", 3), b"old", 400),
        (head("POST /add-checkpoint", 1 << 20), b"", 413),
        (head("POST /add-checkpoint", usize::MAX), b"", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nHost: w".to_owned(), b"", 411),
        (format!("{}\r\nContent-Length: 4", head("POST /add-checkpoint", 3)), b"old", 411),
        (format!("{}\r\nTransfer-Encoding: chunked", head("POST /add-checkpoint", 3)), b"old", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1".to_owned(), b"", 400),
        ("\0".to_owned(), b"", 400),
        (format!("POST /add-checkpoint HTTP/1.1\r\nX: {}", "a".repeat(20_000)), b"", 431),
    ] {
        let found = running.send(&head, body).0;
        assert_eq!(found, status, "{head:.80}");
    }
    // Whoever is slow does not keep the others waiting.
    let slow: Vec<TcpStream> = (0..30).map(|_| TcpStream::connect(&running.address).unwrap()).collect();
    let (_, log) = city();
    assert_eq!(running.add(&log, 0, 3).0, 200);
    drop(slow);
}
