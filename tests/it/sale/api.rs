//! The pass API: who may ask, and what comes twice.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use jebi::{
    lifecycle::sale::SELLER_KEY,
    secret::{TokenKind, random_id},
    store,
};
use serde_json::{Value, json};

use super::{DAY, Desk, account, at_level, drawn, pass, places, seller};
use crate::support::{Engine, TestApp, both, kst};

both!(
    requests_that_come_twice_count_once,
    the_api_lets_nobody_else_in,
    a_seller_does_nothing_with_anothers_reservation,
);

async fn requests_that_come_twice_count_once(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let round = drawn(&t, 4, vec![at_level("bank", 3)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(10));
    let places = places(&t, &round).await;
    let pass0 = pass(&t, &round, &places[0].receipt).await;
    let pass1 = pass(&t, &round, &places[1].receipt).await;
    let desk = Desk::new(&t, &key, &round);
    // Ten at the same moment with one key: one reservation, and everybody reads of it.
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (mut desk, body) = (desk.clone(), json!({ "pass": pass0 }));
        asked.spawn(
            async move { desk.ask(Method::POST, "reservations", Some("\"order-1\""), Some(body)).await },
        );
    }
    let answers: Vec<(StatusCode, Value)> = asked.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::CREATED);
    let mut desk = desk;
    let (status, problem) =
        desk.ask(Method::POST, "reservations", Some("order-1"), Some(json!({ "pass": pass1 }))).await;
    assert_eq!((status.as_u16(), &problem["type"]), (409, &json!("urn:jebi:problem:key_reused")));
    let (status, _) = desk.ask(Method::POST, "reservations", None, Some(json!({ "pass": pass1 }))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // A refusal is not kept: what was too early may come again with its key.
    let id = answers[0].1["id"].as_str().unwrap().to_owned();
    let redeem = format!("reservations/{id}/redeem");
    let (_, first) = desk.ask(Method::POST, &redeem, Some("pay-1"), None).await;
    t.pass(TimeDelta::minutes(5));
    let (_, second) = desk.ask(Method::POST, &redeem, Some("pay-1"), None).await;
    assert_eq!(first, second);
    let (_, found) = desk.ask(Method::GET, &format!("reservations/{id}"), None, None).await;
    assert_eq!(found["state"], "redeemed");
    // After a week nobody repeats anything.
    t.pass(TimeDelta::days(8));
    t.tick().await;
    assert!(store::handover::find_answer(t.db(), "bank", "order-1").await.unwrap().is_none());
}

async fn the_api_lets_nobody_else_in(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (bank, kiosk, gate) =
        (seller(&t, "bank").await, seller(&t, "kiosk").await, seller(&t, "other").await);
    let round = drawn(&t, 4, vec![at_level("bank", 3), at_level("kiosk", 2)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(10));
    let place = places(&t, &round).await.remove(0);
    let token = pass(&t, &round, &place.receipt).await;
    let mut desk = Desk::new(&t, &bank, &round);
    let (_, held) = desk.reserve(&token).await;
    let id = held["id"].as_str().unwrap();
    // Forged, cut, of another kind, or with words that were never there.
    let handover = t.app.pass_keys.sign(TokenKind::Handover, &json!({ "sub": place.receipt }));
    let cut = &token[..token.len() - 1];
    for bad in [cut, &handover, "eyJhbGciOiJub25lIn0.e30.AAAA"] {
        assert_eq!(desk.reserve(bad).await.0, StatusCode::FORBIDDEN, "{bad}");
    }
    for body in [
        json!({}),
        json!({ "pass": 1 }),
        json!({ "pass": token, "more": 1 }),
        json!({ "pass": token, "amount": -1 }),
    ] {
        let (status, _) =
            desk.ask(Method::POST, "reservations", Some(&random_id()), Some(body.clone())).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let routes: [(Method, String, u8); 8] = [
        (Method::POST, "passes/check".to_owned(), 3),
        (Method::POST, "reservations".to_owned(), 3),
        (Method::GET, format!("reservations/{id}"), 3),
        (Method::POST, format!("reservations/{id}/redeem"), 3),
        (Method::POST, format!("reservations/{id}/fail"), 3),
        (Method::POST, format!("reservations/{id}/release"), 3),
        (Method::GET, "allow-list".to_owned(), 2),
        (Method::GET, "ledger".to_owned(), 2),
    ];
    // A route that is described and not in this table fails the test.
    let document: Value = serde_json::from_str(&jebi::web::api::openapi::DOCUMENT).unwrap();
    let described: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(described, routes.len());
    for (method, path, level) in routes {
        let body = json!({ "pass": token });
        for (key, expected) in [
            ("", 401),
            ("wrong", 401),
            (gate.as_str(), 404),
            (kiosk.as_str(), if level == 3 { 403 } else { 200 }),
        ] {
            let mut desk = Desk::new(&t, key, &round);
            let (status, _) = desk.ask(method.clone(), &path, Some("x"), Some(body.clone())).await;
            assert_eq!(status.as_u16(), expected, "{method} {path} with the key of {key}");
        }
    }
    // A key that was ended opens nothing.
    let digest = t.app.keys.digest(SELLER_KEY, &bank);
    let txn = t.app.db.begin().await.unwrap();
    assert_eq!(store::seller::revoke(&txn, "bank", &digest[..8], t.now()).await.unwrap(), 1);
    txn.commit().await.unwrap();
    assert_eq!(desk.reserve(&token).await.0, StatusCode::UNAUTHORIZED);
    // Whoever asks too often waits, and is told how long.
    let mut many = Desk::new(&t, &kiosk, &round);
    let mut statuses = Vec::new();
    for _ in 0..6_100 {
        statuses.push(many.ask(Method::GET, "ledger", None, None).await.0);
    }
    let limited = statuses.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert!((100..=110).contains(&limited), "{limited}");
}

/// Two sellers of level 3 in one round: to one, what the other holds is not there, whatever it wants to do with it.
async fn a_seller_does_nothing_with_anothers_reservation(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (bank, shop) = (seller(&t, "bank").await, seller(&t, "shop").await);
    let round = drawn(&t, 4, vec![at_level("bank", 3), at_level("shop", 3)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(10));
    let place = places(&t, &round).await.remove(0);
    let token = pass(&t, &round, &place.receipt).await;
    let (mut bank, mut shop) = (Desk::new(&t, &bank, &round), Desk::new(&t, &shop, &round));
    let (status, held) = bank.reserve(&token).await;
    assert_eq!(status, StatusCode::CREATED, "{held}");
    let id = held["id"].as_str().unwrap();
    let before = account(&t, &round, "").await;
    let document: Value = serde_json::from_str(&jebi::web::api::openapi::DOCUMENT).unwrap();
    let of_one = document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.contains("{id}"));
    let mut refused = 0;
    for (path, methods) in of_one {
        let path = path.split("{slug}/").nth(1).unwrap().replace("{id}", id);
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            // With a key of its own, and with one that the other might use.
            for key in [random_id(), "order-1".to_owned()] {
                let (status, said) = shop.ask(method.clone(), &path, Some(&key), None).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}: {said}");
                assert!(!said.to_string().contains(&place.receipt), "{method} {path}: {said}");
            }
            refused += 1;
        }
    }
    assert_eq!(refused, 4, "find, redeem, fail and release");
    // Nor can it hold the same pass meanwhile, or list it as its own.
    assert_eq!(shop.reserve(&token).await.0, StatusCode::CONFLICT);
    let (_, ledger) = shop.ask(Method::GET, "ledger", None, None).await;
    assert!(!ledger.to_string().contains(&place.receipt), "{ledger}");
    assert_eq!(account(&t, &round, "").await, before);
    let (_, found) = bank.ask(Method::GET, &format!("reservations/{id}"), None, None).await;
    assert_eq!(found["state"], "held");
    assert_eq!(bank.say(id, "redeem").await.0, StatusCode::OK);
}
