//! Lists that go to sellers, and lists that come from them.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use entities::assignment;
use jebi::{
    lifecycle::{after::bought::bought, sale},
    secret::TokenKind,
};
use serde_json::Value;

use super::{DAY, Desk, account, at_level, drawn, places, seller};
use crate::support::{Engine, TestApp, both, kst};

both!(lists_and_reports_of_sellers_meet_one_ledger);

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
