//! `verify URL`, `watch` and `witness`, against a small server that can be as hostile as it likes.
#![cfg(feature = "online")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod followed;
mod verified;
mod witnessed;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use public_audit::{
    Digest,
    journal::{Checkpoint, Excerpt, TilePath, tiles},
    merkle,
    note::Signer,
    rules::Mode,
};

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
