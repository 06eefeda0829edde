//! Everybody is told once, in time, and nobody after they are forgotten.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entities::{code, notice};
use sea_orm::EntityTrait;

use super::{attempts, results_by_minute, states};
use crate::support::{Engine, TestApp, both, verified};

both!(
    everybody_is_told_their_result_once_and_at_their_own_second,
    what_is_too_late_is_not_sent,
    a_code_is_forgotten_once_it_has_left,
    nobody_is_told_after_everybody_is_forgotten,
);

/// The mails of each recipient whose text has `word`.
fn mails_with(t: &TestApp, word: &str) -> BTreeMap<String, usize> {
    let recipients = t.mailbox.counts().into_keys();
    let with =
        |to: &String| t.mailbox.messages_for(to).iter().filter(|mail| mail.body.contains(word)).count();
    recipients.map(|to| (to.clone(), with(&to))).filter(|(_, count)| *count > 0).collect()
}

async fn everybody_is_told_their_result_once_and_at_their_own_second(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 40).await;
    assert_eq!(t.send().await, 40);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    let half = round.results_at + TimeDelta::hours(3);
    let told_before = t.send_until(half).await;
    assert!((15..25).contains(&told_before), "{told_before}");
    // Hours without a sender, then a new process: the others are told as well, no faster than planned.
    t.jump(round.results_at + TimeDelta::hours(5));
    let (other, vendor) = (t.another().await, t.vendor_at(t.mailbox.addr().port()));
    t.send_until_by(&other, &vendor, round.results_at + TimeDelta::hours(7)).await;
    let told = mails_with(&t, "순번");
    assert_eq!((told.len(), told.values().max()), (40, Some(&1)));
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 80)]));
    assert_eq!(results_by_minute(&t).await.values().max(), Some(&1));
    let (notices, attempts) = (t.notices().await, attempts(&t).await);
    assert_eq!(attempts.len(), 80);
    for attempt in attempts.iter().filter(|attempt| attempt.started_at < half) {
        let notice = notices.iter().find(|notice| notice.id == attempt.notice_id).unwrap();
        assert_eq!(attempt.started_at, notice.planned_at, "{}", notice.reason);
    }
}

async fn what_is_too_late_is_not_sent(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await;
    t.pass(TimeDelta::minutes(10));
    assert_eq!(t.send().await, 0);
    t.tick().await;
    assert_eq!(states(&t).await, BTreeMap::from([("expired".to_owned(), 1)]));
    // After hours without a mail server, who has had their turn is not told when it would have been.
    t.entered(&round, 2).await;
    t.draw(&round).await;
    t.jump(round.ends_at);
    t.tick().await;
    assert_eq!(t.send().await, 0);
    assert_eq!(states(&t).await, BTreeMap::from([("expired".to_owned(), 5)]));
    assert_eq!(t.mailbox.count(), 0);
}

async fn a_code_is_forgotten_once_it_has_left(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await;
    let stored = async || code::Entity::find().one(t.db()).await.unwrap().unwrap();
    assert!(!stored().await.code_sealed.is_empty());
    t.send().await;
    let code = stored().await;
    assert_eq!((code.code_sealed.as_str(), code.address_sealed.as_str()), ("", ""));
    let typed = t.last_code("minji@example.org");
    assert_eq!(minji.post("code", &[("code", &typed)]).await.to(), minji.path("details"));
    // And the rest of it a while after.
    t.pass(TimeDelta::hours(3));
    t.tick().await;
    assert!(code::Entity::find().one(t.db()).await.unwrap().is_none());
}

async fn nobody_is_told_after_everybody_is_forgotten(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 2).await;
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    let forgotten = notice::Entity::find().all(t.db()).await.unwrap();
    assert!(forgotten.iter().all(|notice| notice.state != "planned"));
    assert_eq!((t.send().await, t.mailbox.count()), (0, 0));
}
