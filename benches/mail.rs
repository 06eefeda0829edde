//! How many mails a second leave, beside Postfix's own `smtp-source`, both into one `smtp-sink` in one run.
//!
//!     cargo bench --bench mail
//!
//! Needs Postfix's test programs (Debian: postfix). The ratio is what counts, not the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use jebi::notify::{
    outcome::Outcome,
    smtp::{Outgoing, Smtp, SmtpConfig},
};

const MAILS: usize = 20_000;
const PORT: u16 = 12_529;
const BODY: &str =
    "구매 시간: 12월 2일(수) 오전 10:20부터. 늦어도 구매 기한까지는 이 금액이 다른 분께 넘어가지 않습니다.\n";

struct Sink(Child);

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn sink() -> Sink {
    let child = Command::new("/usr/sbin/smtp-sink")
        .args(["-u", "root", &format!("127.0.0.1:{PORT}"), "200"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("smtp-sink is missing: apt install postfix");
    while TcpStream::connect(("127.0.0.1", PORT)).is_err() {
        std::thread::sleep(Duration::from_millis(20));
    }
    Sink(child)
}

/// Postfix's own sender: as many sessions, as many mails, as many bytes, one mail for each connection (its only
/// way) or, with `-d`, connections that stay.
fn postfix(connections: usize, bytes: usize) -> f64 {
    let begun = Instant::now();
    let (connections, mails, bytes) = (connections.to_string(), MAILS.to_string(), bytes.to_string());
    let done = Command::new("/usr/sbin/smtp-source")
        .args(["-d", "-s", &connections, "-m", &mails, "-l", &bytes, &format!("127.0.0.1:{PORT}")])
        .status()
        .unwrap();
    assert!(done.success());
    rate(begun.elapsed())
}

fn rate(elapsed: Duration) -> f64 {
    f64::from(u32::try_from(MAILS).unwrap()) / elapsed.as_secs_f64()
}

async fn jebi(connections: usize, body: &str) -> f64 {
    let mut config = SmtpConfig::plain("127.0.0.1", PORT, "제비 <jebi@tongyeong.example>".parse().unwrap());
    config.connections = connections;
    let smtp = Smtp::new(config).unwrap();
    let body: Arc<str> = body.into();
    let begun = Instant::now();
    let workers = (0..connections).map(|worker| {
        let (smtp, body) = (smtp.clone(), Arc::clone(&body));
        tokio::spawn(async move {
            for number in (worker..MAILS).step_by(connections) {
                let mail = Outgoing {
                    to: format!("r{number}@example.org"),
                    subject: "[통영시] 구매 시간이 정해졌습니다".into(),
                    body: body.to_string(),
                    message_id: format!("<{number}@tongyeong.example>"),
                    ..Outgoing::default()
                };
                let outcome = smtp.send(&mail).await;
                assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome}");
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    let rate = rate(begun.elapsed());
    smtp.close().await;
    rate
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let _sink = sink();
    let body = BODY.repeat(6);
    // As base64 on the wire, with headers.
    let bytes = body.len() * 4 / 3 + 400;
    println!("{MAILS} mails of about {bytes} bytes into one smtp-sink");
    for connections in [8, 32] {
        let mut ratios = Vec::new();
        for _ in 0..3 {
            let (theirs, ours) = (postfix(connections, bytes), runtime.block_on(jebi(connections, &body)));
            println!(
                "{connections:>2} connections: smtp-source {theirs:>7.0}/s, jebi {ours:>7.0}/s, ratio {:.2}",
                ours / theirs
            );
            ratios.push(ours / theirs);
        }
        ratios.sort_by(f64::total_cmp);
        println!("{connections:>2} connections: median ratio {:.2}", ratios[1]);
    }
}
