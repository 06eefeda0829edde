//! Witnesses cosign the journal: a real one, the program `jebi-audit witness`, over HTTP, and such as are
//! down, slow or lie.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use entities::round;
use futures_util::future::join_all;
use jebi::{app::App, clock::Clock, config, jobs::Asked, lifecycle::checkpoint, service::Service};
use public_audit::{
    Rules,
    journal::{
        Checkpoint,
        cosignature::{Cosigner, Witness},
    },
    note::{self, Verifier},
};

use crate::support::{Engine, TestApp, audit_program, both, verified};

both!(
    each_state_is_cosigned_as_a_continuation,
    one_that_is_down_or_lies_stops_nothing,
    a_running_service_asks_by_itself,
);

/// A witness of our own, as a process. It ends with the test.
struct Process {
    child: Child,
    config: config::Witness,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(folder: &Path, name: &str, log: &str) -> Self {
        let (key, state) = (folder.join(format!("{name}.key")), folder.join(name));
        let made = Command::new(audit_program())
            .args(["witness", "--new-key", &format!("witness.example/{name}"), "--key"])
            .arg(&key)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut child = Command::new(audit_program())
            .args(["witness", "--listen", "127.0.0.1:0", "--log", log, "--key"])
            .arg(key)
            .arg("--state")
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let (key, url) = said.trim_end().split_once(" at ").expect("it says its key and address");
        let url = url.strip_suffix("/add-checkpoint").unwrap().to_owned();
        Self { child, config: config::Witness { url, key: key.to_owned() } }
    }

    fn asked(&self) -> Asked {
        asked(&self.config)
    }

    fn key(&self) -> Witness {
        Witness::parse(&self.config.key).unwrap()
    }
}

fn asked(witness: &config::Witness) -> Asked {
    let mut all = Asked::all(&config::Journal { witnesses: vec![witness.clone()] });
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn key(round: &round::Model) -> Verifier {
    Verifier::parse(&Rules::parse(round.rules.as_bytes()).unwrap().signing_key).unwrap()
}

/// The checkpoint as it is served, and how many have signed it.
async fn served(t: &TestApp, key: &Verifier) -> (String, Checkpoint, usize) {
    let note = t.browser().get("/journal/checkpoint").await.body().to_owned();
    let checkpoint = Checkpoint::open(&note, key).unwrap();
    let signatures = note::split(&note).unwrap().1.len();
    (note, checkpoint, signatures)
}

async fn each_state_is_cosigned_as_a_continuation(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let key = key(&round);
    let witnesses = ["w1", "w2"].map(|name| Process::start(t.folder(), name, &key.to_vkey()));
    let mut asking = witnesses.each_ref().map(Process::asked);
    // Nothing is signed yet, so nobody is asked.
    assert!(!asking[0].ask(&t.app).await);
    t.tick().await;
    let all = asking.iter_mut().map(|witness| witness.ask(&t.app));
    assert_eq!(join_all(all).await, [true, true]);
    let (note, first, signatures) = served(&t, &key).await;
    assert_eq!((first.size, signatures), (1, 3));
    assert!(witnesses.iter().all(|witness| witness.key().open(&note).is_ok()));
    // Asked again, there is nothing to do.
    assert!(asking[0].ask(&t.app).await);
    assert_eq!(served(&t, &key).await.0, note);
    // The journal goes on: one is asked with what is known of it, the other by an instance that knows
    // nothing and is told; and two instances at once add one cosignature.
    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    t.tick().await;
    let other = t.another().await;
    let mut fresh = [witnesses[1].asked(), witnesses[1].asked()];
    assert!(asking[0].ask(&t.app).await);
    let [one, two] = &mut fresh;
    let both = futures_util::future::join(one.ask(&t.app), two.ask(&other)).await;
    assert!(both.0 || both.1, "{both:?}");
    let (note, last, signatures) = served(&t, &key).await;
    assert!(last.size > first.size);
    assert_eq!(signatures, 3, "{note}");
    assert!(witnesses.iter().all(|witness| witness.key().open(&note).is_ok()));
    // The record is made again byte for byte, whoever cosigned meanwhile.
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// Says the same to everybody, whatever is asked.
fn liar(answer: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = body(&mut stream);
            let _ = stream.write_all(answer(&body).as_bytes());
        }
    });
    url
}

fn body(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

fn http(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

async fn one_that_is_down_or_lies_stops_nothing(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.tick().await;
    let key = key(&round);
    let honest = Process::start(t.folder(), "w1", &key.to_vkey());
    let stranger = Cosigner::new("witness.example/stranger", &[7; 32]).unwrap();
    let vkey = stranger.to_vkey();
    let at = "2026-11-23T01:00:00Z".parse().unwrap();
    let text = |body: &str| body.split_once("\n\n").map(|(_, note)| note::split(note).unwrap().0.to_owned());
    let by = |seed: u8, lie: bool| {
        let cosigner = Cosigner::new("witness.example/stranger", &[seed; 32]).unwrap();
        liar(move |body| {
            let text = text(body).unwrap();
            let text = if lie { text.replacen("\n1\n", "\n2\n", 1) } else { text };
            http("200 OK", &cosigner.cosign(&text, at))
        })
    };
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let garbage = format!("— witness.example/stranger {}\n", BASE64_STANDARD.encode([7; 76]));
    let mut lies = vec![
        "http://127.0.0.1:9".to_owned(),
        format!("http://{}", hanging.local_addr().unwrap()),
        by(8, false),
        by(7, true),
        liar(|_| "HTTP/1.1 302 Found\r\nLocation: /add-checkpoint\r\nContent-Length: 0\r\n\r\n".to_owned()),
        liar(|_| "HTTP/1.1 200 OK\r\n\r\n".to_owned() + &"a".repeat(1 << 20)),
        liar(|_| "no HTTP".to_owned()),
    ];
    for (status, body) in [
        ("200 OK", ""),
        ("200 OK", "<html>\n"),
        ("200 OK", &garbage),
        ("409 Conflict", ""),
        ("409 Conflict", "-1\n"),
        ("409 Conflict", "0\n"),
        ("409 Conflict", "1\n"),
        ("409 Conflict", "18446744073709551615\n"),
        ("404 Not Found", ""),
        ("503 Not Now", "later\n"),
    ] {
        let answer = http(status, body);
        lies.push(liar(move |_| answer.clone()));
    }
    let mut asking: Vec<Asked> =
        lies.iter().map(|url| asked(&config::Witness { url: url.clone(), key: vkey.clone() })).collect();
    asking.push(honest.asked());
    let answers = join_all(asking.iter_mut().map(|witness| witness.ask(&t.app))).await;
    assert_eq!(answers.iter().position(|there| *there), Some(lies.len()), "{answers:?}");
    let (note, _, signatures) = served(&t, &key).await;
    assert_eq!(signatures, 2, "{note}");
    honest.key().open(&note).unwrap();
    // Left alone for a while, then asked again: now it tells the truth.
    let liar = &mut asking[3];
    assert!(!liar.ask(&t.app).await);
    *liar = asked(&config::Witness { url: by(7, false), key: vkey.clone() });
    t.pass(TimeDelta::seconds(11));
    assert!(liar.ask(&t.app).await);
    assert_eq!(served(&t, &key).await.2, 3);
    // One that has seen more of the journal than there is gets no proof and gives no cosignature.
    drop(hanging);
    t.close(&round).await;
    assert!(asking.last_mut().unwrap().ask(&t.app).await);
    let last = checkpoint::sign(&t.app).await.unwrap().unwrap();
    let (_, before) = checkpoint::at(&t.app, 1).await.unwrap();
    t.meddle(&format!("DELETE FROM checkpoint WHERE size = {}", last.size)).await;
    t.meddle(&format!("UPDATE checkpoint SET note = '{before}'")).await;
    assert!(!honest.asked().ask(&t.app).await);
    assert_eq!(served(&t, &key).await.2, 1);
}

/// With the metronome: nothing here asks.
async fn a_running_service_asks_by_itself(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let key = key(&round);
    let witness = Process::start(t.folder(), "w1", &key.to_vkey());
    let down = Cosigner::new("witness.example/down", &[7; 32]).unwrap().to_vkey();
    let app: App = t
        .another_with(|config| {
            let down = config::Witness { url: "http://127.0.0.1:9".to_owned(), key: down };
            config.journal.witnesses = vec![down, witness.config.clone()];
        })
        .await;
    let service = Service::start(&app, Vec::new()).await.unwrap();
    let mut note = String::new();
    for _ in 0..400 {
        note = t.browser().get("/journal/checkpoint").await.body().to_owned();
        if witness.key().open(&note).is_ok() {
            break;
        }
        Clock::pause(Duration::from_millis(50)).await;
    }
    service.stop().await;
    assert!(witness.key().open(&note).is_ok(), "{note}");
}
