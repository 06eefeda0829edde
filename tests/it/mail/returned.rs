//! What a mail server sends back to the return path.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use entities::{dead_address, notice, unmailed};
use jebi::{
    clock::Clock,
    domain::{draft::Draft, roster::MatchBy},
    notify::{
        bounce::{self, Followed},
        tag::{self, Purpose},
    },
    store::notice::{Ask, Ending, Outcome as Settled},
};
use sea_orm::EntityTrait;

use crate::{
    peer::{Postfix, SmtpPeer},
    roster::imported,
    support::{Engine, TestApp, both},
};

both!(
    a_mail_that_comes_back_is_read_and_ends_mail_to_that_address,
    a_mended_mailbox_is_written_to_again_also_by_a_roster,
    only_a_return_path_of_ours_is_believed,
    a_mail_that_comes_back_at_once_is_not_called_delivered_by_its_sender,
);

const RETURN_PATH: &str = "bounce@back.tongyeong.example";

async fn with_return_path(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().return_path = Some(RETURN_PATH.to_owned());
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// jebi hands a mail to a real Postfix, the mailbox's own server refuses it, and Postfix writes its report to
/// the return path: what `jebi bounce` is given in production.
async fn a_mail_that_comes_back_is_read_and_ends_mail_to_that_address(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    let far = SmtpPeer::start("accept", &[]).await;
    let postfix = Postfix::start(far.port).await;
    let mut good = t.resident(&round.slug, "good@example.org").await;
    good.enter(250_000, &["am"]).await;
    let mut bad = t.resident(&round.slug, "bad.minji@example.org").await;
    bad.enter(250_000, &["am"]).await;
    t.tick().await;
    assert_eq!(t.send_by(&t.app, &t.vendor_at(postfix.port)).await, 2);
    // Both are accepted by our own server: only later does the other one say no.
    let all = |state: &'static str| move |notice: &notice::Model| notice.state == state;
    assert!(t.notices().await.iter().all(all("accepted")));
    let mut report = None;
    for _ in 0..300 {
        report = far.mails().into_iter().find(|mail| mail.to[0].starts_with("bounce+"));
        if report.is_some() {
            break;
        }
        Clock::pause(Duration::from_millis(100)).await;
    }
    let report = report.expect("Postfix wrote no report");
    let message = BASE64_STANDARD.decode(&report.raw).unwrap();
    assert!(report.from.trim_matches(['<', '>']).is_empty(), "a report has no sender: {}", report.from);
    // Postfix hands the envelope's recipient to a pipe; without it the report's own To is looked at.
    assert_eq!(
        bounce::read(&t.app, &message, Some(&report.to[0]), t.now()).await.unwrap(),
        Followed::Undelivered { hard: true }
    );
    assert_eq!(bounce::read(&t.app, &message, None, t.now()).await.unwrap(), Followed::Known);
    let notices = t.notices().await;
    let undelivered: Vec<_> = notices.iter().filter(|notice| notice.state == "undelivered").collect();
    assert_eq!((undelivered.len(), undelivered[0].reason.as_str()), (1, "entered"));
    let stopped = unmailed::Entity::find().all(t.db()).await.unwrap();
    assert_eq!((stopped.len(), stopped[0].cause.as_str()), (1, "bounced"));
    assert_eq!(stopped[0].receipt, undelivered[0].about);
    assert_eq!(dead_address::Entity::find().all(t.db()).await.unwrap().len(), 1);
    // The result is not mailed there again, and counts as told to nobody.
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    let results: Vec<_> = t.notices().await.into_iter().filter(|notice| notice.reason == "result").collect();
    let told: BTreeMap<_, _> = results.into_iter().map(|notice| (notice.about, notice.state)).collect();
    assert_ne!(told[&stopped[0].receipt], "accepted");
    assert_eq!(told.values().filter(|state| *state == "accepted").count(), 1);
    // Somebody who has mended their mailbox proves it with a code.
    let mut mended = t.stranger_at(&round.slug, "bad.minji@example.org");
    mended.identify(&t, "my").await;
    assert!(dead_address::Entity::find().all(t.db()).await.unwrap().is_empty());
}

/// What a mail server writes to a return path.
fn report(to: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nno\r\n--B\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; r0@example.org\r\nAction: failed\r\nStatus: {status}\r\n\r\n--B--\r\n"
    )
}

async fn only_a_return_path_of_ours_is_believed(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    t.entered(&round, 1).await;
    t.send().await;
    let notice = t.notices().await.remove(0);
    let path = |tag: &str| format!("bounce+{tag}@back.tongyeong.example");
    let ours = path(&tag::tag(&t.app.keys, Purpose::Bounce, notice.id));
    for forged in [
        path(&format!("{}.{}", notice.id, "0".repeat(20))),
        path(&tag::tag(&t.app.keys, Purpose::Unsubscribe, notice.id)),
        ours.replace("back.", "fake."),
        RETURN_PATH.to_owned(),
    ] {
        let followed =
            bounce::read(&t.app, report(&forged, "5.1.1").as_bytes(), None, t.now()).await.unwrap();
        assert!(matches!(followed, Followed::Nothing(_)), "{forged}: {followed:?}");
    }
    assert_eq!(t.notices().await[0].state, "accepted");
    // A full mailbox is about today: undelivered, but the address lives.
    let followed = bounce::read(&t.app, report(&ours, "5.2.2").as_bytes(), None, t.now()).await.unwrap();
    assert_eq!(followed, Followed::Undelivered { hard: false });
    assert_eq!(t.notices().await[0].state, "undelivered");
    assert!(dead_address::Entity::find().all(t.db()).await.unwrap().is_empty());
    assert!(unmailed::Entity::find().all(t.db()).await.unwrap().is_empty());
}

/// In a round with a roster the receipt does not come from the address: it is known only once the roster is asked.
async fn a_mended_mailbox_is_written_to_again_also_by_a_roster(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().return_path = Some(RETURN_PATH.to_owned());
    })
    .await;
    let list =
        "이름,이메일,생년월일\n김민지,minji@example.org,1986-01-02\n김하늘,sky@example.org,1948-03-01\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let round = t.announced(Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await;
    t.jump(round.opens_at);
    let comes = async |address: &str, name: &str, birth: &str| {
        let mut comes = t.stranger_at(&round.slug, address);
        comes.identify(&t, "enter").await;
        comes.get("roster?purpose=enter").await;
        let who = [("purpose", "enter"), ("name", name), ("birth", birth)];
        assert_eq!(comes.post("roster", &who).await.to(), comes.path("details"));
        comes
    };
    let mut minji = comes("minji@example.org", "김민지", "1986-01-02").await;
    minji.enter(250_000, &["am"]).await;
    let mut sky = comes("sky@example.org", "김하늘", "1948-03-01").await;
    sky.enter(250_000, &["am"]).await;
    t.tick().await;
    t.send().await;
    for notice in t.notices().await.iter().filter(|notice| notice.reason == "entered") {
        let ours =
            format!("bounce+{}@back.tongyeong.example", tag::tag(&t.app.keys, Purpose::Bounce, notice.id));
        let followed = bounce::read(&t.app, report(&ours, "5.1.1").as_bytes(), None, t.now()).await.unwrap();
        assert_eq!(followed, Followed::Undelivered { hard: true });
    }
    assert_eq!(unmailed::Entity::find().all(t.db()).await.unwrap().len(), 2);
    t.pass(TimeDelta::minutes(1));
    // Who types the code reads the mail; whose entry that is the roster says. The other one's stays as it is.
    comes("minji@example.org", "김민지", "1986-01-02").await;
    let left = unmailed::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].receipt, sky.mine().await.receipt());
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    let told = t.mailbox.messages_for("minji@example.org");
    assert!(told.iter().any(|mail| mail.body.contains("11월 28일")), "{told:?}");
}

/// A dead mailbox's report may be read while the sender still waits for the slowest of its handful.
async fn a_mail_that_comes_back_at_once_is_not_called_delivered_by_its_sender(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    t.entered(&round, 1).await;
    let (db, now) = (&t.app.db, t.now());
    let until = now + TimeDelta::minutes(2);
    let ask = Ask { channel: "email", class: "notice", now, horizon: now, until, limit: 10 };
    let claimed = jebi::store::notice::claim(db, ask).await.unwrap();
    let held = jebi::store::notice::attempt(db, claimed, now, until).await.unwrap();
    let (notice_id, claim) = (held[0].id, held[0].claim);
    let ours = format!("bounce+{}@back.tongyeong.example", tag::tag(&t.app.keys, Purpose::Bounce, notice_id));
    let followed = bounce::read(&t.app, report(&ours, "5.1.1").as_bytes(), None, now).await.unwrap();
    assert_eq!(followed, Followed::Undelivered { hard: true });
    let outcome = Settled { notice_id, claim, outcome: "accepted", detail: None, ending: Ending::Accepted };
    for _ in 0..2 {
        jebi::store::notice::settle(db, std::slice::from_ref(&outcome), now).await.unwrap();
        assert_eq!(t.notices().await[0].state, "undelivered");
    }
}
