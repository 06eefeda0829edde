//! The mail transport against aiosmtpd, a server we did not write (`tests/peers/smtp_peer.py`).

use crate::peer::{SmtpPeer, free_port};
use chrono::{TimeZone, Utc};
use jebi::{
    config::{Secret, Tls},
    notify::{
        outcome::Outcome,
        smtp::{ConfigError, Outgoing, Smtp, SmtpConfig},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

fn config(port: u16) -> SmtpConfig {
    let mut config =
        SmtpConfig::plain("127.0.0.1", port, "통영시 <notice@tongyeong.example>".parse().unwrap());
    config.timeout = Duration::from_secs(10);
    config
}

/// A transport whose patience ends before a test's.
fn hasty(port: u16) -> Smtp {
    let mut config = config(port);
    config.timeout = Duration::from_millis(1_500);
    Smtp::new(config).unwrap()
}

fn mail(to: &str) -> Outgoing {
    Outgoing {
        to: to.into(),
        subject: "[제비] 구매 시간이 정해졌습니다".into(),
        body: "11월 24일(화) 10:00부터 구매하실 수 있습니다.\n.\n통영시".into(),
        message_id: format!("<r1.result.{}@jebi.example>", to.replace('@', ".")),
        date: Utc.with_ymd_and_hms(2026, 11, 23, 1, 2, 3).unwrap(),
        ..Outgoing::default()
    }
}

#[track_caller]
fn reason(outcome: Outcome, expected: &str) -> String {
    let (word, reason) = match outcome {
        Outcome::Accepted { reference } => ("accepted", reference.unwrap_or_default()),
        Outcome::Rejected { reason, permanent: true } => ("permanent", reason),
        Outcome::Rejected { reason, permanent: false } => ("later", reason),
        Outcome::Hold { reason } | Outcome::Stop { reason } => ("hold", reason),
        Outcome::Unknown { reason } => ("unknown", reason),
    };
    assert_eq!(word, expected, "{reason}");
    reason
}

#[tokio::test]
async fn a_notice_arrives_as_it_was_written() {
    let peer = SmtpPeer::start("accept", &[]).await;
    let smtp = Smtp::new(config(peer.port)).unwrap();
    let mut sent = mail("kim@example.org");
    sent.envelope_from = Some("bounce+r1.e1.abc@tongyeong.example".into());
    assert_eq!(reason(smtp.send(&sent).await, "accepted"), "2.0.0 queued as 1-1");

    let [got] = peer.mails().try_into().expect("one mail");
    assert_eq!(got.from, "bounce+r1.e1.abc@tongyeong.example");
    assert_eq!(got.to, ["kim@example.org"]);
    assert_eq!(got.subject, sent.subject);
    assert_eq!(got.body.trim_end().replace("\r\n", "\n"), sent.body);
    assert_eq!(got.defects, [""; 0]);
    let names: Vec<_> = got.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    let unique: BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "a header appears twice: {names:?}");
    let headers: BTreeMap<_, _> =
        names.iter().zip(got.headers.iter().map(|(_, value)| value.as_str())).collect();
    for (name, value) in [
        ("from", "통영시 <notice@tongyeong.example>"),
        ("to", "kim@example.org"),
        ("date", "Mon, 23 Nov 2026 01:02:03 +0000"),
        ("message-id", "<r1.result.kim.example.org@jebi.example>"),
        ("mime-version", "1.0"),
        ("content-type", "text/plain; charset=\"utf-8\""),
        ("auto-submitted", "auto-generated"),
    ] {
        assert_eq!(headers.get(&name.to_owned()), Some(&value), "{headers:?}");
    }
}

#[tokio::test]
async fn each_recipient_once_over_no_more_connections_than_configured() {
    let peer = SmtpPeer::start("slow", &["--delay", "0.02"]).await;
    let mut config = config(peer.port);
    config.connections = 4;
    let smtp = Smtp::new(config).unwrap();
    let sends: Vec<_> = (0..200)
        .map(|number| {
            let smtp = smtp.clone();
            tokio::spawn(async move { smtp.send(&mail(&format!("r{number}@example.org"))).await })
        })
        .collect();
    for send in sends {
        reason(send.await.unwrap(), "accepted");
    }
    let mails = peer.mails();
    let recipients: BTreeSet<_> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
    assert_eq!((mails.len(), recipients.len()), (200, 200));
    assert!(mails.iter().all(|mail| mail.open <= 4), "more than four connections at once");
    assert!(mails.iter().all(|mail| mail.connection <= 4), "connections are not reused");
}

#[tokio::test]
async fn refusals_are_told_apart_and_cost_no_connection() {
    let peer = SmtpPeer::start("greylist", &[]).await;
    let mut config = config(peer.port);
    config.connections = 1;
    let smtp = Smtp::new(config).unwrap();
    let later = reason(smtp.send(&mail("kim@example.org")).await, "later");
    assert_eq!(later, "recipient: 451 4.7.1 greylisted, try again");
    reason(smtp.send(&mail("kim@example.org")).await, "accepted");
    let bad = reason(smtp.send(&mail("bad.kim@example.org")).await, "permanent");
    assert_eq!(bad, "recipient: 550 5.1.1 <recipient> is nobody here");
    reason(smtp.send(&mail("spam@example.org")).await, "later");
    reason(smtp.send(&mail("spam@example.org")).await, "permanent");
    reason(smtp.send(&mail("busy@example.org")).await, "later");
    reason(smtp.send(&mail("busy@example.org")).await, "later");
    reason(smtp.send(&mail("lee@example.org")).await, "later");
    reason(smtp.send(&mail("lee@example.org")).await, "accepted");
    let mails = peer.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.connection == 1), "a refusal cost a connection");
}

#[tokio::test]
async fn what_is_wrong_with_us_or_the_server_holds_the_channel() {
    let nobody = reason(hasty(free_port()).send(&mail("kim@example.org")).await, "hold");
    assert!(nobody.contains("cannot connect"), "{nobody}");
    for (mode, words) in [
        ("refuse-sender", "sender: 550 5.7.1"),
        ("silent-greeting", "does not greet us: no answer within 1500 ms"),
        ("busy-greeting", "421"),
    ] {
        let peer = SmtpPeer::start(mode, &[]).await;
        let held = reason(hasty(peer.port).send(&mail("kim@example.org")).await, "hold");
        assert!(held.contains(words), "{mode}: {held}");
    }
}

#[tokio::test]
async fn before_the_final_dot_a_retry_is_safe() {
    let peer = SmtpPeer::start("drop-before-data", &[]).await;
    reason(hasty(peer.port).send(&mail("kim@example.org")).await, "later");
    assert_eq!(peer.mails().len(), 0);

    // So long that the sockets cannot hold it: the connection breaks inside the text.
    let peer = SmtpPeer::start("drop-in-text", &[]).await;
    let mut long = mail("kim@example.org");
    long.body = "가나다라마바사 ".repeat(1_000_000);
    let broken = reason(Smtp::new(config(peer.port)).unwrap().send(&long).await, "later");
    assert!(broken.starts_with("text: "), "{broken}");
    assert_eq!(peer.mails().len(), 0);
}

#[tokio::test]
async fn after_the_final_dot_silence_is_unknown_and_nothing_is_resent() {
    for mode in ["drop-after-dot", "silent-after-dot", "drip", "odd-after-dot"] {
        let peer = SmtpPeer::start(mode, &[]).await;
        let smtp = hasty(peer.port);
        let begun = Instant::now();
        let unknown = reason(smtp.send(&mail("kim@example.org")).await, "unknown");
        assert!(unknown.starts_with("after the final dot: "), "{mode}: {unknown}");
        assert!(begun.elapsed() < Duration::from_secs(6), "{mode} took {:?}", begun.elapsed());
        assert_eq!(peer.mails().len(), 1, "{mode}");
        // The broken connection is not used again, the place is free again.
        reason(smtp.send(&mail("lee@example.org")).await, "unknown");
        let connections: Vec<_> = peer.mails().iter().map(|mail| mail.connection).collect();
        assert_eq!(connections, [1, 2], "{mode}");
    }
}

#[tokio::test]
async fn a_connection_that_died_while_parked_costs_no_mail() {
    for mode in ["goodbye", "vanish"] {
        let peer = SmtpPeer::start(mode, &[]).await;
        let smtp = hasty(peer.port);
        for number in 0..3 {
            reason(smtp.send(&mail(&format!("r{number}@example.org"))).await, "accepted");
        }
        let connections: Vec<_> = peer.mails().iter().map(|mail| mail.connection).collect();
        assert_eq!(connections, [1, 2, 3], "{mode}");
    }
    // The server hangs up on idle clients.
    let peer = SmtpPeer::start("accept", &["--idle", "0.3"]).await;
    let smtp = hasty(peer.port);
    reason(smtp.send(&mail("kim@example.org")).await, "accepted");
    tokio::time::sleep(Duration::from_secs(1)).await;
    reason(smtp.send(&mail("lee@example.org")).await, "accepted");
    assert_eq!(peer.mails().len(), 2);
}

#[tokio::test]
async fn one_hanging_server_step_does_not_hold_the_others() {
    let slow = SmtpPeer::start("slow", &["--delay", "20"]).await;
    let smtp = hasty(slow.port);
    let begun = Instant::now();
    let sends: Vec<_> = (0..8)
        .map(|number| {
            let smtp = smtp.clone();
            tokio::spawn(async move { smtp.send(&mail(&format!("r{number}@example.org"))).await })
        })
        .collect();
    for send in sends {
        reason(send.await.unwrap(), "unknown");
    }
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn tls_of_both_kinds_with_a_password() {
    for (kind, tls) in [("starttls", Tls::Starttls), ("implicit", Tls::Implicit)] {
        let peer = SmtpPeer::start("accept", &["--tls", kind, "--login", "jebi:비밀 번호"]).await;
        let with = |password: &str, roots: Option<String>| {
            let mut config = config(peer.port);
            config.host = "localhost".into();
            config.tls = tls;
            config.extra_roots_pem = roots;
            config.username = Some("jebi".into());
            config.password = Some(Secret::new(password));
            Smtp::new(config).unwrap()
        };
        let stranger = with("비밀 번호", None).send(&mail("kim@example.org")).await;
        let stranger = reason(stranger, "hold");
        assert!(stranger.contains("TLS"), "{kind}: {stranger}");

        let wrong = reason(with("wrong", peer.ca.clone()).send(&mail("kim@example.org")).await, "hold");
        assert!(wrong.contains("535"), "{kind}: {wrong}");
        assert!(!wrong.contains("wrong\""), "{kind}: {wrong}");

        let smtp = with("비밀 번호", peer.ca.clone());
        for recipient in ["kim@example.org", "lee@example.org"] {
            reason(smtp.send(&mail(recipient)).await, "accepted");
        }
        let mails = peer.mails();
        assert_eq!(mails.len(), 2, "{kind}");
        assert!(
            mails.iter().all(|mail| mail.tls && mail.login.as_deref() == Some("jebi")),
            "{kind}: {mails:?}"
        );
        assert!(!format!("{smtp:?}").contains("비밀"), "the password is in Debug");
    }
}

#[tokio::test]
async fn a_server_that_wants_a_password_or_lacks_starttls_holds_the_channel() {
    let peer = SmtpPeer::start("accept", &["--login", "jebi:secret"]).await;
    reason(hasty(peer.port).send(&mail("kim@example.org")).await, "hold");
    let mut config = config(peer.port);
    config.tls = Tls::Starttls;
    config.host = "localhost".into();
    let without = reason(Smtp::new(config).unwrap().send(&mail("kim@example.org")).await, "hold");
    assert!(without.contains("STARTTLS"), "{without}");
    assert_eq!(peer.mails().len(), 0);
}

#[tokio::test]
async fn an_address_beyond_ascii_goes_where_it_is_understood() {
    let peer = SmtpPeer::start("accept", &[]).await;
    let mut config = config(peer.port);
    config.from = "통영시 <notice@통영.한국>".parse().unwrap();
    let smtp = Smtp::new(config).unwrap();
    let mut utf8 = mail("김@example.org");
    utf8.message_id = "<one@jebi.example>".into();
    reason(smtp.send(&utf8).await, "accepted");
    let mails = peer.mails();
    assert_eq!(mails[0].to, ["김@example.org"]);
    assert!(mails[0].from.starts_with("notice@xn--"), "{}", mails[0].from);
}

#[tokio::test]
async fn a_closed_transport_sends_nothing_more() {
    let peer = SmtpPeer::start("accept", &[]).await;
    let smtp = Smtp::new(config(peer.port)).unwrap();
    reason(smtp.send(&mail("kim@example.org")).await, "accepted");
    smtp.close().await;
    reason(smtp.send(&mail("lee@example.org")).await, "hold");
    assert_eq!(peer.mails().len(), 1);
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let refused = |change: fn(&mut SmtpConfig)| {
        let mut config = config(25);
        change(&mut config);
        Smtp::new(config).expect_err("must be refused")
    };
    assert_eq!(refused(|c| c.host = "a b".into()), ConfigError::Host);
    assert_eq!(refused(|c| c.connections = 0), ConfigError::Connections(0));
    assert_eq!(refused(|c| c.timeout = Duration::ZERO), ConfigError::Timeout);
    assert_eq!(refused(|c| c.hello = Some("a\r\nQUIT".into())), ConfigError::Hello);
    assert_eq!(refused(|c| c.username = Some("jebi".into())), ConfigError::HalfCredentials);
    assert_eq!(refused(|c| c.from.name = Some("a\r\nBcc: b".into())), ConfigError::From);
    let clear = refused(|c| {
        c.host = "mail.example".into();
        (c.username, c.password) = (Some("jebi".into()), Some(Secret::new("x")));
    });
    assert_eq!(clear, ConfigError::PasswordInTheClear);
}
