//! A Kannel of our own, and the fake message centre behind it.

use std::{path::Path, process::Stdio, time::Duration};

use jebi::notify::sms::KannelConfig;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    sync::mpsc,
    time,
};

use super::{PASSWORD, config};
use crate::peer::free_port;

/// bearerbox and smsbox of one test; they end when this is dropped.
pub(super) struct Gateway {
    pub(super) folder: TempDir,
    admin: u16,
    centre: u16,
    pub(super) send: u16,
    _boxes: [Child; 2],
}

impl Gateway {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (admin, boxes, centre, send) = (free_port(), free_port(), free_port(), free_port());
        let text = format!(
            r#"group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
dlr-storage = internal
store-type = file
store-location = "kannel.store"

group = smsc
smsc = fake
smsc-id = FAKE
port = {centre}
host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {send}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
access-log = "smsbox-access.log"

group = sendsms-user
username = jebi
password = "{PASSWORD}"
concatenation = true
max-messages = 3

group = sms-service
keyword = default
max-messages = 0
catch-all = true
text = "ok"
"#
        );
        std::fs::write(folder.path().join("kannel.conf"), text).unwrap();
        let bearerbox = program("/usr/sbin/bearerbox", folder.path(), &["-v", "4", "kannel.conf"]);
        listening(admin).await;
        listening(centre).await;
        let smsbox = program("/usr/sbin/smsbox", folder.path(), &["-v", "4", "kannel.conf"]);
        listening(send).await;
        let gateway = Self { folder, admin, centre, send, _boxes: [bearerbox, smsbox] };
        // smsbox listens before bearerbox knows it.
        gateway.until("the smsbox", |status| status.contains("smsbox")).await;
        gateway
    }

    /// The fake message centre connects: the link to the "carrier" is up.
    pub(super) async fn centre(&self) -> Centre {
        let port = self.centre.to_string();
        let mut child = Command::new("/usr/lib/kannel/test/fakesmsc")
            .args(["-H", "127.0.0.1", "-r", &port, "-i", "1", "-m", "1", "821000000000 1588 text hello"])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("fakesmsc cannot be started: run `tests/run`, which installs kannel-extras");
        let (texts, received) = mpsc::unbounded_channel();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, text)) = line.split_once("Got message ") {
                    let _ = texts.send(text.to_owned());
                }
            }
        });
        self.until("the centre", |status| status.contains("(online")).await;
        Centre { _child: child, received }
    }

    pub(super) async fn until(&self, what: &str, seen: impl Fn(&str) -> bool) {
        for _ in 0..100 {
            if seen(&self.admin("status.txt").await) {
                return;
            }
            time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Kannel does not see {what}: {}", self.admin("status.txt").await);
    }

    pub(super) async fn admin(&self, command: &str) -> String {
        let url = format!("http://127.0.0.1:{}/{command}?password=admin&smsc=FAKE", self.admin);
        reqwest::get(url).await.unwrap().text().await.unwrap()
    }

    pub(super) fn config(&self) -> KannelConfig {
        config(self.send)
    }
}

/// A message centre and what it was given: `<from to ucs-2 words>`, the words percent-encoded UTF-16.
pub(super) struct Centre {
    _child: Child,
    received: mpsc::UnboundedReceiver<String>,
}

impl Centre {
    /// The next message's recipient and words.
    pub(super) async fn next(&mut self) -> (String, String) {
        let line = time::timeout(Duration::from_secs(20), self.received.recv())
            .await
            .expect("the centre gets nothing")
            .unwrap();
        let fields = line.split_once('<').unwrap().1.rsplit_once('>').unwrap().0;
        let [from, to, kind, rest] = fields.splitn(4, ' ').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(from, "0556501234", "{line}");
        let words = match kind {
            "ucs-2" => rest,
            // A part of a long message: `udh <its header> data <its words>`.
            "udh" => rest.split_once(" data ").unwrap().1,
            _ => panic!("neither UCS-2 nor a part of a long message: {line}"),
        };
        (to.to_owned(), utf16(&percent(words)))
    }
}

fn percent(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(if first == b'+' { b' ' } else { first });
            rest = after;
        }
    }
    bytes
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<_> = bytes.chunks(2).map(|pair| u16::from_be_bytes(pair.try_into().unwrap())).collect();
    String::from_utf16(&units).unwrap()
}

fn program(path: &str, folder: &Path, arguments: &[&str]) -> Child {
    Command::new(path)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{path}: {error}; run `tests/run`, which installs Kannel"))
}

async fn listening(port: u16) {
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return;
        }
        time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody listens on {port}");
}
