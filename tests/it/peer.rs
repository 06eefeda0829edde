//! The helper programs of `tests/peers`, started for one test and gone after it.

use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time,
};

/// The Python that has aiosmtpd: a virtual environment made by `tests/run`.
pub fn python() -> PathBuf {
    std::env::var_os("JEBI_TEST_PYTHON")
        .map(PathBuf::from)
        .expect("JEBI_TEST_PYTHON is not set: run `tests/run`, which prepares a Python with aiosmtpd")
}

/// A helper program's path.
pub fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}

/// An aiosmtpd server; it ends when this is dropped.
pub struct SmtpPeer {
    pub port: u16,
    /// The authority behind its certificate, if it speaks TLS.
    pub ca: Option<String>,
    store: PathBuf,
    _child: Child,
    _folder: TempDir,
}

/// A mail as the server understood it.
#[derive(Debug, Deserialize)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub body: String,
    /// Base64 of the bytes.
    pub raw: String,
    pub headers: Vec<(String, String)>,
    pub defects: Vec<String>,
    pub connection: usize,
    pub open: usize,
    pub tls: bool,
    pub login: Option<String>,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
    ca: Option<String>,
}

impl SmtpPeer {
    /// Starts the server in one of the modes listed in `smtp_peer.py`.
    pub async fn start(mode: &str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("mails.jsonl");
        let mut child = Command::new(python())
            .arg(program("smtp_peer.py"))
            .args(["--mode", mode, "--store"])
            .arg(&store)
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("JEBI_TEST_PYTHON cannot be started: run `tests/run`");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = time::timeout(Duration::from_secs(30), lines.next_line())
            .await
            .expect("smtp_peer.py says nothing")
            .unwrap()
            .expect("smtp_peer.py ended at once: its reason is above");
        let Ready { port, ca } = serde_json::from_str(&line).unwrap();
        Self { port, ca, store, _child: child, _folder: folder }
    }

    /// The mails whose final dot the server has read.
    pub fn mails(&self) -> Vec<Received> {
        let stored = std::fs::read_to_string(&self.store).unwrap_or_default();
        stored.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// What programs we did not write say about a mail, given the keys that DNS would hold.
pub async fn read_mail(raw: &str, keys: &[(String, String)]) -> serde_json::Value {
    let mut child = Command::new(python())
        .arg(program("mail_reader.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("JEBI_TEST_PYTHON cannot be started: run `tests/run`");
    let keys: std::collections::BTreeMap<_, _> = keys.iter().cloned().collect();
    let asked = serde_json::json!({ "raw": raw, "keys": keys }).to_string();
    let mut stdin = child.stdin.take().unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stdin, asked.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    serde_json::from_slice(&output.stdout).expect("mail_reader.py failed: its reason is above")
}

/// A Postfix of our own; it ends when this is dropped.
pub struct Postfix {
    pub port: u16,
    // In this order: its input ends, it stops, then its folder goes.
    _child: Child,
    _folder: TempDir,
}

impl Postfix {
    /// One that hands everything on to a port, also what it has to say itself.
    pub async fn start(relay: u16) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let mut child = Command::new(program("postfix.sh"))
            .arg(folder.path())
            .args([port.to_string(), relay.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests/peers/postfix.sh cannot be started");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = time::timeout(Duration::from_secs(30), lines.next_line()).await.unwrap().unwrap();
        assert_eq!(
            line.as_deref(),
            Some("ready"),
            "Postfix did not start: run `tests/run`, which installs it"
        );
        Self { port, _child: child, _folder: folder }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // The script stops Postfix when its input ends; the folder must live until it has.
        drop(self._child.stdin.take());
        for _ in 0..200 {
            if !matches!(self._child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A port nobody listens on: below those the system hands out by itself, and never the same twice.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Several test processes may run on one machine.
    let base = 10_000 + u16::try_from(std::process::id() % 200).unwrap() * 100;
    loop {
        let port = base + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("0.0.0.0", port)).is_ok() {
            return port;
        }
    }
}
