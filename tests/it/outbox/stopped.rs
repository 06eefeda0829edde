//! A vendor that is empty, dead or paused is passed over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use entities::attempt;
use jebi::{
    config::Sms,
    notify::{outcome::Outcome, queue, switch, vendor::Vendor},
    store,
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{attempts_of, codes, lines, said, solapi, solapi_then_file, states, vendor_of};
use crate::{
    peer::free_port,
    support::{Engine, TestApp, both},
};

both!(
    an_empty_balance_stops_after_a_handful,
    a_dead_vendor_is_replaced_and_comes_back_by_steps,
    a_paused_vendor_is_passed_over,
);

/// 900,000 would fail alike: a handful is enough to know.
async fn an_empty_balance_stops_after_a_handful(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({ "balance": 10 })).await;
    let config = Sms { file: None, ..solapi_then_file(t.folder(), peer.port) };
    let vendor = vendor_of(&t, &config).await;
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
    let vendor = vendor_of(&t, &config).await;
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
    let vendor = vendor_of(&t, &config).await;
    codes(&t, round.id, 200).await;
    // Five calls of twenty fail, and stop it; all of it at once, and nobody waits for the clock.
    assert_eq!(t.send_by(&t.app, &vendor).await, 300);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 200)]));
    assert_eq!((lines(&t), attempts_of(&t, "file").await, attempts_of(&t, "solapi").await), (200, 200, 100));
    let note = &store::vendor::list(t.db()).await.unwrap()[0];
    assert_eq!((note.name.as_str(), note.share), ("solapi", 0));
    assert!(note.stopped_until.is_some_and(|until| until > t.now()));
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
    let route = vendor.route(&t.app, &BTreeSet::new()).await.unwrap().unwrap();
    (route.name, route.most)
}

/// A vendor that staff pause is passed over, and what is paused is said.
async fn a_paused_vendor_is_passed_over(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({})).await;
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), peer.port)).await;
    codes(&t, round.id, 30).await;
    store::rate::set(&t.app.db, "vendor solapi", Some(0), t.now()).await.unwrap();
    assert_eq!(queue::state(&t.app).await.unwrap().paused, ["vendor solapi"]);
    assert_eq!(t.send_by(&t.app, &vendor).await, 30);
    assert_eq!((lines(&t), said(peer.port).await["taken"].as_u64()), (30, Some(0)));
}
