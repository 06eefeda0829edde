//! How many mails a second leave, beside Postfix's own `smtp-source`, both into one `smtp-sink` in one run.
//!
//!     cargo bench --bench mail -- [--mails 20000] [--runs 3] [--markdown]
//!
//! `--markdown` prints the section of docs/performance.md. Needs Postfix's test programs (Debian: postfix). The ratio is what counts, not the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use jebi::notify::{
    outcome::Outcome,
    smtp::{Outgoing, Smtp, SmtpConfig},
};

#[derive(Debug, Parser)]
struct Options {
    /// Of one run
    #[arg(long, default_value_t = 20_000)]
    mails: usize,
    /// Of each, in turn; the median counts
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// As a section of docs/performance.md, which is how it prints anyway
    #[arg(long)]
    markdown: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

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
fn postfix(connections: usize, mails: usize, bytes: usize) -> f64 {
    let begun = Instant::now();
    let done = Command::new("/usr/sbin/smtp-source")
        .args(["-d", "-s", &connections.to_string(), "-m", &mails.to_string(), "-l", &bytes.to_string()])
        .arg(format!("127.0.0.1:{PORT}"))
        .status()
        .unwrap();
    assert!(done.success());
    rate(mails, begun.elapsed())
}

fn rate(mails: usize, elapsed: Duration) -> f64 {
    mails as f64 / elapsed.as_secs_f64()
}

async fn jebi(connections: usize, mails: usize, body: &str) -> f64 {
    let mut config = SmtpConfig::plain("127.0.0.1", PORT, "제비 <jebi@tongyeong.example>".parse().unwrap());
    config.connections = connections;
    let smtp = Smtp::new(config).unwrap();
    let body: Arc<str> = body.into();
    let begun = Instant::now();
    let workers = (0..connections).map(|worker| {
        let (smtp, body) = (smtp.clone(), Arc::clone(&body));
        tokio::spawn(async move {
            for number in (worker..mails).step_by(connections) {
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
    let rate = rate(mails, begun.elapsed());
    smtp.close().await;
    rate
}

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let _sink = sink();
    let body = BODY.repeat(6);
    // As base64 on the wire, with headers.
    let bytes = body.len() * 4 / 3 + 400;
    let mails = options.mails;
    eprintln!("{mails} mails of about {bytes} bytes into one smtp-sink");
    let mut text = format!(
        "### Mail, beside Postfix\n\n{mails} mails of about {bytes} bytes \
         into one `smtp-sink`, in turn by Postfix's own `smtp-source -d` and by jebi, medians of {} runs. jebi writes \
         each mail (UTF-8, base64, its own Message-ID) and reads each answer; `smtp-source` sends one text.\n\n\
         | connections | smtp-source, a second | jebi, a second | ratio |\n| ---: | ---: | ---: | ---: |\n",
        options.runs
    );
    for connections in [8, 32] {
        let mut runs: Vec<[f64; 2]> = (0..options.runs)
            .map(|_| {
                let theirs = postfix(connections, mails, bytes);
                let ours = runtime.block_on(jebi(connections, mails, &body));
                eprintln!("{connections:>2} connections: smtp-source {theirs:.0}/s, jebi {ours:.0}/s");
                [theirs, ours]
            })
            .collect();
        // The run with the median ratio, so that the line's numbers belong together.
        runs.sort_by(|a, b| (a[1] / a[0]).total_cmp(&(b[1] / b[0])));
        let [theirs, ours] = runs[runs.len() / 2];
        text += &format!("| {connections} | {theirs:.0} | {ours:.0} | {:.2} |\n", ours / theirs);
    }
    print!("{text}");
}
