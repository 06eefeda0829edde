//! The gate leads nobody to a seller that is closed, that has nothing left, or while they pay at another one.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{assignment, round};
use jebi::{
    domain::{draft::Seller, staff::Role},
    lifecycle::{
        after::bought::bought,
        sale::gate::{Passage, passage},
    },
    store,
};

use super::{DAY, Desk, at_level, drawn, pass, places, seller};
use crate::support::{Engine, TestApp, both, kst};

both!(a_gate_heeds_the_hours_and_the_stock_of_its_seller, the_day_counts_who_could_come_now);

async fn a_gate_heeds_the_hours_and_the_stock_of_its_seller(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let hours = |name: &str| Seller {
        from: Some("10:00".to_owned()),
        until: Some("18:30".to_owned()),
        ..at_level(name, 1)
    };
    let round = drawn(&t, 6, vec![Seller { stock: Some(2), ..hours("market") }, at_level("bank", 3)]).await;
    let opened = t.round(&round).await;
    let market = opened.sellers.iter().find(|terms| terms.name == "market").unwrap();
    let places = by_start(&t, &round).await;
    let go = async |at: usize| passage(&t.app, &opened, market, &places[at].receipt, t.now()).await.unwrap();
    // Their time has begun, and the market has not.
    t.jump(kst("2026-11-28 09:30"));
    assert_eq!(go(0).await, Passage::Shut);
    let page = t.browser().get(&format!("/rounds/{}/gate/wait/ko", round.slug)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body().contains("market: 11월 28일") && page.body().contains("오전 10:00"),
        "{}",
        page.body()
    );
    t.jump(kst(DAY) + TimeDelta::hours(9));
    assert!(matches!(go(5).await, Passage::Through(_)), "open, and nobody is led to it");
    // Who is paying at the bank is not led to the market, and afterwards is.
    let mut desk = Desk::new(&t, &key, &round);
    let (status, held) = desk.reserve(&pass(&t, &round, &places[0].receipt).await).await;
    assert_eq!(status, StatusCode::CREATED, "{held}");
    assert_eq!(go(0).await, Passage::Paying);
    desk.say(held["id"].as_str().unwrap(), "release").await;
    assert!(matches!(go(0).await, Passage::Through(_)));
    // Its stock is what it told of.
    let lines: String = places[1..3]
        .iter()
        .map(|place| format!("{},{},{}\n", place.receipt, t.now().to_rfc3339(), place.amount))
        .collect();
    let source = store::bought::source_of("market");
    let told = bought(&t.app, &round, lines.as_bytes(), &source, None, t.now()).await.unwrap();
    assert_eq!(told.kept, 2, "{told:?}");
    assert_eq!(go(3).await, Passage::Shut);
    let page = t.browser().get(&format!("/rounds/{}/gate/wait/en", round.slug)).await;
    assert!(page.body().contains("market has given out all that it had"), "{}", page.body());
    assert!(!page.body().contains("goes on by itself"), "{}", page.body());
}

/// Whose time is over, who has bought and who gave back cannot come.
async fn the_day_counts_who_could_come_now(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 6, vec![at_level("desk", 0)]).await;
    let places = by_start(&t, &round).await;
    let path = format!("/console/rounds/{}/day", round.slug);
    let counted = async |name: &str, at: &str| {
        t.jump(kst(at));
        let body = t.staff(name, Role::Clerk).await.see(&path).await.body().to_owned();
        let (_, rest) = body.split_once("차례가 왔고 아직 사지 않은 사람</dt><dd>")?;
        Some(rest.split("</dd>").next().unwrap().to_owned())
    };
    assert_eq!(counted("kim", "2026-11-28 08:00").await.as_deref(), Some("0"));
    assert_eq!(counted("lee", "2026-11-28 18:00").await.as_deref(), Some("6"));
    let line = format!("{},{},{}\n", places[0].receipt, t.now().to_rfc3339(), places[0].amount);
    bought(&t.app, &round, line.as_bytes(), "seller desk", None, t.now()).await.unwrap();
    store::fact::insert(t.db(), round.id, &places[1].receipt, store::fact::RETURNED, t.now(), ["", ""])
        .await
        .unwrap();
    assert_eq!(counted("park", "2026-11-28 18:00").await.as_deref(), Some("4"));
    // The morning after, the day of the early ones is over; some are left, who began later.
    let later = "2026-11-29 10:45";
    let open = |place: &&assignment::Model| place.starts_at.unwrap() + TimeDelta::hours(24) > kst(later);
    let open = places[2..].iter().filter(open).count();
    assert!(open > 0 && open < 4, "{open}");
    assert_eq!(counted("choi", later).await, Some(open.to_string()));
}

/// The earliest first.
async fn by_start(t: &TestApp, round: &round::Model) -> Vec<assignment::Model> {
    let mut places = places(t, round).await;
    places.sort_by_key(|place| place.starts_at);
    places
}
