//! Texts through a real Kannel gateway with its fake message centre, and through a file.

use crate::{
    peer::free_port,
    support::{Engine, TestApp},
};
use entities::attempt;
use jebi::{
    config::{self, Secret},
    notify::{
        outcome::Outcome,
        sms::{File, Kannel, KannelConfig, Numbers, Sms, SmsVendor, Text},
        vendor::Vendor,
    },
};
use sea_orm::EntityTrait;
use std::{path::Path, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    process::{Child, Command},
    sync::mpsc,
    time,
};

const PASSWORD: &str = "p&s+w rd";

/// bearerbox and smsbox of one test; they end when this is dropped.
struct Gateway {
    folder: TempDir,
    admin: u16,
    centre: u16,
    send: u16,
    _boxes: [Child; 2],
}

impl Gateway {
    async fn start() -> Self {
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
    async fn centre(&self) -> Centre {
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

    async fn until(&self, what: &str, seen: impl Fn(&str) -> bool) {
        for _ in 0..100 {
            if seen(&self.admin("status.txt").await) {
                return;
            }
            time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Kannel does not see {what}: {}", self.admin("status.txt").await);
    }

    async fn admin(&self, command: &str) -> String {
        let url = format!("http://127.0.0.1:{}/{command}?password=admin&smsc=FAKE", self.admin);
        reqwest::get(url).await.unwrap().text().await.unwrap()
    }

    fn config(&self) -> KannelConfig {
        config(self.send)
    }
}

/// A message centre and what it was given: `<from to ucs-2 words>`, the words percent-encoded UTF-16.
struct Centre {
    _child: Child,
    received: mpsc::UnboundedReceiver<String>,
}

impl Centre {
    /// The next message's recipient and words.
    async fn next(&mut self) -> (String, String) {
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

fn config(port: u16) -> KannelConfig {
    KannelConfig {
        url: format!("http://127.0.0.1:{port}/cgi-bin/sendsms"),
        username: "jebi".into(),
        password: Secret::new(PASSWORD),
        sender: "0556501234".into(),
        numbers: Numbers::E164,
        report_url: None,
        timeout: Duration::from_secs(10),
    }
}

fn text(body: &str) -> Text {
    Text { to: "+821012345678".into(), body: body.into(), reference: "r1/e1.result".into(), code: None }
}

const NOTICE: &str = "[제비] 11월 24일(화) 10:00~12:00에 구매하실 수 있습니다. (1+1, 50%)";

#[track_caller]
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Rejected { permanent: true, .. } => "permanent",
        Outcome::Rejected { permanent: false, .. } => "later",
        other => other.word(),
    }
}

/// From the outbox through a real Kannel to its centre, and the centre's reports back to the live view's listener.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_kannel_reports_is_kept_with_its_text() {
    let gateway = Gateway::start().await;
    let _centre = gateway.centre().await;
    let (t, round) = TestApp::open(Engine::Sqlite).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let report_url = format!("http://{}/reports/kannel", listener.local_addr().unwrap());
    let site = jebi::web::live::router(t.app.clone());
    tokio::spawn(async move { axum::serve(listener, site).await });
    let config = config::Sms {
        from: "0556501234".into(),
        per_second: 1_000,
        kannel: Some(config::sms::Kannel {
            url: gateway.config().url,
            username: "jebi".into(),
            password: Some(Secret::new(PASSWORD)),
            report_url: Some(report_url.clone()),
            per_second: 1_000,
            ..Default::default()
        }),
        ..Default::default()
    };
    let vendor = Vendor::sms(&config, &t.app.config.municipality).await.unwrap();
    crate::outbox::codes(&t, round.id, 3).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 3);
    let attempts = async || attempt::Entity::find().all(t.db()).await.unwrap();
    for _ in 0..400 {
        if attempts().await.iter().all(|one| one.delivered_at.is_some()) {
            break;
        }
        time::sleep(Duration::from_millis(50)).await;
    }
    let made = attempts().await;
    assert!(made.len() == 3 && made.iter().all(|one| one.delivered_at.is_some()), "{made:?}");
    // Late, twice or made up: nothing changes.
    let known = made[0].reference.clone().unwrap();
    for (reference, kind, status) in
        [(known.as_str(), 1, 204), (&known, 2, 204), ("1-0000000000000000", 2, 404), ("x", 2, 404)]
    {
        let said = reqwest::get(format!("{report_url}?reference={reference}&kind={kind}")).await.unwrap();
        assert_eq!(said.status().as_u16(), status, "{reference}");
    }
    assert_eq!(attempts().await, made);
    assert!(t.notices().await.iter().all(|notice| notice.state == "accepted"));
}

#[tokio::test]
async fn a_text_reaches_the_centre_as_it_was_written_and_is_reported() {
    let gateway = Gateway::start().await;
    let mut centre = gateway.centre().await;
    let (report_url, mut reports) = report_listener().await;
    let config = KannelConfig { report_url: Some(report_url), ..gateway.config() };
    let kannel = Sms::Kannel(Kannel::new(config.clone()).unwrap());

    assert_eq!(kannel.name(), "kannel");
    assert_eq!(
        kannel.send(&text(NOTICE)).await,
        Outcome::Accepted { reference: Some("r1/e1.result".into()) }
    );
    assert_eq!(centre.next().await, ("+821012345678".to_owned(), NOTICE.to_owned()));
    // Kannel's number 8 is "taken by the centre", 1 is "delivered".
    for kind in ["8", "1"] {
        let report = time::timeout(Duration::from_secs(20), reports.recv()).await.unwrap().unwrap();
        assert!(report.contains(&format!("/report?id=r1%2Fe1.result&type={kind} ")), "{report}");
    }

    let korean = KannelConfig { numbers: Numbers::Korean, ..gateway.config() };
    let outcome = Kannel::new(korean).unwrap().send(&text("두 줄\n입니다")).await;
    assert_eq!(word(&outcome), "accepted");
    assert_eq!(centre.next().await, ("01012345678".to_owned(), "두 줄\n입니다".to_owned()));

    let long = "가나다라마바사아자차카타파하".repeat(10);
    assert_eq!(word(&kannel.send(&text(&long)).await), "accepted");
    let mut parts = String::new();
    for _ in 0..3 {
        parts += &centre.next().await.1;
    }
    assert_eq!(parts, long);
    let log = std::fs::read_to_string(gateway.folder.path().join("smsbox-access.log")).unwrap();
    assert!(!log.contains("p&s") && !log.contains("password"), "the password is in Kannel's access log");
}

#[tokio::test]
async fn a_gateway_in_trouble_is_told_from_a_bad_number() {
    let gateway = Gateway::start().await;
    let kannel = Kannel::new(gateway.config()).unwrap();

    // The link to the carrier is not up yet: Kannel keeps the text and delivers it later.
    assert_eq!(word(&kannel.send(&text("먼저")).await), "accepted");
    let mut centre = gateway.centre().await;
    assert_eq!(centre.next().await.1, "먼저");

    let wrong = KannelConfig { password: Secret::new("wrong"), ..gateway.config() };
    let refused = Kannel::new(wrong).unwrap().send(&text(NOTICE)).await;
    assert_eq!(refused, Outcome::Hold { reason: "403: Authorization failed for sendsms".into() });

    let missing =
        KannelConfig { url: format!("http://127.0.0.1:{}/elsewhere", gateway.send), ..gateway.config() };
    assert_eq!(word(&Kannel::new(missing).unwrap().send(&text(NOTICE)).await), "hold");

    gateway.admin("stop-smsc").await;
    gateway.until("the stop", |status| status.contains("(dead")).await;
    let stopped = kannel.send(&text(NOTICE)).await;
    assert_eq!(stopped, Outcome::Hold { reason: "403: Not routable. Do not try again.".into() });
}

#[tokio::test]
async fn what_no_vendor_could_send_is_refused_before_it_leaves() {
    let kannel = Kannel::new(config(free_port())).unwrap();
    for bad in [
        Text { to: "01012345678".into(), ..text(NOTICE) },
        Text { to: "+821012345678\r\nX-Kannel-From: 1".into(), ..text(NOTICE) },
        Text { body: String::new(), ..text(NOTICE) },
        Text { reference: "a b".into(), ..text(NOTICE) },
    ] {
        assert_eq!(word(&kannel.send(&bad).await), "permanent");
    }
}

#[tokio::test]
async fn a_gateway_that_read_the_request_and_fell_silent_is_unknown() {
    let refused = Kannel::new(config(free_port())).unwrap().send(&text(NOTICE)).await;
    assert_eq!(word(&refused), "hold", "{refused}");
    for (answer, expected) in [
        (None, "unknown"),
        (Some(""), "unknown"),
        (Some("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n0: Acc"), "unknown"),
        (Some("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello"), "unknown"),
        (Some("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), "unknown"),
        (Some("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), "unknown"),
        (Some("HTTP/1.1 503 Busy\r\nContent-Length: 33\r\n\r\nTemporal failure, try again later"), "hold"),
        (Some("HTTP/1.1 400 Bad\r\nContent-Length: 11\r\n\r\nGarbage 'to"), "permanent"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let mut requests = 0;
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                requests += 1;
                assert_eq!(requests, 1, "the request was sent twice");
                let mut request = vec![0; 64 * 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                match answer {
                    Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                    None => time::sleep(Duration::from_secs(60)).await,
                }
            }
        });
        let hasty = KannelConfig { timeout: Duration::from_millis(500), ..config(port) };
        let outcome = Kannel::new(hasty).unwrap().send(&text(NOTICE)).await;
        assert_eq!(word(&outcome), expected, "{answer:?}: {outcome}");
        time::sleep(Duration::from_millis(100)).await;
        assert!(!server.is_finished(), "the request was sent twice");
        server.abort();
    }
}

#[tokio::test]
async fn a_gateway_that_swallows_connections_is_a_hold() {
    // With the queue of a listener full, Linux answers no further connection attempt.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _queued: Vec<_> = (0..4).map(|_| tokio::spawn(TcpStream::connect(address))).collect();
    time::sleep(Duration::from_millis(200)).await;
    let hasty = KannelConfig { timeout: Duration::from_secs(1), ..config(address.port()) };
    let outcome = Kannel::new(hasty).unwrap().send(&text(NOTICE)).await;
    assert_eq!(word(&outcome), "hold", "{outcome}");
}

#[tokio::test]
async fn secrets_are_not_shown_and_bad_settings_are_named() {
    let kannel = Kannel::new(config(13013)).unwrap();
    assert!(!format!("{kannel:?} {:?}", config(13013)).contains(PASSWORD));
    for (bad, setting) in [
        (KannelConfig { url: "sendsms".into(), ..config(1) }, "url"),
        (KannelConfig { url: "ftp://gateway.example/".into(), ..config(1) }, "url"),
        (KannelConfig { username: "a\nb".into(), ..config(1) }, "username"),
        (KannelConfig { password: Secret::new("a\nb"), ..config(1) }, "password"),
        (KannelConfig { sender: "a\nb".into(), ..config(1) }, "sender"),
    ] {
        let error = Kannel::new(bad).expect_err("must be refused").to_string();
        assert!(error.contains(setting) && !error.contains('\n'), "{error}");
    }
}

#[tokio::test]
async fn a_file_takes_every_text_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.jsonl");
    let file = std::sync::Arc::new(Sms::File(File::open(folder.path()).await.unwrap()));
    let sends: Vec<_> = (0..50)
        .map(|number| {
            let file = file.clone();
            let text = Text { reference: format!("r1.e{number}"), ..text("두 줄\n\"입니다\"") };
            tokio::spawn(async move { file.send(&text).await })
        })
        .collect();
    for send in sends {
        assert_eq!(word(&send.await.unwrap()), "accepted");
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let mut references: Vec<_> = written
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((&line["to"], &line["body"]), (&"+821012345678".into(), &"두 줄\n\"입니다\"".into()));
            line["reference"].as_str().unwrap().to_owned()
        })
        .collect();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), 50);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// An HTTP listener for delivery reports: gives the request line of each.
async fn report_listener() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url =
        format!("http://127.0.0.1:{}/report?id={{reference}}&type=%d", listener.local_addr().unwrap().port());
    let (reports, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let reports = reports.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    if line.starts_with("GET ") {
                        let _ = reports.send(line.clone());
                    }
                    if line.trim().is_empty() {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
                    }
                    line.clear();
                }
            });
        }
    });
    (url, received)
}
