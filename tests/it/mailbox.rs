//! The demo's mailbox, judged by Python's `smtplib` and filled by our own transport.

use crate::peer::{program, python};
use chrono::{TimeZone, Utc};
use jebi::{
    notify::{
        outcome::Outcome,
        smtp::{Outgoing, Smtp, SmtpConfig},
    },
    stage::mailbox::{Mailbox, Postman},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::process::Command;

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn an_independent_client_accepts_the_stand_in() {
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let run = Command::new(python())
        .arg(program("smtp_client.py"))
        .arg(mailbox.addr().port().to_string())
        .output()
        .await
        .expect("JEBI_TEST_PYTHON cannot be started: run `tests/run`");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let first = mailbox.wait_for("kim@example.org", 1, SOON).await.unwrap();
    assert_eq!(first.subject, "[제비] 인증번호 안내");
    assert_eq!(first.body, "인증번호는 123456 입니다.\n.\n..\n끝");
    assert_eq!((first.from.as_str(), first.message_id.as_str()), ("a@b.example", "<one@b.example>"));
    let second = mailbox.wait_until("KIM@example.org", SOON, |letter| letter.body.contains("두 번째")).await;
    assert_eq!(second.unwrap().subject.trim(), "아주 긴 제목 ".repeat(20).trim());
    assert_eq!(mailbox.messages_for("lee@example.org").len(), 1);
    assert_eq!(mailbox.messages_for("park@example.org")[0].body, ".one dot");
    let never = mailbox.wait_for("half@example.org", 1, Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(never.have, 0);
    assert_eq!(mailbox.count(), 4);
    assert_eq!(mailbox.counts().len(), 3);
    mailbox.close().await;
}

#[tokio::test]
async fn every_resident_reads_one_code_while_thousands_wait() {
    let mailbox = Arc::new(Mailbox::bind("127.0.0.1:0").await.unwrap());
    let smtp = transport(&mailbox);
    let begun = Instant::now();
    let residents: Vec<_> = (0..2_000)
        .map(|number| {
            let (mailbox, smtp) = (mailbox.clone(), smtp.clone());
            tokio::spawn(async move {
                let code = code(number);
                let waits = {
                    let (mailbox, to) = (mailbox.clone(), code.to.to_lowercase());
                    tokio::spawn(async move { mailbox.wait_for(&to, 1, 3 * SOON).await })
                };
                assert!(matches!(smtp.send(&code).await, Outcome::Accepted { .. }));
                let letter = waits.await.unwrap().unwrap();
                assert_eq!(letter.body, code.body);
                assert!(letter.received_at >= begun);
            })
        })
        .collect();
    for resident in residents {
        resident.await.unwrap();
    }
    assert_eq!(mailbox.count(), 2_000);
    assert!(mailbox.counts().values().all(|count| *count == 1));
}

#[tokio::test]
async fn an_address_beyond_ascii_is_refused_where_it_is_not_understood() {
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let smtp = transport(&mailbox);
    let odd = Outgoing { to: "김@example.org".into(), ..code(1) };
    assert!(matches!(smtp.send(&odd).await, Outcome::Rejected { permanent: true, .. }));
    assert!(matches!(smtp.send(&code(2)).await, Outcome::Accepted { .. }));
    assert_eq!(mailbox.count(), 1);
}

/// Has no mailbox for the third, and loses what comes for the second.
#[derive(Debug)]
struct Careless;

impl Postman for Careless {
    fn knows(&self, recipient: &str) -> bool {
        recipient != "resident3@example.org"
    }

    fn brings(&self, recipient: &str, body: &str) -> bool {
        assert!(body.contains("인증번호는 00000"), "{body}");
        recipient != "resident2@example.org"
    }
}

#[tokio::test]
async fn a_postman_may_lose_a_mail_and_know_nobody_of_a_name() {
    let mailbox = Mailbox::bind_with("127.0.0.1:0", Some(Arc::new(Careless))).await.unwrap();
    let smtp = transport(&mailbox);
    let gone = smtp.send(&code(3)).await;
    assert!(
        matches!(&gone, Outcome::Rejected { permanent: true, reason } if reason.contains("550")),
        "{gone}"
    );
    for number in [1, 2] {
        assert!(matches!(smtp.send(&code(number)).await, Outcome::Accepted { .. }));
    }
    let lost = |number: usize| -> Vec<bool> {
        let all = mailbox.messages_for(&format!("resident{number}@example.org"));
        all.iter().map(|mail| mail.is_lost).collect()
    };
    // The sender cannot tell, and the resident waits in vain.
    assert_eq!([lost(1), lost(2), lost(3)], [vec![false], vec![true], vec![]]);
}

fn transport(mailbox: &Mailbox) -> Smtp {
    let sender = "제비 <notice@jebi.example>".parse().unwrap();
    Smtp::new(SmtpConfig::plain("127.0.0.1", mailbox.addr().port(), sender)).unwrap()
}

fn code(number: usize) -> Outgoing {
    Outgoing {
        to: format!("Resident{number}@example.org"),
        subject: "[제비] 인증번호".into(),
        body: format!("인증번호는 {number:06} 입니다."),
        message_id: format!("<code.{number}@jebi.example>"),
        date: Utc.with_ymd_and_hms(2026, 11, 23, 1, 2, 3).unwrap(),
        ..Outgoing::default()
    }
}

#[tokio::test]
async fn closing_ends_the_connections_and_frees_the_address() {
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let address = mailbox.addr();
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    mailbox.close().await;
    let mut rest = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut client, &mut rest);
    let _ = tokio::time::timeout(SOON, read).await.expect("the connection stays open");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
