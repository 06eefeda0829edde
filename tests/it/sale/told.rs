//! Telling sellers: one that does not answer keeps nobody but itself waiting.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::post};
use chrono::TimeDelta;
use entities::{round, webhook};
use jebi::{domain::draft::Seller, jobs::Teller, store};
use tokio::{net::TcpListener, sync::mpsc};

use super::{at_level, drawn, seller};
use crate::support::{Engine, TestApp, both};

both!(a_seller_that_hangs_keeps_no_other_waiting, a_seller_that_listens_has_its_turn_and_no_more);

/// A seller that hears everything at once, and what it heard.
async fn listens() -> (SocketAddr, mpsc::UnboundedReceiver<()>) {
    let (heard, hears) = mpsc::unbounded_channel();
    let listens = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listens.local_addr().unwrap();
    let site = Router::new().route(
        "/",
        post(move || {
            let heard = heard.clone();
            async move { heard.send(()).unwrap() }
        }),
    );
    tokio::spawn(async move { axum::serve(listens, site).await });
    (at, hears)
}

fn told_at(name: &str, at: SocketAddr) -> Seller {
    Seller { webhook: Some(format!("http://{at}/")), ..at_level(name, 3) }
}

/// So much a seller should have been told for so long.
async fn due(t: &TestApp, round: &round::Model, name: &str, count: u64, age: TimeDelta) {
    for number in 0..count {
        let row = webhook::Model {
            id: format!("msg_{name}{number}"),
            round_id: round.id,
            seller: name.to_owned(),
            kind: "pass.extended".to_owned(),
            body: "{}".to_owned(),
            state: store::webhook::PLANNED.to_owned(),
            tries: 0,
            made_at: t.now(),
            due_at: t.now() - age,
            said: String::new(),
        };
        store::webhook::insert(t.db(), row).await.unwrap();
    }
}

async fn a_seller_that_hangs_keeps_no_other_waiting(engine: Engine) {
    let t = TestApp::start(engine).await;
    // One takes connections and says nothing; the other listens.
    let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs_at = hangs.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok(taken) = hangs.accept().await {
            held.push(taken);
        }
    });
    let (listens_at, mut hears) = listens().await;
    for name in ["bank", "desk"] {
        seller(&t, name).await;
    }
    let round = drawn(&t, 2, vec![told_at("bank", hangs_at), told_at("desk", listens_at)]).await;
    // Of the one that hangs there is more, and it is older.
    for (name, count, age) in [("bank", 40, 60), ("desk", 12, 0)] {
        due(&t, &round, name, count, TimeDelta::seconds(age)).await;
    }
    let app = t.app.clone();
    let telling = tokio::spawn(async move { Teller::new().tell_due(&app).await });
    // Long before anybody loses patience with the other.
    for number in 0..12 {
        let heard = tokio::time::timeout(Duration::from_secs(8), hears.recv()).await;
        assert!(heard.is_ok(), "after {number} nobody told the seller that listens");
    }
    telling.abort();
}

/// It listens, and there is always more: after its turn all are looked at again, so that what has become due to another
/// meanwhile does not wait for the end of it.
async fn a_seller_that_listens_has_its_turn_and_no_more(engine: Engine) {
    let t = TestApp::start(engine).await;
    let ((bank, mut heard), (desk, mut at_desk)) = (listens().await, listens().await);
    for name in ["bank", "desk"] {
        seller(&t, name).await;
    }
    let round = drawn(&t, 2, vec![told_at("bank", bank), told_at("desk", desk)]).await;
    due(&t, &round, "bank", 12, TimeDelta::minutes(1)).await;
    let teller = Teller::taking_turns(TimeDelta::zero());
    assert_eq!(teller.tell_due(&t.app).await, 5);
    due(&t, &round, "desk", 1, TimeDelta::zero()).await;
    assert_eq!(teller.tell_due(&t.app).await, 6);
    assert!(at_desk.try_recv().is_ok(), "the other waits for the end of what there is for the first");
    assert_eq!(teller.tell_due(&t.app).await, 2);
    assert_eq!(teller.tell_due(&t.app).await, 0);
    for number in 0..12 {
        assert!(heard.try_recv().is_ok(), "{number} was told to nobody");
    }
}
