//! Texts through several vendors: nobody is lost, nobody is told twice, no minute holds more than was decided.

mod curve;
mod kills;
mod lent;
mod reports;
mod workers;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entities::{attempt, notice};
use jebi::{
    config::{Secret, Sms, sms},
    domain::contact::{Channel, Contact},
    notify::{outcome::Outcome, queue, switch, vendor::Vendor, words::CODE},
    store,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use crate::{
    peer::free_port,
    support::{Engine, TestApp, both},
    vendors::NodePeer,
};

both!(
    what_a_vendor_took_and_did_not_say_is_found_and_not_sent_again,
    what_a_vendor_never_got_is_sent_by_another,
    nobody_can_be_asked_so_somebody_calls,
    nobody_can_be_asked_so_the_risk_is_counted,
    an_empty_balance_stops_after_a_handful,
    a_dead_vendor_is_replaced_and_comes_back_by_steps,
    reminders_leave_in_the_evening_and_before_ones_minute,
    who_has_not_bought_is_told_once_that_the_place_is_held,
    a_claim_reads_from_the_front_of_its_index,
    a_paused_vendor_is_passed_over,
    what_waits_is_explained,
);

pub const SENDER: &str = "0550000000";

/// `[sms]` with SOLAPI at a port first and a file behind it.
pub fn solapi_then_file(t: &std::path::Path, port: u16) -> Sms {
    Sms {
        from: SENDER.to_owned(),
        per_second: 100_000,
        timeout_seconds: 1,
        look_up_seconds: 1,
        solapi: Some(sms::Solapi {
            url: format!("http://127.0.0.1:{port}"),
            key: "NCSKEY".to_owned(),
            secret: Some(Secret::new("S3CRET")),
            per_second: 100_000,
            ..sms::Solapi::default()
        }),
        file: Some(sms::File { path: t.join("texts.jsonl"), priority: 2, per_second: 100_000 }),
        ..Sms::default()
    }
}

pub async fn solapi(options: serde_json::Value) -> NodePeer {
    let mut all = json!({ "key": "NCSKEY", "secret": "S3CRET", "from": SENDER });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    NodePeer::start("solapi.mjs", all).await
}

/// Codes to so many phones: words that need nothing but a row.
pub async fn codes(t: &TestApp, round_id: i64, count: usize) {
    codes_by(t, round_id, count, Channel::Sms).await;
}

/// The same by a channel.
pub async fn codes_by(t: &TestApp, round_id: i64, count: usize, channel: Channel) {
    let now = t.now();
    let valid = TimeDelta::days(2);
    let key = channel.key();
    let txn = t.app.db.begin().await.unwrap();
    for number in 0..count {
        let address = match channel {
            Channel::Sms => format!("0101{number:07}"),
            Channel::Email => format!("r{number}@example.org"),
        };
        let contact = Contact::parse(channel, &address).unwrap();
        let people = t.app.keys.people();
        let code = entities::code::ActiveModel {
            caller_key: Set(String::new()),
            id: Set(format!("{key}{number}")),
            round_id: Set(round_id),
            address_key: Set(format!("key {key}{number}")),
            address_sealed: Set(people.seal(jebi::notify::words::CONTACT, &contact)),
            channel: Set(key.to_owned()),
            lang: Set("ko".to_owned()),
            code_key: Set(String::new()),
            code_sealed: Set(people.seal(CODE, &format!("{number:06}"))),
            tries: Set(0),
            made_at: Set(now),
            expires_at: Set(now + valid),
            used_at: Set(None),
        };
        store::code::insert(&txn, code).await.unwrap();
    }
    let planned =
        |number| store::notice::planned(round_id, &format!("{key}{number}"), "code", 1, key, now, valid);
    store::notice::insert_all(&txn, (0..count).map(planned)).await.unwrap();
    txn.commit().await.unwrap();
}

async fn states(t: &TestApp) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for notice in t.notices().await {
        *states.entry(notice.state).or_default() += 1;
    }
    states
}

async fn attempts_of(t: &TestApp, vendor: &str) -> usize {
    let all = attempt::Entity::find().all(t.db()).await.unwrap();
    all.iter().filter(|one| one.vendor.as_deref() == Some(vendor)).count()
}

fn lines(t: &TestApp) -> usize {
    std::fs::read_to_string(t.folder().join("texts.jsonl")).unwrap_or_default().lines().count()
}

async fn sms(t: &TestApp, config: &Sms) -> Vendor {
    Vendor::sms(config, &t.app.config.municipality).await.unwrap()
}

/// What the stand-in says about itself.
async fn said(port: u16) -> serde_json::Value {
    let url = format!("http://127.0.0.1:{port}/stand-in");
    serde_json::from_str(&reqwest::get(url).await.unwrap().text().await.unwrap()).unwrap()
}

async fn what_a_vendor_took_and_did_not_say_is_found_and_not_sent_again(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({ "silent": 1.0 })).await;
    let vendor = sms(&t, &solapi_then_file(t.folder(), peer.port)).await;
    codes(&t, round.id, 5).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 5);
    assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 5)]));
    // Nobody else gets it while it is unknown, and it is not asked for at once.
    assert_eq!((t.send_by(&t.app, &vendor).await, vendor.look_up(&t.app).await.unwrap()), (0, 0));
    t.pass(TimeDelta::seconds(31));
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 5);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 5)]));
    assert_eq!((said(peer.port).await["taken"].as_u64(), lines(&t)), (Some(5), 0));
    let found = attempt::Entity::find().all(t.db()).await.unwrap();
    assert!(found.iter().all(|one| one.reference.as_deref().is_some_and(|it| it.starts_with("M4V"))));
}

async fn what_a_vendor_never_got_is_sent_by_another(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({})).await;
    let config = solapi_then_file(t.folder(), peer.port);
    let vendor = sms(&t, &config).await;
    codes(&t, round.id, 3).await;
    // A sender that died after its attempt was on record and before its call.
    let ask = store::notice::Ask {
        channel: "sms",
        class: "auth",
        now: t.now(),
        horizon: t.now(),
        until: t.now() + TimeDelta::seconds(13),
        limit: 10,
    };
    let claimed = store::notice::claim(&t.app.db, ask).await.unwrap();
    let through = store::notice::Through {
        vendor: "solapi",
        channel: "sms",
        asks: &[],
        now: t.now(),
        until: t.now() + TimeDelta::seconds(13),
        wall: Utc::now(),
    };
    store::notice::attempt_through(&t.app.db, claimed, through).await.unwrap();
    t.pass(TimeDelta::seconds(14));
    t.tick().await;
    assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 3)]));
    // It says that it has not got them: they are planned again, and whoever works may send them.
    peer.kill().await;
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 0, "a vendor that does not answer settles nothing");
    t.pass(TimeDelta::seconds(31));
    let peer = solapi(json!({})).await;
    let config = Sms { solapi: solapi_then_file(t.folder(), peer.port).solapi, ..config };
    let vendor = sms(&t, &config).await;
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 3);
    peer.kill().await;
    for _ in 0..10 {
        t.send_by(&t.app, &vendor).await;
        t.pass(TimeDelta::seconds(40));
    }
    assert_eq!((states(&t).await["accepted"], lines(&t)), (3, 3));
}

/// A vendor that takes everything, says nothing and cannot be asked.
async fn deaf(t: &TestApp, unresolved: sms::Unresolved) -> (NodePeer, Vendor) {
    let options = json!({ "system_id": "jebi", "password": "s3cret", "silent": true });
    let centre = NodePeer::start("smsc.mjs", options).await;
    let config = Sms {
        from: SENDER.to_owned(),
        per_second: 1_000,
        timeout_seconds: 1,
        resolve_minutes: 60,
        unresolved,
        smpp: Some(sms::Smpp {
            host: "127.0.0.1".to_owned(),
            port: centre.port,
            system_id: "jebi".to_owned(),
            password: Some(Secret::new("s3cret")),
            ..sms::Smpp::default()
        }),
        ..Sms::default()
    };
    let vendor = sms(t, &config).await;
    (centre, vendor)
}

async fn nobody_can_be_asked_so_somebody_calls(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let (_centre, vendor) = deaf(&t, sms::Unresolved::List).await;
    codes(&t, round.id, 2).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 2);
    for minutes in [1, 58] {
        t.pass(TimeDelta::minutes(minutes));
        assert_eq!(vendor.look_up(&t.app).await.unwrap(), 0);
        assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 2)]));
    }
    t.pass(TimeDelta::minutes(2));
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 2);
    assert_eq!(states(&t).await, BTreeMap::from([("unresolved".to_owned(), 2)]));
    assert_eq!(t.send_by(&t.app, &vendor).await, 0);
    let state = queue::state(&t.app).await.unwrap();
    assert_eq!((state.risks, state.duplicates), (0, 0));
}

async fn nobody_can_be_asked_so_the_risk_is_counted(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let (_centre, vendor) = deaf(&t, sms::Unresolved::Again).await;
    codes(&t, round.id, 2).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 2);
    t.pass(TimeDelta::seconds(31));
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 0);
    t.pass(TimeDelta::minutes(60));
    assert_eq!(vendor.look_up(&t.app).await.unwrap(), 2);
    let state = queue::state(&t.app).await.unwrap();
    assert_eq!(state.risks, 2);
    assert!(state.totals.contains(&("sms".to_owned(), "smpp".to_owned(), "risk".to_owned(), 2)));
    assert_eq!(t.send_by(&t.app, &vendor).await, 2);
}

/// 900,000 would fail alike: a handful is enough to know.
async fn an_empty_balance_stops_after_a_handful(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({ "balance": 10 })).await;
    let config = Sms { file: None, ..solapi_then_file(t.folder(), peer.port) };
    let vendor = sms(&t, &config).await;
    codes(&t, round.id, 300).await;
    for _ in 0..20 {
        t.send_by(&t.app, &vendor).await;
        t.pass(TimeDelta::seconds(11));
    }
    let failed = attempt::Entity::find().all(t.db()).await.unwrap();
    let failed = failed.iter().filter(|one| one.outcome.as_deref() == Some("hold")).count();
    assert!((1..=20).contains(&failed), "{failed} failures");
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 10), ("planned".to_owned(), 290)]));
    // Somebody pays; it goes on where it stopped, without anybody's help.
    peer.kill().await;
    let peer = solapi(json!({})).await;
    let config = Sms { file: None, ..solapi_then_file(t.folder(), peer.port) };
    let vendor = sms(&t, &config).await;
    for _ in 0..30 {
        t.pass(TimeDelta::minutes(1));
        t.send_by(&t.app, &vendor).await;
    }
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 300)]));
    assert_eq!(said(peer.port).await["taken"], 290);
}

async fn a_dead_vendor_is_replaced_and_comes_back_by_steps(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let config = solapi_then_file(t.folder(), free_port());
    let vendor = sms(&t, &config).await;
    codes(&t, round.id, 200).await;
    let began = t.now();
    while states(&t).await.get("accepted") != Some(&200) {
        t.send_by(&t.app, &vendor).await;
        t.pass(TimeDelta::seconds(10));
        assert!(t.now() - began < TimeDelta::minutes(5), "{:?}", states(&t).await);
    }
    assert_eq!((lines(&t), attempts_of(&t, "file").await), (200, 200));
    let note = &store::vendor::list(t.db()).await.unwrap()[0];
    assert_eq!((note.name.as_str(), note.share), ("solapi", 0));
    assert!(note.stopped_until.is_some_and(|until| until > began));
    // It works again: one text tries it, then ten points, and ten more a minute.
    t.pass(TimeDelta::minutes(1));
    let route = async || switch_to(&t, &vendor).await;
    assert_eq!(route().await, ("solapi", 1));
    switch::note(&t.app, "solapi", &[Outcome::Accepted { reference: None }]).await.unwrap();
    let mut shares = Vec::new();
    for _ in 0..11 {
        shares.push(store::vendor::list(t.db()).await.unwrap()[0].share);
        t.pass(TimeDelta::seconds(61));
        vendor.tend(&t.app).await.unwrap();
    }
    assert_eq!(shares, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100]);
}

async fn switch_to(t: &TestApp, vendor: &Vendor) -> (&'static str, usize) {
    let route = vendor.route(&t.app).await.unwrap().unwrap();
    (route.name, route.most)
}

async fn reminders_leave_in_the_evening_and_before_ones_minute(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 30).await;
    t.draw(&round).await;
    let reminders = async |reason: &'static str| {
        let mut all = store::notice::list(t.db(), round.id, reason).await.unwrap();
        all.retain(|notice| notice.state == "planned");
        all
    };
    t.jump(round.results_at);
    t.tick().await;
    assert!(reminders("eve").await.is_empty(), "not before the afternoon");
    t.send_until(crate::support::kst("2026-11-27 16:30")).await;
    for _ in 0..30 {
        t.tick().await;
    }
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let assigned = places.iter().filter(|place| place.starts_at.is_some()).count();
    let eve = reminders("eve").await;
    assert_eq!(eve.len(), assigned);
    assert!(eve.iter().all(|notice| notice.due_at < crate::support::kst("2026-11-27 21:00")));
    t.send_until(crate::support::kst("2026-11-27 20:59")).await;
    assert!(reminders("eve").await.is_empty());
    t.jump(round.ends_at - TimeDelta::hours(4));
    for _ in 0..60 {
        t.tick().await;
    }
    // For whoever starts within the next half hour, at ten minutes before; for nobody who has started.
    let soon = reminders("soon").await;
    let ahead = |start: DateTime<Utc>| start > t.now() && start <= t.now() + TimeDelta::minutes(30);
    let due = places.iter().filter(|place| place.starts_at.is_some_and(ahead)).count();
    assert_eq!(soon.len(), due);
    for notice in &soon {
        let place = places.iter().find(|place| place.receipt == notice.about).unwrap();
        assert_eq!(notice.due_at, place.starts_at.unwrap() - TimeDelta::minutes(10));
        assert_eq!(notice.deadline_at, place.starts_at.unwrap());
    }
}

async fn who_has_not_bought_is_told_once_that_the_place_is_held(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(40);
    draft.still_open_hours = Some(2);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 12).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    t.send_until(crate::support::kst("2026-11-28 08:30")).await;
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let bank = |receipt: &str| entities::bought::Model {
        round_id: round.id,
        receipt: receipt.to_owned(),
        amount: 10_000,
        at: t.now(),
        source: "bank".to_owned(),
    };
    let txn = t.app.db.begin().await.unwrap();
    let buyers = places[..4].iter().map(|place| bank(&place.receipt)).collect();
    store::bought::insert_all(&txn, buyers).await.unwrap();
    txn.commit().await.unwrap();
    let mut at = t.now();
    while at < crate::support::kst("2026-11-28 20:50") {
        at += TimeDelta::minutes(20);
        t.tick().await;
        t.send_until(at).await;
    }
    let open = store::notice::list(t.db(), round.id, "open").await.unwrap();
    assert_eq!(open.len(), 8, "once each, and nobody who has bought");
    for notice in &open {
        let place = places[4..].iter().find(|place| place.receipt == notice.about).unwrap();
        assert_eq!(notice.planned_at, place.starts_at.unwrap() + TimeDelta::hours(2));
        assert_eq!(notice.state, "accepted");
    }
    let mails = t.mailbox.counts().into_keys().flat_map(|to| t.mailbox.messages_for(&to));
    let told = mails.filter(|mail| mail.subject.contains("아직 구매하실 수 있습니다")).count();
    assert_eq!(told, 8);
}

async fn a_claim_reads_from_the_front_of_its_index(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let now = t.now();
    let txn = t.app.db.begin().await.unwrap();
    let many = (0..20_000).map(|number| {
        let at = now + TimeDelta::seconds(number);
        store::notice::planned(round.id, &format!("a{number}"), "result", 1, "sms", at, TimeDelta::days(3))
    });
    store::notice::insert_all(&txn, many).await.unwrap();
    txn.commit().await.unwrap();
    if engine == Engine::Postgres {
        let txn = t.app.db.begin().await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&txn, "ANALYZE notice").await.unwrap();
        txn.commit().await.unwrap();
    }
    let claim = "SELECT * FROM notice WHERE state = 'planned' AND channel = 'sms' AND class = 'notice' AND \
                 due_at <= '2026-12-24 00:00:00+00:00' AND deadline_at > '2026-11-23 00:00:00+00:00' ORDER BY due_at LIMIT 20";
    let explain = if engine == Engine::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let rows = sea_orm::ConnectionTrait::query_all_raw(
        t.db(),
        sea_orm::Statement::from_string(
            sea_orm::ConnectionTrait::get_database_backend(t.db()),
            format!("{explain} {claim}"),
        ),
    )
    .await
    .unwrap();
    let column = if engine == Engine::Sqlite { "detail" } else { "QUERY PLAN" };
    let plan: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("notice_claim"), "{plan}");
    assert!(!plan.to_lowercase().contains("sort") && !plan.contains("TEMP B-TREE"), "{plan}");
}

/// A vendor that staff pause is passed over, and what is paused is said.
async fn a_paused_vendor_is_passed_over(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({})).await;
    let vendor = sms(&t, &solapi_then_file(t.folder(), peer.port)).await;
    codes(&t, round.id, 30).await;
    store::rate::set(&t.app.db, "vendor solapi", Some(0), t.now()).await.unwrap();
    assert_eq!(queue::state(&t.app).await.unwrap().paused, ["vendor solapi"]);
    assert_eq!(t.send_by(&t.app, &vendor).await, 30);
    assert_eq!((lines(&t), said(peer.port).await["taken"].as_u64()), (30, Some(0)));
}

async fn what_waits_is_explained(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let t = TestApp::start_with(engine, |config| {
        let file = sms::File { path: path.join("t.jsonl"), priority: 1, per_second: 1 };
        config.sms = Some(Sms { per_second: 2, file: Some(file), ..Sms::default() });
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let of = async || {
        let state = queue::state(&t.app).await.unwrap();
        state.queues.into_iter().find(|queue| (queue.channel, queue.class) == ("sms", "auth")).unwrap()
    };
    assert_eq!(of().await.waits_for, queue::WaitsFor::Nothing);
    codes(&t, round.id, 180).await;
    let waiting = of().await;
    // One a second through the only vendor: three minutes.
    assert_eq!((waiting.planned, waiting.due, waiting.per_minute), (180, 180, 60));
    assert_eq!(waiting.waits_for, queue::WaitsFor::Rate);
    assert_eq!(waiting.empty_at, Some(t.now() + TimeDelta::minutes(3)));
    store::rate::set(&t.app.db, "channel sms", Some(0), t.now()).await.unwrap();
    assert_eq!((of().await.waits_for, of().await.empty_at), (queue::WaitsFor::Staff, None));
    let vendor = sms(&t, t.app.config.sms.as_ref().unwrap()).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 0);
    assert!(t.notices().await.iter().all(|notice| notice.state == "planned"));
    store::rate::set(&t.app.db, "channel sms", None, t.now()).await.unwrap();
    t.pass(TimeDelta::seconds(11));
    let sender = t.send_by(&t.app, &vendor);
    let sent = jebi::clock::Clock::within(Duration::from_millis(3_500), sender).await;
    assert!(sent.is_none(), "180 texts left within four seconds at one a second");
    let attempts = attempt::Entity::find().all(t.db()).await.unwrap().len();
    assert!((2..=5).contains(&attempts), "{attempts}");
    let _ = notice::Entity::find().one(t.db()).await.unwrap();
}
