//! Reserving, paying, failing to pay.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entities::webhook;
use jebi::{
    domain::{draft::Seller, pass::Claims, staff::Role},
    lifecycle::{
        after::{bought::bought, shift},
        announce::Staff,
        sale::{self, reserve::Asked, settle},
    },
    secret::{TokenKind, random_below},
    store::{self, reservation},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;

use super::{DAY, Desk, account, at_level, drawn, pass, places, seller};
use crate::support::{Engine, TestApp, both, kst};

both!(
    a_pass_is_bought_with_once_at_its_second,
    a_failed_payment_keeps_the_place,
    time_that_stands_still_holds_what_was_held_for_longer,
    what_is_being_paid_is_not_overtaken,
    no_order_of_events_gives_out_more_than_there_is,
);

async fn a_pass_is_bought_with_once_at_its_second(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let round = drawn(&t, 4, vec![at_level("bank", 3)]).await;
    let mut desk = Desk::new(&t, &key, &round);
    let place = places(&t, &round).await.remove(0);
    let starts_at = place.starts_at.unwrap();
    let pass = pass(&t, &round, &place.receipt).await;

    // Signed for this round and this seller, and good from the second on.
    let claims: Claims = t.app.pass_keys.open(TokenKind::Pass, &pass).unwrap();
    assert_eq!((claims.nbf, claims.amount as i64), (starts_at.timestamp(), place.amount));
    assert_eq!(
        (claims.aud.as_slice(), claims.sub.as_str()),
        (&["bank".to_owned()][..], place.receipt.as_str())
    );
    t.jump(starts_at - TimeDelta::milliseconds(1));
    assert_eq!(desk.check(&pass).await["status"], "not_yet");
    let (status, problem) = desk.reserve(&pass).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("urn:jebi:problem:not_yet")));
    t.jump(starts_at);
    assert_eq!(desk.check(&pass).await["status"], "valid");
    let (status, held) = desk.reserve(&pass).await;
    assert_eq!(status, StatusCode::CREATED, "{held}");
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, place.amount, 0));
    let (status, problem) = desk.reserve(&pass).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("urn:jebi:problem:held")));
    let id = held["id"].as_str().unwrap();
    for _ in 0..2 {
        let (status, done) = desk.say(id, "redeem").await;
        assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("redeemed")));
    }
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, 0, place.amount));
    assert_eq!(desk.check(&pass).await["status"], "redeemed");
    assert_eq!(desk.reserve(&pass).await.1["type"], "urn:jebi:problem:redeemed");
    for what in ["fail", "release"] {
        assert_eq!(desk.say(id, what).await.1["type"], "urn:jebi:problem:settled");
    }
    let kept = store::bought::find(t.db(), round.id, &place.receipt).await.unwrap().unwrap();
    assert_eq!((kept.amount, kept.at, kept.source.as_str()), (place.amount, starts_at, "seller bank"));
    // Staff see it on the day's page.
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = kim.see(&format!("/console/rounds/{}/day", round.slug)).await;
    assert!(
        page.body().contains("전체 1,250,000,000원 가운데 구매 250,000원, 결제 중 0원"),
        "{}",
        page.body()
    );
    assert!(page.body().contains("<th scope=\"row\">bank</th><td>3 구매권 연계</td>"), "{}", page.body());
}

async fn a_failed_payment_keeps_the_place(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let mut bank = at_level("bank", 3);
    bank.webhook = Some("http://127.0.0.1:9/hook".to_owned());
    let round = drawn(&t, 4, vec![bank]).await;
    let mut desk = Desk::new(&t, &key, &round);
    let place = places(&t, &round).await.remove(0);
    let pass = pass(&t, &round, &place.receipt).await;
    let until = t.round(&round).await.turn(place.starts_at.unwrap()).until;

    // Begun in the last minute, failed after it: half an hour more, with the same pass.
    t.jump(until - TimeDelta::seconds(30));
    let (_, held) = desk.reserve(&pass).await;
    t.jump(until + TimeDelta::seconds(60));
    assert_eq!(desk.check(&pass).await["status"], "over");
    let (status, failed) = desk.say(held["id"].as_str().unwrap(), "fail").await;
    assert_eq!((status, &failed["state"]), (StatusCode::OK, &json!("failed")));
    let again = failed["pass_until"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(again, t.now() + TimeDelta::minutes(30));
    assert_eq!(desk.check(&pass).await["status"], "valid");

    // The seller's system stands still: nobody says anything, and the place is kept all the same.
    let (status, held) = desk.reserve(&pass).await;
    assert_eq!(status, StatusCode::CREATED);
    t.pass(TimeDelta::minutes(31));
    t.tick().await;
    assert_eq!(account(&t, &round, "").await.1, 0, "nothing is held for ever");
    assert_eq!(desk.check(&pass).await["status"], "valid");
    // The money was taken after all, and somebody says so late: it counts once.
    let (status, done) = desk.say(held["id"].as_str().unwrap(), "redeem").await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("redeemed")), "{done}");
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, 0, place.amount));
    let mut told: Vec<String> =
        store::webhook::list(t.db(), "bank").await.unwrap().into_iter().map(|m| m.kind).collect();
    told.sort();
    assert_eq!(told, ["pass.extended", "pass.extended", "reservation.expired", "reservation.redeemed"]);
    assert!(webhook::Entity::find().all(t.db()).await.unwrap().iter().all(|row| row.state == "planned"));
}

/// Many buyers at once, in any order, with amounts for which there is not enough in the ledger.
async fn no_order_of_events_gives_out_more_than_there_is(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let bank = Seller { stock: Some(9), ..at_level("bank", 3) };
    let round = drawn(&t, 16, vec![bank]).await;
    t.jump(kst(DAY) + TimeDelta::hours(10));
    let opened = t.round(&round).await;
    let places = places(&t, &round).await;
    let txn = t.app.db.begin().await.unwrap();
    sale::open_ledger(&txn, &opened).await.unwrap();
    txn.commit().await.unwrap();
    // As if a seller had sold outside of everything: 7 amounts are left for 16 people.
    let left = 7 * places[0].amount;
    t.meddle(&format!("UPDATE ledger SET most = {left} WHERE scope = ''")).await;
    let mut passes = Vec::new();
    for place in &places {
        passes.push(pass(&t, &round, &place.receipt).await);
    }
    let mut buyers = tokio::task::JoinSet::new();
    for buyer in 0..48_usize {
        let (app, opened, token) = (t.app.clone(), opened.clone(), passes[buyer % 16].clone());
        buyers.spawn(async move {
            let terms = opened.sellers[0].clone();
            let now = app.clock.now();
            for _ in 0..6 {
                let asked = Asked { token: &token, amount: None, hold_seconds: 600, reference: "" };
                let txn = app.db.begin().await.unwrap();
                let Ok(row) = sale::reserve::reserve(&app, &txn, &opened, &terms, &asked, now).await else {
                    continue;
                };
                txn.commit().await.unwrap();
                let txn = app.db.begin().await.unwrap();
                // Most pay: or seven who never settle would now and then take all that there is.
                let done = match random_below(8) {
                    0..=4 => settle::redeem(&app, &txn, &opened, &terms, &row.id, now).await.is_ok(),
                    5 => settle::release(&txn, &opened, &terms, &row.id, now).await.is_ok(),
                    6 => settle::fail(&app, &txn, &opened, &terms, &row.id, now).await.is_ok(),
                    _ => false,
                };
                if done {
                    txn.commit().await.unwrap();
                }
            }
        });
    }
    while let Some(done) = buyers.join_next().await {
        done.unwrap();
    }
    // The counters say what the rows say, and neither more than there is.
    let (most, held, redeemed) = account(&t, &round, "").await;
    let live = reservation::list_live(t.db(), round.id).await.unwrap();
    let bought = store::bought::list_all(t.db(), round.id).await.unwrap();
    assert_eq!(held, live.iter().map(|row| row.amount).sum::<i64>());
    assert_eq!(redeemed, bought.iter().map(|row| row.amount).sum::<i64>());
    assert!(held + redeemed <= most && redeemed > 0, "{held} + {redeemed} of {most}");
    let (stock, held_people, sold) = account(&t, &round, "bank").await;
    assert_eq!((held_people, sold), (live.len() as i64, bought.len() as i64));
    assert!(held_people + sold <= stock);
    let once: BTreeSet<&str> = bought.iter().map(|row| row.receipt.as_str()).collect();
    assert_eq!(once.len(), bought.len());
    assert!(live.iter().all(|row| !once.contains(row.receipt.as_str())));
    // And whatever we might do wrong, the table refuses it.
    for wrong in ["held = most - redeemed + 1", "redeemed = most + 1", "held = -1", "most = 0"] {
        let txn = t.app.db.begin().await.unwrap();
        let statement = format!("UPDATE ledger SET {wrong} WHERE scope = ''");
        let refused = txn.execute_unprepared(&statement).await;
        assert!(refused.is_err(), "{wrong} was taken");
    }
}

/// A payment failed, then the seller stood still, and staff say so: nobody loses a place to both.
async fn time_that_stands_still_holds_what_was_held_for_longer(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let round = drawn(&t, 4, vec![at_level("bank", 3)]).await;
    let mut desk = Desk::new(&t, &key, &round);
    let place = places(&t, &round).await.remove(0);
    let pass = pass(&t, &round, &place.receipt).await;
    let until = t.round(&round).await.turn(place.starts_at.unwrap()).until;
    t.jump(until - TimeDelta::seconds(30));
    let (_, held) = desk.reserve(&pass).await;
    t.jump(until + TimeDelta::minutes(5));
    let (_, failed) = desk.say(held["id"].as_str().unwrap(), "fail").await;
    let longer = failed["pass_until"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(longer, until + TimeDelta::minutes(35));
    let stopped_at = until + TimeDelta::minutes(10);
    t.jump(longer + TimeDelta::minutes(60));
    assert_eq!(desk.check(&pass).await["status"], "over");
    let row = t.row(&round).await;
    let staff = Staff::new("a clerk", "an approver");
    let shifting = shift::shifting(&t.app, &row, stopped_at, 2 * 3_600, "은행이 멈췄습니다.").await.unwrap();
    shift::shift(&t.app, &row, shifting, &staff, t.now()).await.unwrap();
    let found = desk.check(&pass).await;
    assert_eq!(found["status"], "valid");
    let longer = longer + TimeDelta::hours(2);
    assert_eq!(found["until"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), longer);
    t.jump(longer);
    assert_eq!(desk.check(&pass).await["status"], "over");
}

/// A list from another seller comes while somebody is paying: one of the two counts, never both.
async fn what_is_being_paid_is_not_overtaken(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let round = drawn(&t, 4, vec![at_level("bank", 3), at_level("desk", 0)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(10));
    let places = places(&t, &round).await;
    let mut desk = Desk::new(&t, &key, &round);
    let (_, held) = desk.reserve(&pass(&t, &round, &places[0].receipt).await).await;
    let lines: Vec<String> = places[..2]
        .iter()
        .map(|place| format!("{},{},{}\n", place.receipt, t.now().to_rfc3339(), place.amount))
        .collect();
    let report = bought(&t.app, &round, lines.concat().as_bytes(), "desk.csv", None, t.now()).await.unwrap();
    assert_eq!((report.kept, report.refused.len()), (1, 1), "{report:?}");
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, places[0].amount, places[1].amount));
    let (status, done) = desk.say(held["id"].as_str().unwrap(), "release").await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("released")));
    let report = bought(&t.app, &round, lines.concat().as_bytes(), "desk.csv", None, t.now()).await.unwrap();
    assert_eq!((report.kept, report.known), (1, 1), "{report:?}");
    // And who bought at the desk does not buy at the bank, whatever the bank holds.
    let (_, problem) = desk.reserve(&pass(&t, &round, &places[0].receipt).await).await;
    assert_eq!(problem["type"], "urn:jebi:problem:redeemed");
    let sum = places[0].amount + places[1].amount;
    assert_eq!(account(&t, &round, "").await, (1_250_000_000, 0, sum));
}
