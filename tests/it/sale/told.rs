//! Telling sellers: one that does not answer keeps nobody but itself waiting.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::post};
use chrono::TimeDelta;
use entities::{round, webhook};
use jebi::{domain::draft::Seller, jobs::Teller, store};
use tokio::{net::TcpListener, sync::mpsc};

use super::{at_level, drawn, seller};
use crate::support::{Engine, TestApp, both};

both!(a_seller_that_hangs_keeps_no_other_waiting, what_is_due_to_one_waits_for_no_other);

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

fn one(t: &TestApp, round: &round::Model, name: &str, age: TimeDelta) -> webhook::Model {
    webhook::Model {
        id: String::new(),
        round_id: round.id,
        seller: name.to_owned(),
        kind: "pass.extended".to_owned(),
        body: "{}".to_owned(),
        state: store::webhook::PLANNED.to_owned(),
        tries: 0,
        made_at: t.now(),
        due_at: t.now() - age,
        said: String::new(),
    }
}

/// So much a seller should have been told for so long.
async fn due(t: &TestApp, round: &round::Model, name: &str, count: u64, age: TimeDelta) {
    for number in 0..count {
        let row = webhook::Model { id: format!("msg_{name}{number}"), ..one(t, round, name, age) };
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

/// While one is told that takes its time, what becomes due to another is told at once, and nobody is told twice for it.
async fn what_is_due_to_one_waits_for_no_other(engine: Engine) {
    let t = TestApp::start(engine).await;
    let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs_at = hangs.local_addr().unwrap();
    let (taken, mut takes) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok(one) = hangs.accept().await {
            taken.send(one).unwrap();
        }
    });
    let (desk, mut at_desk) = listens().await;
    for name in ["bank", "desk"] {
        seller(&t, name).await;
    }
    let round = drawn(&t, 2, vec![told_at("bank", hangs_at), told_at("desk", desk)]).await;
    // Fewer than one seller is told at once: so many connections come, and then none until it is told again.
    due(&t, &round, "bank", 3, TimeDelta::minutes(1)).await;
    let teller = std::sync::Arc::new(Teller::new());
    let (app, slow) = (t.app.clone(), teller.clone());
    let slow = tokio::spawn(async move { slow.tell_due(&app).await });
    // The slow one has been asked, and says nothing.
    let mut held = Vec::new();
    for number in 0..3 {
        let one = tokio::time::timeout(Duration::from_secs(8), takes.recv()).await;
        held.push(one.unwrap_or_else(|_| panic!("asked {number} times only")).unwrap());
    }
    for number in 0..3 {
        let row =
            webhook::Model { id: format!("msg_late{number}"), ..one(&t, &round, "desk", TimeDelta::zero()) };
        store::webhook::insert(t.db(), row).await.unwrap();
        assert_eq!(teller.tell_due(&t.app).await, 1, "it waits for the slow one, or was told by it");
        assert!(at_desk.try_recv().is_ok());
    }
    assert!(!slow.is_finished(), "the other does not hang");
    slow.abort();
    // Given up, it is not held for ever: its turn ended with it.
    let _ = slow.await;
    assert!(takes.try_recv().is_err(), "it was asked more often than it was told");
    t.pass(TimeDelta::minutes(2));
    let again = tokio::time::timeout(Duration::from_secs(8), async {
        tokio::select! {
            // To find nobody to tell takes no time at all, to tell one that hangs takes longer than is waited for here.
            _ = teller.tell_due(&t.app) => false,
            one = takes.recv() => one.is_some(),
        }
    });
    assert!(again.await.unwrap_or_default(), "nobody tells it any more");
}
