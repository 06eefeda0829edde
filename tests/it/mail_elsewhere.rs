//! A mail to an address that its entry has left: whoever reads it there ends nothing for anybody else, and is told so.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{attempt, dead_address, notice, round, unmailed};
use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::{Act, Event, Wanted},
    },
    lifecycle::fold::fold,
    notify::{
        bounce::{self, Followed},
        content::CONTACT,
        tag::{self, Purpose},
    },
    store::{self, mail::Cause},
};
use sea_orm::EntityTrait;

use crate::support::{Engine, TestApp, both};

both!(
    whoever_is_erased_is_told_of_no_other_address,
    a_link_of_before_ends_nothing_and_says_so,
    a_mail_of_before_that_comes_back_ends_nothing,
    a_mail_that_may_have_gone_to_two_ends_nothing,
    another_address_is_mailed_whatever_was_of_the_one_before,
    who_changed_nothing_since_is_believed_without_a_digest,
);

const RETURN_PATH: &str = "bounce@back.tongyeong.example";

async fn open(engine: Engine) -> (TestApp, round::Model) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().return_path = Some(RETURN_PATH.to_owned());
    })
    .await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// One and the same entry is told things there from now on; not folded yet.
async fn moves(t: &TestApp, round: &round::Model, address: &str) {
    let contact = Contact::parse(Channel::Email, address).unwrap();
    let sealed = t.app.keys.people().seal(CONTACT, &contact);
    let act = Act::Enter(Wanted::alone(250_000, "any".to_owned(), sealed, Channel::Email, "ko"));
    let receipt = t.round(round).await.receipt("somebody").unwrap().to_string();
    t.app.inbox.append(Event { round_id: round.id, receipt, act }).await.unwrap();
}

/// The same, and it is told so; the link in the mail that says so.
async fn told(t: &TestApp, round: &round::Model, address: &str) -> String {
    moves(t, round, address).await;
    t.tick().await;
    t.send().await;
    t.pass(TimeDelta::minutes(5));
    let mail = t.mailbox.messages_for(address).pop().unwrap();
    mail.unsubscribe.strip_prefix(&t.app.config.public_url).unwrap().to_owned()
}

async fn ended(t: &TestApp) -> Vec<String> {
    unmailed::Entity::find().all(t.db()).await.unwrap().into_iter().map(|row| row.cause).collect()
}

/// What a mail server writes when a notice cannot be delivered.
async fn comes_back(t: &TestApp, notice_id: i64) -> Followed {
    let to = format!("bounce+{}@back.tongyeong.example", tag::tag(&t.app.keys, Purpose::Bounce, notice_id));
    let report = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nno\r\n--B\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; somebody@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--B--\r\n"
    );
    bounce::read(&t.app, report.as_bytes(), None, t.now()).await.unwrap()
}

async fn entered(t: &TestApp) -> Vec<notice::Model> {
    t.notices().await.into_iter().filter(|notice| notice.reason == "entered").collect()
}

async fn a_link_of_before_ends_nothing_and_says_so(engine: Engine) {
    let (t, round) = open(engine).await;
    let before = told(&t, &round, "before@example.org").await;
    let now = told(&t, &round, "now@example.org").await;
    // By a mailbox for its owner, by the button of a page from before, and the wish to have mail again.
    let mut mailbox = t.browser();
    let done = mailbox.post_raw(&before, "List-Unsubscribe=One-Click").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body());
    let mut owner = t.browser();
    owner.get(&before).await;
    assert_eq!(owner.post_raw(&before, "csrf=x").await.to(), before);
    assert!(ended(&t).await.is_empty());
    for page in [done, owner.get(&before).await] {
        for said in ["지금 알림을 받는 곳이 아닙니다", "바뀐 것은 없습니다", "055-000-0000"]
        {
            assert!(page.body().contains(said), "{said}: {}", page.body());
        }
        assert!(!page.body().contains("<form method=\"post\" action=\"/unsubscribe"), "{}", page.body());
        assert!(!page.body().contains("example.org"), "{}", page.body());
    }
    let english = t.browser().in_english().get(&before).await;
    assert!(english.body().contains("nothing was changed here"), "{}", english.body());
    let easy = t.browser().get(&format!("{before}?lang=ko-simple")).await;
    assert!(easy.body().contains("예전 주소로 보낸 것입니다"), "{}", easy.body());
    // Whoever is told things now ends it for themselves; nobody of before begins it again, or sees that.
    let mut theirs = t.browser();
    assert!(theirs.get(&now).await.body().contains("그만 받으시겠습니까"));
    assert_eq!(theirs.post_raw(&now, "csrf=x").await.to(), now);
    assert_eq!(ended(&t).await, ["asked"]);
    assert_eq!(owner.post_raw(&before, "csrf=x&again=yes").await.to(), before);
    assert_eq!(ended(&t).await, ["asked"]);
    assert!(owner.get(&before).await.body().contains("지금 알림을 받는 곳이 아닙니다"));
    assert!(t.entries(&round).await[0].withdrawn_at.is_none());
}

async fn a_mail_of_before_that_comes_back_ends_nothing(engine: Engine) {
    let (t, round) = open(engine).await;
    told(&t, &round, "before@example.org").await;
    told(&t, &round, "now@example.org").await;
    let notices = entered(&t).await;
    assert_eq!(notices.len(), 2);
    assert_eq!(comes_back(&t, notices[0].id).await, Followed::Undelivered { hard: false });
    assert_eq!(comes_back(&t, notices[0].id).await, Followed::Known);
    // That it did not arrive is true all the same.
    assert_eq!(entered(&t).await[0].state, "undelivered");
    assert!(ended(&t).await.is_empty());
    assert!(dead_address::Entity::find().all(t.db()).await.unwrap().is_empty());
    assert_eq!(comes_back(&t, notices[1].id).await, Followed::Undelivered { hard: true });
    assert_eq!(ended(&t).await, ["bounced"]);
    assert_eq!(dead_address::Entity::find().all(t.db()).await.unwrap().len(), 1);
}

/// Nobody knows whether the first attempt arrived; meanwhile the entry was told things elsewhere, and the second left for there.
async fn a_mail_that_may_have_gone_to_two_ends_nothing(engine: Engine) {
    let (t, round) = open(engine).await;
    let link = told(&t, &round, "one@example.org").await;
    let sent = attempt::Entity::find().one(t.db()).await.unwrap().unwrap();
    assert_eq!(sent.sent_to.as_ref().map(String::len), Some(20), "{sent:?}");
    let other = format!("UPDATE attempt SET sent_to = '{}', outcome = 'unknown'", "0".repeat(20));
    t.meddle(&other).await;
    let txn = t.app.db.begin().await.unwrap();
    let again = attempt::Model { claim: sent.claim + 1, ..sent };
    let again = sea_orm::ActiveModelTrait::reset_all(sea_orm::IntoActiveModel::into_active_model(again));
    attempt::Entity::insert(again).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut owner = t.browser();
    assert!(owner.get(&link).await.body().contains("지금 알림을 받는 곳이 아닙니다"));
    owner.post_raw(&link, "csrf=x").await.to();
    assert!(ended(&t).await.is_empty());
    // An attempt that was refused went nowhere.
    t.meddle(&format!("UPDATE attempt SET outcome = 'rejected' WHERE sent_to = '{}'", "0".repeat(20))).await;
    owner.post_raw(&link, "csrf=x").await.to();
    assert_eq!(ended(&t).await, ["asked"]);
}

async fn another_address_is_mailed_whatever_was_of_the_one_before(engine: Engine) {
    let (t, round) = open(engine).await;
    let end = async |cause| {
        let receipt = t.entries(&round).await[0].receipt.clone();
        let txn = t.app.db.begin().await.unwrap();
        store::mail::insert_unmailed(&txn, round.id, &receipt, cause, t.now()).await.unwrap();
        txn.commit().await.unwrap();
    };
    told(&t, &round, "a@example.org").await;
    for (cause, address) in [(Cause::Asked, "b@example.org"), (Cause::Bounced, "c@example.org")] {
        end(cause).await;
        told(&t, &round, address).await;
        assert!(ended(&t).await.is_empty(), "{address}");
    }
    // There and back, seen by one fold, is no other address.
    end(Cause::Asked).await;
    for address in ["d@example.org", "c@example.org"] {
        moves(&t, &round, address).await;
    }
    fold(&t.app).await.unwrap();
    assert_eq!(ended(&t).await, ["asked"]);
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    let result = t.notices().await.into_iter().find(|notice| notice.reason == "result").unwrap();
    assert_eq!(result.channel, store::notice::LETTER);
}

async fn who_changed_nothing_since_is_believed_without_a_digest(engine: Engine) {
    let (t, round) = open(engine).await;
    let link = told(&t, &round, "a@example.org").await;
    // As it was sent before this was noted.
    t.meddle("UPDATE attempt SET sent_to = NULL").await;
    let mut owner = t.browser();
    owner.get(&link).await;
    owner.post_raw(&link, "csrf=x").await.to();
    assert_eq!(ended(&t).await, ["asked"]);
    told(&t, &round, "b@example.org").await;
    t.meddle("UPDATE attempt SET sent_to = NULL").await;
    owner.post_raw(&link, "csrf=x").await.to();
    assert!(ended(&t).await.is_empty());
}

/// A mail lies in a mailbox for years.
async fn whoever_is_erased_is_told_of_no_other_address(engine: Engine) {
    let (t, round) = open(engine).await;
    let link = told(&t, &round, "before@example.org").await;
    t.draw(&round).await;
    t.jump(round.ends_at + TimeDelta::days(round.retention_days.into()));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    let page = t.browser().get(&link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body());
    for said in ["지금 알림을 받는 곳이 아닙니다", "<form method=\"post\" action=\"/unsubscribe"]
    {
        assert!(!page.body().contains(said), "{}", page.body());
    }
}
