//! `witness`.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use public_audit::{
    journal::{cosignature::Witness, witness},
    merkle,
};

use super::{audit, checkpoint, city, folder, grown, leaves};
use crate::common;

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
