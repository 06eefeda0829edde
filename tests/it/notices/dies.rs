//! A sender that dies, and several that share the work.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use jebi::{
    app::App,
    notify::{queue, sending, vendor::Vendor},
};
use tokio_util::sync::CancellationToken;

use super::{CLAIMED, attempts, killed_when, states};
use crate::support::{Engine, SmtpPeer, TestApp, both};

both!(
    a_sender_that_dies_before_it_said_anything_loses_nothing,
    a_sender_that_dies_after_the_last_dot_tries_again_under_the_same_name,
    two_senders_share_the_work,
);

async fn a_sender_that_dies_before_it_said_anything_loses_nothing(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    let silent = SmtpPeer::start(|_| None).await;
    killed_when(&t, t.vendor_at(silent.port), || silent.heard("") == 3).await;
    assert_eq!(states(&t).await, BTreeMap::from([("sending".to_owned(), 3)]));
    assert!(attempts(&t).await.iter().all(|attempt| attempt.outcome.is_none()));
    // Nobody takes them over while the claim holds.
    t.pass(CLAIMED - TimeDelta::seconds(1));
    t.tick().await;
    assert_eq!(t.send().await, 0);
    t.pass(TimeDelta::seconds(2));
    t.tick().await;
    assert!(attempts(&t).await.iter().all(|attempt| attempt.outcome.as_deref() == Some("unknown")));
    assert_eq!(t.send().await, 0);
    again_after_five_minutes(&t, 3).await;
    assert_eq!(t.send().await, 3);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 3)]));
    assert_eq!(t.mailbox.count(), 3);
    assert!(t.mailbox.counts().values().all(|count| *count == 1));
}

/// No mail server can be asked what became of a mail: it is sent once more, and the risk is counted.
async fn again_after_five_minutes(t: &TestApp, count: usize) {
    assert_eq!(states(t).await, BTreeMap::from([("unknown".to_owned(), count)]));
    t.pass(TimeDelta::minutes(2));
    assert_eq!(t.vendor.look_up(&t.app).await.unwrap(), 0);
    t.pass(TimeDelta::minutes(3));
    assert_eq!(t.vendor.look_up(&t.app).await.unwrap(), count);
    assert_eq!(states(t).await, BTreeMap::from([("planned".to_owned(), count)]));
    assert!(t.notices().await.iter().all(|notice| notice.risks == 1));
    let state = queue::state(&t.app).await.unwrap();
    let risked = ("email".to_owned(), "mail".to_owned(), "risk".to_owned(), i64::try_from(count).unwrap());
    assert!(state.totals.contains(&risked), "{:?}", state.totals);
    assert_eq!(state.risks, count as u64);
}

async fn a_sender_that_dies_after_the_last_dot_tries_again_under_the_same_name(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 1).await;
    let forgetful = SmtpPeer::start(|command| if command == "." { None } else { Some("") }).await;
    killed_when(&t, t.vendor_at(forgetful.port), || forgetful.heard(".") == 1).await;
    t.pass(CLAIMED + TimeDelta::seconds(1));
    t.tick().await;
    again_after_five_minutes(&t, 1).await;
    assert_eq!(t.send().await, 1);
    // At most once more, under the same Message-ID, and on record as unknown.
    let outcomes: Vec<_> = attempts(&t).await.into_iter().map(|attempt| attempt.outcome.unwrap()).collect();
    assert_eq!(outcomes, ["unknown", "accepted"]);
    let id = t.mailbox.messages_for("r0@example.org")[0].message_id.clone();
    let notice = &t.notices().await[0];
    assert!(id.starts_with(&format!("<{}-", notice.id)), "{id}");
    t.pass(TimeDelta::days(1));
    t.tick().await;
    assert_eq!(t.send().await, 0);
}

async fn two_senders_share_the_work(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 120).await;
    let other = t.another().await;
    let vendors = [0; 4].map(|_| t.vendor_at(t.mailbox.addr().port()));
    let sender = async |app: &App, vendor: &Vendor| {
        sending::send_due(app, vendor, &CancellationToken::new()).await.unwrap()
    };
    let (a, b, c, d) = tokio::join!(
        sender(&t.app, &vendors[0]),
        sender(&other, &vendors[1]),
        sender(&t.app, &vendors[2]),
        sender(&other, &vendors[3]),
    );
    assert_eq!(a + b + c + d + t.send().await, 120);
    assert_eq!((t.mailbox.count(), t.mailbox.counts().len()), (120, 120));
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 120)]));
}
