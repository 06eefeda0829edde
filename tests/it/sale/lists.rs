//! Lists that go to sellers, and lists that come from them.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use entities::assignment;
use jebi::{
    lifecycle::{after::bought::bought, sale},
    secret::TokenKind,
    store::{
        self,
        fact::{INELIGIBLE, KEPT, RETURNED},
    },
};
use serde_json::Value;

use super::{DAY, Desk, account, at_level, drawn, places, seller};
use crate::support::{Engine, TestApp, both, kst};

both!(lists_and_reports_of_sellers_meet_one_ledger, a_list_follows_what_is_said_about_places);

async fn lists_and_reports_of_sellers_meet_one_ledger(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "kiosk").await;
    let round = drawn(&t, 6, vec![at_level("kiosk", 2)]).await;
    let places = places(&t, &round).await;
    let mut desk = Desk::new(&t, &key, &round);
    t.jump(kst(DAY) - TimeDelta::hours(3));
    let none = desk.ask(Method::GET, "allow-list", None, None).await;
    assert_eq!(none.0, StatusCode::OK);
    // Written into the seller's folder, whole, hour by hour, and signed.
    t.jump(kst(DAY) + TimeDelta::hours(8));
    t.tick().await;
    let folder = t.app.config.allow_list_path().join("kiosk");
    let csv = std::fs::read_to_string(folder.join(format!("{}.csv", round.slug))).unwrap();
    let token = std::fs::read_to_string(folder.join(format!("{}.jwt", round.slug))).unwrap();
    let claims: Value = t.app.pass_keys.open(TokenKind::List, &token).unwrap();
    assert_eq!(claims["sha256"], public_audit::Digest::of(&csv).to_string());
    assert_eq!((claims["rows"].as_u64(), csv.lines().count()), (Some(6), 7), "{csv}");
    assert!(folder.join(format!("{}-20261128T17.csv", round.slug)).exists());

    // A list with an entry's purchase twice over is refused where the ledger has no room for it.
    let line =
        |place: &assignment::Model, won: i64| format!("{},{},{won}\n", place.receipt, t.now().to_rfc3339());
    let text = line(&places[0], places[0].amount) + &line(&places[1], 1_250_000_000);
    let opened = t.round(&round).await;
    let report = bought(&t.app, &round, text.as_bytes(), "kiosk.csv", None, t.now()).await.unwrap();
    assert_eq!((report.kept, report.refused.len()), (1, 1), "{report:?}");
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, 0, places[0].amount));
    // To the won: what the seller has more, we name.
    let done = sale::reconcile::reconciled(&t.app, &opened, text.as_bytes(), None).await.unwrap();
    assert_eq!((done.same, done.differences.len(), done.is_even()), (1, 1, false));
    let done =
        sale::reconcile::reconciled(&t.app, &opened, line(&places[0], places[0].amount).as_bytes(), None)
            .await;
    assert!(done.unwrap().is_even());
    t.pass(TimeDelta::hours(1));
    t.tick().await;
    let csv = std::fs::read_to_string(folder.join(format!("{}.csv", round.slug))).unwrap();
    assert!(!csv.contains(&places[0].receipt), "who has bought is on no list");
}

/// The file of the hour does not keep for an hour whom nobody may sell to any more.
async fn a_list_follows_what_is_said_about_places(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "kiosk").await;
    let round = drawn(&t, 6, vec![at_level("kiosk", 2), at_level("desk", 0)]).await;
    let places = places(&t, &round).await;
    t.jump(kst(DAY) + TimeDelta::hours(9));
    let path = t.app.config.allow_list_path().join("kiosk").join(format!("{}.csv", round.slug));
    let read = async || {
        t.pass(TimeDelta::seconds(10));
        t.tick().await;
        std::fs::read_to_string(&path).unwrap()
    };
    let is_on = |csv: &str, at: usize| csv.contains(&places[at].receipt);
    let csv = read().await;
    assert!((0..6).all(|at| is_on(&csv, at)), "{csv}");
    // Found ineligible, given back, and kept after all.
    for (at, kind) in [(0, INELIGIBLE), (1, RETURNED)] {
        let (txn, now) = (t.app.db.begin().await.unwrap(), t.now());
        store::fact::insert(&txn, round.id, &places[at].receipt, kind, now, ["", ""]).await.unwrap();
        txn.commit().await.unwrap();
        assert!(!is_on(&read().await, at), "{kind}");
    }
    store::fact::insert(t.db(), round.id, &places[1].receipt, KEPT, t.now(), ["", ""]).await.unwrap();
    assert!(is_on(&read().await, 1));
    // A payment failed elsewhere: it is held for longer.
    let until = kst("2026-11-29 23:00");
    let held = &places[2].receipt;
    store::reservation::extend(t.db(), round.id, held, until, t.now(), "payment").await.unwrap();
    assert!(read().await.contains("2026-11-29T23:00:00+09:00"));
    // Bought elsewhere: gone within minutes, and not a file for each purchase.
    let line = format!("{},{},{}\n", places[3].receipt, t.now().to_rfc3339(), places[3].amount);
    bought(&t.app, &round, line.as_bytes(), "seller desk", None, t.now()).await.unwrap();
    assert!(is_on(&read().await, 3));
    t.pass(TimeDelta::minutes(5));
    assert!(!is_on(&read().await, 3));
}
