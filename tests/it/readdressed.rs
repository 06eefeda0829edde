//! Whoever is told things about an entry hears of it when somebody else is told them: once, whoever changed it, and
//! whatever stops in between.

use chrono::TimeDelta;
use entities::{notice, readdressed, round};
use jebi::{
    app::erases_at,
    config::{Sms, sms},
    domain::{
        contact::{Channel, Contact},
        draft::Draft,
        event::{Act, Event, Wanted},
        roster::MatchBy,
        who::Household,
    },
    lifecycle::fold::fold,
    notify::{
        content::{self, CONTACT},
        vendor::Vendor,
    },
    store::{self, mail::Cause},
};
use public_audit::rules::Mode;
use sea_orm::EntityTrait;

use crate::{
    households::somebody,
    notices::{CLAIMED, killed_when},
    roster::{imported, people},
    support::{Engine, SmtpPeer, TestApp, both, kst},
};

both!(
    another_of_a_household_cannot_take_its_entry_in_silence,
    a_slip_of_the_pen_is_told_nobody_and_what_stood_is,
    an_entry_of_the_evening_does_not_change_hands_by_morning_without_a_word,
    back_and_forth_tells_nobody_more_than_three_times_a_day,
    at_night_each_is_told_once_and_not_whoever_is_told_things_again,
    two_instances_and_a_sender_that_dies_tell_once,
    whoever_wants_no_mail_gets_none_and_silences_nobody_else,
    who_gave_no_address_after_a_number_is_told_by_text,
    what_is_kept_goes_with_the_round,
);

const SAID: &str = "다른 곳으로 바뀌었습니다";

/// What somebody does with one and the same entry, to be told of it there or on paper.
async fn enter(t: &TestApp, round: &round::Model, at: Option<(Channel, &str)>) {
    let contact = at.map(|(channel, address)| Contact::parse(channel, address).unwrap());
    let sealed = contact.as_ref().map(|contact| t.app.keys.people().seal(CONTACT, contact));
    let channel = at.map(|(channel, _)| channel);
    let wanted = Wanted::alone(250_000, "any".to_owned(), sealed.unwrap_or_default(), channel, "ko");
    act(t, round, Act::Enter(wanted)).await;
}

async fn act(t: &TestApp, round: &round::Model, act: Act) {
    let receipt = t.round(round).await.receipt("somebody").unwrap().to_string();
    t.app.inbox.append(Event { round_id: round.id, receipt, act }).await.unwrap();
}

/// The same by mail, folded.
async fn mailed(t: &TestApp, round: &round::Model, address: &str) {
    enter(t, round, Some((Channel::Email, address))).await;
    t.tick().await;
}

/// How often somebody was told that it is no longer they who are told things.
fn told(t: &TestApp, address: &str) -> usize {
    t.mailbox.messages_for(address).iter().filter(|mail| mail.body.contains(SAID)).count()
}

async fn kept(t: &TestApp) -> Vec<readdressed::Model> {
    readdressed::Entity::find().all(t.db()).await.unwrap()
}

async fn planned(t: &TestApp) -> Vec<notice::Model> {
    let all = t.notices().await.into_iter();
    all.filter(|notice| notice.reason == store::readdressed::READDRESSED).collect()
}

async fn another_of_a_household_cannot_take_its_entry_in_silence(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), Some(MatchBy::Email)).await.unwrap();
    let household = Household::One;
    let draft = Draft { mode: Mode::Everyone, roster: Some("list".to_owned()), household, ..t.draft(20) };
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut first = somebody(&t, &round, 0).await;
    first.enter(250_000, &["pm"]).await;
    t.tick().await;
    t.send().await;
    let receipt = first.mine().await.receipt().to_owned();
    let mut second = somebody(&t, &round, 1).await;
    t.pass(TimeDelta::seconds(2));
    second.enter(100_000, &["am"]).await;
    t.tick().await;
    // What was sealed lies in one place, and its notice in the outbox, without either.
    let (rows, notices) = (kept(&t).await, planned(&t).await);
    assert_eq!((rows.len(), notices.len(), notices[0].about.as_str()), (1, 1, receipt.as_str()));
    let ready = content::ready(&t.app, &notices).await.unwrap().pop().unwrap().unwrap();
    assert_eq!((ready.contact.address.as_str(), ready.unsubscribe), ("r0@example.org", None));
    t.send().await;
    assert_eq!((told(&t, "r0@example.org"), told(&t, "r1@example.org")), (1, 0));
    let mails = t.mailbox.messages_for("r0@example.org");
    let mail = mails.iter().find(|mail| mail.body.contains(SAID)).unwrap();
    for said in ["11월 23일(월) 오전 10:00", &receipt, "신청은 계속 유효합니다", "‘내 신청’", "055-000-0000"]
    {
        assert!(mail.body.contains(said), "{said}: {}", mail.body);
    }
    assert!(!mail.body.contains("r1@") && !mail.body.contains("r…"), "{}", mail.body);
    // Once handed over, it is nowhere.
    t.tick().await;
    assert!(kept(&t).await.is_empty());
    // What changes and not where it is told is told as ever, and nobody is told twice.
    t.pass(TimeDelta::minutes(5));
    second.enter(150_000, &["am"]).await;
    t.tick().await;
    t.send().await;
    assert_eq!((told(&t, "r0@example.org"), told(&t, "r1@example.org")), (1, 0));
    // Whoever takes it back tells the other.
    t.pass(TimeDelta::minutes(5));
    first.enter(250_000, &["pm"]).await;
    t.tick().await;
    t.send().await;
    t.tick().await;
    assert_eq!((told(&t, "r0@example.org"), told(&t, "r1@example.org")), (1, 1));
    assert!(kept(&t).await.is_empty() && t.entries(&round).await[0].withdrawn_at.is_none());
}

async fn a_slip_of_the_pen_is_told_nobody_and_what_stood_is(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    mailed(&t, &round, "slip@example.org").await;
    t.pass(TimeDelta::seconds(90));
    mailed(&t, &round, "right@example.org").await;
    t.pass(TimeDelta::minutes(5));
    mailed(&t, &round, "other@example.org").await;
    t.send().await;
    // The first was not told anything: of this it would not know what it is about.
    assert!(t.mailbox.messages_for("slip@example.org").is_empty());
    assert_eq!((told(&t, "right@example.org"), told(&t, "other@example.org")), (1, 0));
    assert_eq!(t.mailbox.messages_for("other@example.org").len(), 1);
    // Told in its own second, an address is no slip however soon it goes.
    mailed(&t, &round, "last@example.org").await;
    t.send().await;
    assert_eq!(told(&t, "other@example.org"), 1);
}

/// Also where nobody folds for a while, and one fold sees it come and go.
async fn an_entry_of_the_evening_does_not_change_hands_by_morning_without_a_word(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(kst("2026-11-23 22:00"));
    enter(&t, &round, Some((Channel::Email, "one@example.org"))).await;
    t.pass(TimeDelta::minutes(30));
    enter(&t, &round, Some((Channel::Email, "two@example.org"))).await;
    t.pass(TimeDelta::seconds(5));
    enter(&t, &round, Some((Channel::Email, "slip@example.org"))).await;
    t.pass(TimeDelta::seconds(5));
    mailed(&t, &round, "two@example.org").await;
    // The other withdraws first, and that is not all there is to hear of it.
    t.pass(TimeDelta::minutes(30));
    act(&t, &round, Act::Withdraw).await;
    t.tick().await;
    mailed(&t, &round, "three@example.org").await;
    t.pass(TimeDelta::minutes(30));
    act(&t, &round, Act::Withdraw).await;
    t.tick().await;
    assert_eq!(t.send().await, 0, "nobody is woken");
    t.send_until(kst("2026-11-24 09:00")).await;
    for (address, times) in [("one@", 1), ("two@", 1), ("slip@", 0), ("three@", 0)] {
        assert_eq!(told(&t, &format!("{address}example.org")), times, "{address}");
    }
    // By the morning it was withdrawn, and the address before has to know that as well.
    let mail = &t.mailbox.messages_for("one@example.org")[0];
    assert!(mail.body.contains("취소되었습니다") && !mail.body.contains("유효합니다"), "{}", mail.body);
}

async fn back_and_forth_tells_nobody_more_than_three_times_a_day(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    for _ in 0..5 {
        for address in ["a@example.org", "b@example.org"] {
            mailed(&t, &round, address).await;
            t.send().await;
            t.pass(TimeDelta::minutes(3));
        }
    }
    assert_eq!((told(&t, "a@example.org"), told(&t, "b@example.org")), (3, 3));
    // The last word is not lost for it: it comes the next day, once, and only to whom it is still true.
    t.tick().await;
    assert_eq!(kept(&t).await.len(), 2);
    t.send_until(kst("2026-11-24 12:00")).await;
    assert_eq!((told(&t, "a@example.org"), told(&t, "b@example.org")), (4, 3));
    t.tick().await;
    assert!(kept(&t).await.is_empty());
}

async fn at_night_each_is_told_once_and_not_whoever_is_told_things_again(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    t.jump(kst("2026-11-23 22:00"));
    for address in ["b@example.org", "a@example.org", "b@example.org", "c@example.org", "b@example.org"] {
        t.pass(TimeDelta::minutes(10));
        mailed(&t, &round, address).await;
    }
    t.send_until(kst("2026-11-24 09:00")).await;
    assert_eq!(["a@", "b@", "c@"].map(|address| told(&t, &format!("{address}example.org"))), [1, 0, 1]);
    t.tick().await;
    assert!(kept(&t).await.is_empty());
    // And whoever was not, since it was not true, is the next time.
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    assert_eq!(told(&t, "b@example.org"), 1);
}

async fn two_instances_and_a_sender_that_dies_tell_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    enter(&t, &round, Some((Channel::Email, "b@example.org"))).await;
    let other = t.another().await;
    let (one, two) = tokio::join!(fold(&t.app), fold(&other));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!((kept(&t).await.len(), planned(&t).await.len()), (1, 1));
    // Dead before it heard whether the mail was taken: what it needs to go out again is still there.
    let forgetful = SmtpPeer::start(|command| if command == "." { None } else { Some("") }).await;
    killed_when(&t, t.vendor_at(forgetful.port), || forgetful.heard(".") == 2).await;
    t.pass(CLAIMED + TimeDelta::seconds(1));
    t.tick().await;
    assert_eq!((planned(&t).await[0].state.as_str(), kept(&t).await.len()), ("unknown", 1));
    t.pass(TimeDelta::minutes(5));
    assert_eq!(t.vendor.look_up(&t.app).await.unwrap(), 2);
    t.tick().await;
    assert_eq!(t.send_by(&other, &t.vendor).await, 2);
    t.tick().await;
    assert_eq!((told(&t, "a@example.org"), kept(&t).await.len()), (1, 0));
    // Another start has nothing left to do.
    let again = t.another().await;
    fold(&again).await.unwrap();
    assert_eq!(t.send_by(&again, &t.vendor).await, 0);
    assert_eq!(planned(&t).await.len(), 1);
}

async fn whoever_wants_no_mail_gets_none_and_silences_nobody_else(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    let receipt = t.entries(&round).await[0].receipt.clone();
    mailed(&t, &round, "b@example.org").await;
    // Whoever is told things now wants no mail: that is theirs to say for themselves alone.
    let txn = t.app.db.begin().await.unwrap();
    store::mail::insert_unmailed(&txn, round.id, &receipt, Cause::Asked, t.now()).await.unwrap();
    txn.commit().await.unwrap();
    t.send().await;
    assert_eq!((told(&t, "a@example.org"), t.mailbox.messages_for("b@example.org").len()), (1, 0));
    t.pass(TimeDelta::hours(1));
    mailed(&t, &round, "c@example.org").await;
    t.send().await;
    assert!(t.mailbox.messages_for("b@example.org").is_empty());
}

/// Through a real vendor, and in the language of before.
async fn who_gave_no_address_after_a_number_is_told_by_text(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        let path = config.state_dir.join("texts");
        std::fs::create_dir_all(&path).unwrap();
        config.sms = Some(Sms { file: Some(sms::File { path, ..sms::File::default() }), ..Sms::default() });
    })
    .await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    let texts = t.app.config.sms.as_ref().unwrap();
    let vendor = Vendor::sms(texts, &t.app.config.municipality).await.unwrap();
    for number in ["010-1234-5678", "010-8765-4321"] {
        enter(&t, &round, Some((Channel::Sms, number))).await;
        t.tick().await;
        t.send_by(&t.app, &vendor).await;
        t.pass(TimeDelta::minutes(10));
    }
    enter(&t, &round, None).await;
    t.tick().await;
    t.send_by(&t.app, &vendor).await;
    t.tick().await;
    let file = texts.file.as_ref().unwrap().path.join("texts.jsonl");
    let written = std::fs::read_to_string(file).unwrap();
    let lines = written.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let said: Vec<_> = lines.filter(|line| line["body"].as_str().unwrap().contains(SAID)).collect();
    let to: Vec<_> = said.iter().map(|line| line["to"].as_str().unwrap()).collect();
    assert_eq!(to, ["+821012345678", "+821087654321"], "{written}");
    let body = said[0]["body"].as_str().unwrap();
    assert!(body.contains("11월 23일(월) 오전 10:10") && body.contains("055-000-0000"), "{body}");
    assert!(!written.contains("http") && kept(&t).await.is_empty());
}

async fn what_is_kept_goes_with_the_round(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    mailed(&t, &round, "b@example.org").await;
    let sealed = kept(&t).await.pop().unwrap().address_sealed;
    // Nothing leaves: the mail server is away.
    t.draw(&round).await;
    t.jump(erases_at(&round));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    for (table, rows) in t.dump().await {
        assert!(!rows.contains(&sealed), "still in {table}");
    }
    let text = t.browser().get(&format!("/rounds/{}/erased.txt", round.slug)).await.body().to_owned();
    assert!(text.contains("table readdressed 1\n"), "{text}");
    t.send().await;
    assert_eq!(told(&t, "a@example.org"), 0);
    // What is past its time is forgotten without a purge.
    let (t, round) = TestApp::open(engine).await;
    mailed(&t, &round, "a@example.org").await;
    t.send().await;
    mailed(&t, &round, "b@example.org").await;
    t.pass(TimeDelta::days(8));
    t.tick().await;
    assert!(kept(&t).await.is_empty());
}
