//! A mail server that refuses, puts off or is away.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use jebi::notify::queue;

use super::{attempts, states};
use crate::support::{Engine, SmtpPeer, TestApp, both};

both!(
    a_greylisted_notice_comes_back_later,
    a_refused_notice_does_not_come_back,
    an_outage_of_the_mail_server_costs_nobody_their_tries,
);

async fn a_greylisted_notice_comes_back_later(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 5).await;
    let grey = |command: &str| Some(if command.starts_with("RCPT") { "451 4.7.1 greylisted" } else { "" });
    let grey = SmtpPeer::start(grey).await;
    let vendor = t.vendor_at(grey.port);
    // 5, 10, 20, 30, 60, 120, 240 minutes, each a fifth more or less; at the eighth refusal it ends.
    for (tries, minutes) in [5, 10, 20, 30, 60, 120, 240].into_iter().enumerate() {
        let at = t.now();
        assert_eq!(t.send_by(&t.app, &vendor).await, 5, "at try {tries}");
        for notice in t.notices().await {
            assert_eq!(notice.state, "planned");
            let wait = notice.due_at - at;
            assert!(
                wait >= TimeDelta::minutes(minutes) * 4 / 5 && wait <= TimeDelta::minutes(minutes) * 6 / 5
            );
        }
        assert_eq!(t.send_by(&t.app, &vendor).await, 0);
        t.pass(TimeDelta::minutes(minutes) * 6 / 5);
    }
    let sure = t.notices().await[0].about.clone();
    t.meddle(&format!("UPDATE notice SET due_at = deadline_at WHERE about <> '{sure}'")).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 1);
    assert_eq!(states(&t).await["rejected"], 1);
    t.meddle(&format!("UPDATE notice SET due_at = planned_at WHERE about <> '{sure}'")).await;
    // The others come through at their eighth try.
    assert_eq!(t.send().await, 4);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 4), ("rejected".to_owned(), 1)]));
    assert_eq!(t.mailbox.count(), 4);
}

async fn a_refused_notice_does_not_come_back(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 2).await;
    let refusing =
        |command: &str| Some(if command.starts_with("RCPT TO:<r0@") { "550 5.1.1 no such user" } else { "" });
    let refusing = SmtpPeer::start(refusing).await;
    assert_eq!(t.send_by(&t.app, &t.vendor_at(refusing.port)).await, 2);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 1), ("rejected".to_owned(), 1)]));
    t.pass(TimeDelta::days(1));
    t.tick().await;
    assert_eq!(t.send().await, 0);
    for attempt in attempts(&t).await {
        // What is kept of a refusal never quotes the address.
        assert!(!attempt.detail.unwrap_or_default().contains("r0@"));
    }
}

/// RFC 1047 and `Outcome::Hold`: a server that is away says nothing about this resident.
async fn an_outage_of_the_mail_server_costs_nobody_their_tries(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    let away = t.vendor_at(crate::peer::free_port());
    let began = t.now();
    let mut attempts = Vec::new();
    while t.now() < began + TimeDelta::minutes(20) {
        attempts.push(t.send_by(&t.app, &away).await);
        t.pass(TimeDelta::seconds(36));
    }
    assert_eq!(states(&t).await, BTreeMap::from([("planned".to_owned(), 3)]));
    // A server that is away is left alone, and tried with one mail now and then; whoever looks is told why.
    assert_eq!((attempts[0], attempts[20..].iter().max()), (3, Some(&1)), "{attempts:?}");
    let state = queue::state(&t.app).await.unwrap();
    let mail = state.queues.iter().find(|queue| (queue.channel, queue.class) == ("email", "notice")).unwrap();
    assert_eq!((mail.waits_for, mail.empty_at), (queue::WaitsFor::Vendor, None));
    // It comes back and greylists once.
    let grey = |command: &str| Some(if command.starts_with("RCPT") { "451 4.7.1 greylisted" } else { "" });
    let grey = SmtpPeer::start(grey).await;
    assert_eq!(t.send_by(&t.app, &t.vendor_at(grey.port)).await, 3);
    assert_eq!(states(&t).await, BTreeMap::from([("planned".to_owned(), 3)]));
    t.pass(TimeDelta::minutes(6));
    assert_eq!(t.send().await, 3);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 3)]));
    assert!(t.mailbox.counts().values().all(|count| *count == 1));
}
