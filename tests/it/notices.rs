//! Notices: everybody is told once, whatever stops, restarts or refuses in between.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use entities::{attempt, code, notice};
use jebi::{
    app::App,
    clock::Clock,
    notify::{queue, sending, vendor::Vendor},
    store::{
        self,
        notice::{Ask, Ending, Outcome},
    },
};
use sea_orm::{EntityTrait, QueryOrder};
use tokio_util::sync::CancellationToken;

use crate::support::{Engine, SmtpPeer, TestApp, both, kst, verified};

both!(
    everybody_is_told_their_result_once_and_at_their_own_second,
    results_leave_evenly_and_wake_nobody,
    a_backlog_wakes_nobody,
    a_sender_that_dies_before_it_said_anything_loses_nothing,
    a_sender_that_dies_after_the_last_dot_tries_again_under_the_same_name,
    two_senders_share_the_work,
    a_sender_that_overslept_may_not_send_and_changes_nothing,
    a_text_message_is_not_sent_again_on_suspicion,
    what_is_too_late_is_not_sent,
    a_greylisted_notice_comes_back_later,
    a_refused_notice_does_not_come_back,
    an_outage_of_the_mail_server_costs_nobody_their_tries,
    a_code_is_forgotten_once_it_has_left,
    at_night_only_the_last_word_counts,
    a_retry_waits_for_the_morning,
    nobody_is_told_after_everybody_is_forgotten,
);

/// How long a claim holds.
pub const CLAIMED: TimeDelta = TimeDelta::minutes(2);

async fn attempts(t: &TestApp) -> Vec<attempt::Model> {
    attempt::Entity::find().order_by_asc(attempt::Column::StartedAt).all(t.db()).await.unwrap()
}

async fn states(t: &TestApp) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for notice in t.notices().await {
        *states.entry(notice.state).or_default() += 1;
    }
    states
}

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

/// How many results left in each minute.
async fn results_by_minute(t: &TestApp) -> BTreeMap<DateTime<Utc>, usize> {
    let results: Vec<i64> = {
        let notices = t.notices().await.into_iter();
        notices.filter(|notice| notice.reason == "result").map(|notice| notice.id).collect()
    };
    let mut load = BTreeMap::new();
    for attempt in attempts(t).await.into_iter().filter(|attempt| results.contains(&attempt.notice_id)) {
        *load.entry(attempt.started_at.with_second(0).unwrap()).or_default() += 1;
    }
    load
}

async fn results_leave_evenly_and_wake_nobody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(200);
    draft.times.results = "2026-11-27 20:00".to_owned();
    draft.opening[0].first_day = "2026-11-29".to_owned();
    draft.spread_hours = 2;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 150).await;
    t.draw(&round).await;
    let mut load: BTreeMap<DateTime<Utc>, usize> = BTreeMap::new();
    for notice in store::notice::list(t.db(), round.id, "result").await.unwrap() {
        assert!((8..21).contains(&notice.planned_at.with_timezone(&Seoul).hour()), "{}", notice.planned_at);
        assert!(notice.planned_at >= round.results_at);
        *load.entry(notice.planned_at.with_second(0).unwrap()).or_default() += 1;
    }
    // 150 over 120 minutes: one or two in each, the last hour of the evening and the first of the day.
    assert_eq!((load.len(), load.values().min(), load.values().max()), (120, Some(&1), Some(&2)));
    assert_eq!(load.first_key_value().unwrap().0, &kst("2026-11-27 20:00"));
    assert_eq!(load.last_key_value().unwrap().0, &kst("2026-11-28 08:59"));
    // Those who go first hear first.
    let heard = store::notice::list(t.db(), round.id, "result").await.unwrap();
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let starts: Vec<_> = heard
        .iter()
        .map(|notice| places.iter().find(|place| place.receipt == notice.about).unwrap().starts_at.unwrap())
        .collect();
    let (early, late) = starts.split_at(starts.len() / 2);
    assert!(early.iter().max().unwrap() <= &(*late.iter().min().unwrap() + TimeDelta::minutes(1)));
}

/// What was held up in the evening is not made up for at night, nor all at once in the morning.
async fn a_backlog_wakes_nobody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(200);
    draft.times.results = "2026-11-27 20:00".to_owned();
    draft.opening[0].first_day = "2026-11-29".to_owned();
    draft.spread_hours = 2;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 90).await;
    t.send().await;
    t.draw(&round).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    // Back for the last two minutes of the evening; then it is night.
    t.jump(kst("2026-11-27 20:58"));
    t.send_until(kst("2026-11-27 20:59")).await;
    t.jump(kst("2026-11-27 22:30"));
    minji.ask("my").await.to();
    assert_eq!(t.send().await, 1, "a code leaves at any hour, and nothing else");
    t.jump(kst("2026-11-28 07:59"));
    assert_eq!(t.send().await, 0);
    t.send_until(kst("2026-11-28 10:00")).await;
    let load = results_by_minute(&t).await;
    assert_eq!(load.values().sum::<usize>(), 90);
    assert_eq!(load.values().max(), Some(&1), "{load:?}");
    for minute in load.keys() {
        assert!((8..21).contains(&minute.with_timezone(&Seoul).hour()), "{minute}");
    }
}

/// A sender at a vendor, stopped the hard way as soon as `happened`.
pub async fn killed_when(t: &TestApp, vendor: Vendor, happened: impl Fn() -> bool) {
    let app = t.app.clone();
    let sender =
        tokio::spawn(async move { sending::send_due(&app, &vendor, &CancellationToken::new()).await });
    it_is(async || happened()).await;
    sender.abort();
    assert!(sender.await.unwrap_err().is_cancelled());
}

/// Looks until it is so.
async fn it_is(is_so: impl AsyncFn() -> bool) {
    for _ in 0..2_000 {
        if is_so().await {
            return;
        }
        Clock::pause(Duration::from_millis(5)).await;
    }
    panic!("it never happened");
}

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

async fn at_night_only_the_last_word_counts(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(kst("2026-11-23 21:30"));
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    let mut sejin = t.resident(&round.slug, "sejin@example.org").await;
    for resident in [&mut minji, &mut sejin] {
        resident.enter(100_000, &[]).await;
        t.tick().await;
        resident.enter(200_000, &[]).await;
        t.tick().await;
    }
    minji.withdraw().await;
    t.tick().await;
    // A code leaves at any hour, a confirmation waits for the morning.
    assert_eq!((t.send().await, t.mailbox.count()), (0, 2));
    t.jump(kst("2026-11-24 07:59"));
    assert_eq!(t.send().await, 0);
    t.jump(kst("2026-11-24 08:00"));
    t.tick().await;
    t.send().await;
    let words =
        |to: &str| t.mailbox.messages_for(to)[1..].iter().map(|mail| mail.body.clone()).collect::<Vec<_>>();
    let (minji, sejin) = (words("minji@example.org"), words("sejin@example.org"));
    assert!(matches!(&minji[..], [only] if only.contains("취소")), "{minji:#?}");
    assert!(matches!(&sejin[..], [only] if only.contains("200,000")), "{sejin:#?}");
}

/// A confirmation that was refused in the evening is not tried again at night.
async fn a_retry_waits_for_the_morning(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(kst("2026-11-23 20:57"));
    t.entered(&round, 2).await;
    let grey = |command: &str| Some(if command.starts_with("RCPT") { "451 4.7.1 greylisted" } else { "" });
    assert_eq!(t.send_by(&t.app, &t.vendor_at(SmtpPeer::start(grey).await.port)).await, 2);
    for night in ["2026-11-23 21:05", "2026-11-24 03:00", "2026-11-24 07:59"] {
        t.jump(kst(night));
        assert_eq!(t.send().await, 0, "{night}");
    }
    t.jump(kst("2026-11-24 08:00"));
    assert_eq!(t.send().await, 2);
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
