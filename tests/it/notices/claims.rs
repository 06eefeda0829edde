//! Claims: whoever overslept may not send, and what is unknown is not sent on suspicion.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use jebi::store::{
    self,
    notice::{Ask, Ending, Outcome},
};

use super::{CLAIMED, attempts, states};
use crate::support::{Engine, TestApp, both};

both!(
    a_sender_that_overslept_may_not_send_and_changes_nothing,
    a_text_message_is_not_sent_again_on_suspicion,
);

/// How long a claim made or renewed now holds.
fn until(t: &TestApp) -> DateTime<Utc> {
    t.now() + CLAIMED
}

fn ask(channel: &str, now: DateTime<Utc>) -> Ask<'_> {
    Ask { channel, class: "notice", now, horizon: now, until: now + CLAIMED, limit: 10 }
}

async fn a_sender_that_overslept_may_not_send_and_changes_nothing(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 1).await;
    let db = &t.app.db;
    let claim = async || store::notice::claim(db, ask("email", t.now())).await.unwrap();
    let settled =
        |claim: i32, outcome, ending| [Outcome { notice_id: 1, claim, outcome, detail: None, ending }];
    let sleepy = claim().await;
    assert_eq!(store::notice::attempt(db, sleepy.clone(), t.now(), until(&t)).await.unwrap().len(), 1);
    t.pass(CLAIMED + TimeDelta::seconds(1));
    assert!(
        store::notice::attempt(db, sleepy.clone(), t.now(), until(&t)).await.unwrap().is_empty(),
        "no fence"
    );
    t.tick().await;
    assert!(claim().await.is_empty(), "nobody knows yet what the sleeper did");
    t.pass(TimeDelta::minutes(6));
    assert_eq!(t.vendor.look_up(&t.app).await.unwrap(), 1);
    let awake = claim().await;
    assert_eq!((sleepy[0].claim, awake[0].claim), (1, 2));
    assert!(
        store::notice::attempt(db, sleepy.clone(), t.now(), until(&t)).await.unwrap().is_empty(),
        "no fence"
    );
    assert_eq!(store::notice::attempt(db, awake, t.now(), until(&t)).await.unwrap().len(), 1);

    // The first one's call comes back at last, with every answer there is.
    for (outcome, ending) in [
        ("rejected", Ending::Rejected),
        ("unknown", Ending::Unknown),
        ("rejected", Ending::Again(t.now() + TimeDelta::minutes(5))),
    ] {
        store::notice::settle(db, &settled(1, outcome, ending), t.now()).await.unwrap();
        assert_eq!(t.notices().await[0].state, "sending", "{outcome} by a sender that lost its claim");
        let other = attempts(&t).await.into_iter().find(|attempt| attempt.claim == 2).unwrap();
        assert_eq!(other.outcome, None, "the other sender's attempt was ended");
    }
    store::notice::settle(db, &settled(2, "accepted", Ending::Accepted), t.now()).await.unwrap();
    for (outcome, ending) in [("rejected", Ending::Rejected), ("unknown", Ending::Unknown)] {
        store::notice::settle(db, &settled(1, outcome, ending), t.now()).await.unwrap();
        assert_eq!(t.notices().await[0].state, "accepted");
    }
    // But an acceptance is one, whoever hears of it.
    t.entered(&round, 2).await;
    let late = claim().await;
    store::notice::attempt(db, late.clone(), t.now(), until(&t)).await.unwrap();
    t.pass(CLAIMED + TimeDelta::seconds(1));
    t.tick().await;
    let accepted = [Outcome {
        notice_id: late[0].id,
        claim: late[0].claim,
        outcome: "accepted",
        detail: None,
        ending: Ending::Accepted,
    }];
    store::notice::settle(db, &accepted, t.now()).await.unwrap();
    assert_eq!(t.send().await, 0);
    assert_eq!(t.mailbox.count(), 0);
}

async fn a_text_message_is_not_sent_again_on_suspicion(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let now = t.now();
    let text =
        store::notice::planned(round.id, "aaaa-aaaa-aaaa-aaaa", "entered", 1, "sms", now, TimeDelta::days(3));
    let txn = t.app.db.begin().await.unwrap();
    store::notice::insert_all(&txn, [text].into_iter()).await.unwrap();
    txn.commit().await.unwrap();
    let db = &t.app.db;
    let claimed = store::notice::claim(db, ask("sms", now)).await.unwrap();
    store::notice::attempt(db, claimed, now, until(&t)).await.unwrap();
    t.pass(CLAIMED + TimeDelta::seconds(1));
    t.tick().await;
    assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 1)]));
    assert!(store::notice::claim(db, ask("sms", t.now())).await.unwrap().is_empty());
}
