//! What a vendor took and did not say.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use entities::attempt;
use jebi::{
    config::{Secret, Sms, sms},
    notify::{queue, vendor::Vendor},
    store,
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{SENDER, codes, lines, said, solapi, solapi_then_file, states, vendor_of};
use crate::{
    support::{Engine, TestApp, both},
    vendors::NodePeer,
};

both!(
    what_a_vendor_took_and_did_not_say_is_found_and_not_sent_again,
    what_a_vendor_never_got_is_sent_by_another,
    nobody_can_be_asked_so_somebody_calls,
    nobody_can_be_asked_so_the_risk_is_counted,
);

async fn what_a_vendor_took_and_did_not_say_is_found_and_not_sent_again(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({ "silent": 1.0 })).await;
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), peer.port)).await;
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
    let vendor = vendor_of(&t, &config).await;
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
    let vendor = vendor_of(&t, &config).await;
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
    let vendor = vendor_of(t, &config).await;
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
