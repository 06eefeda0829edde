//! What vendors say became of texts: all of it, and whenever it comes.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{TimeDelta, Utc};
use entities::attempt;
use jebi::{
    clock::Clock,
    config::{Secret, Sms, sms},
    notify::{content, outcome::Outcome},
    store::notice::{Ask, Ending, Outcome as Settled, Through},
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{SENDER, codes, solapi, solapi_then_file, states, vendor_of};
use crate::{
    support::{Engine, TestApp, both},
    vendors::NodePeer,
};

both!(
    a_receipt_that_comes_before_its_text_is_on_record_is_kept,
    more_arrivals_than_a_page_holds_are_all_read,
    a_vendor_that_hangs_is_not_asked_for_every_text,
);

async fn delivered(t: &TestApp) -> usize {
    attempt::Entity::find().all(t.db()).await.unwrap().iter().filter(|one| one.delivered_at.is_some()).count()
}

/// A centre sends its receipt at once; that the text was taken is written down when the last of its handful is.
async fn a_receipt_that_comes_before_its_text_is_on_record_is_kept(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let options = json!({ "system_id": "jebi", "password": "s3cret" });
    let centre = NodePeer::start("smsc.mjs", options).await;
    let smpp = sms::Smpp {
        host: "127.0.0.1".to_owned(),
        port: centre.port,
        system_id: "jebi".to_owned(),
        password: Some(Secret::new("s3cret")),
        ..sms::Smpp::default()
    };
    let config = Sms { from: SENDER.to_owned(), per_second: 1_000, smpp: Some(smpp), ..Sms::default() };
    let vendor = vendor_of(&t, &config).await;
    codes(&t, round.id, 1).await;
    let (now, until) = (t.now(), t.now() + TimeDelta::minutes(5));
    let ask = Ask { channel: "sms", class: "auth", now, horizon: now, until, limit: 10 };
    let claimed = jebi::store::notice::claim(&t.app.db, ask).await.unwrap();
    let ready = content::ready(&t.app, &claimed).await.unwrap().remove(0).unwrap();
    let through = Through { vendor: "smpp", channel: "sms", asks: &[], now, until, wall: Utc::now() };
    let begun = jebi::store::notice::attempt_through(&t.app.db, claimed, through).await.unwrap();
    let route = vendor.route(&t.app, &BTreeSet::new()).await.unwrap().unwrap();
    let Outcome::Accepted { reference } = vendor.send(&route, &[ready], now).await.remove(0) else {
        panic!("not taken")
    };
    for _ in 0..20 {
        Clock::pause(Duration::from_millis(50)).await;
        vendor.tend(&t.app).await.unwrap();
    }
    let held = &begun.held[0];
    let settled = Settled {
        notice_id: held.id,
        claim: held.claim,
        outcome: "accepted",
        detail: reference,
        ending: Ending::Accepted,
    };
    jebi::store::notice::settle_counted(&t.app.db, &[settled], now, "sms", "smpp").await.unwrap();
    assert_eq!(delivered(&t).await, 0);
    vendor.tend(&t.app).await.unwrap();
    assert_eq!(delivered(&t).await, 1, "the receipt is lost");
}

/// What is not read counts as late, and costs a vendor its share that is in no way slow.
async fn more_arrivals_than_a_page_holds_are_all_read(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({})).await;
    let vendor = vendor_of(&t, &Sms { file: None, ..solapi_then_file(t.folder(), peer.port) }).await;
    codes(&t, round.id, 620).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 620);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 620)]));
    vendor.tend(&t.app).await.unwrap();
    assert_eq!(delivered(&t).await, 620);
}

/// Reports and other vendors wait for the end of a look-up.
async fn a_vendor_that_hangs_is_not_asked_for_every_text(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    codes(&t, round.id, 20).await;
    let (now, until) = (t.now(), t.now() + TimeDelta::seconds(13));
    let ask = Ask { channel: "sms", class: "auth", now, horizon: now, until, limit: 20 };
    let claimed = jebi::store::notice::claim(&t.app.db, ask).await.unwrap();
    let through = Through { vendor: "solapi", channel: "sms", asks: &[], now, until, wall: Utc::now() };
    jebi::store::notice::attempt_through(&t.app.db, claimed, through).await.unwrap();
    t.pass(TimeDelta::seconds(14));
    t.tick().await;
    assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 20)]));
    // Connections are made, and nobody ever answers.
    let hung = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = hung.local_addr().unwrap().port();
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), port)).await;
    let asked = Clock::within(Duration::from_secs(10), vendor.look_up(&t.app)).await;
    assert_eq!(asked.expect("twenty time-outs, one after another").unwrap(), 0);
    assert_eq!(states(&t).await, BTreeMap::from([("unknown".to_owned(), 20)]));
}
