//! Telling sellers: one that does not answer keeps nobody but itself waiting.

use std::time::Duration;

use axum::{Router, routing::post};
use chrono::TimeDelta;
use entities::webhook;
use jebi::{domain::draft::Seller, jobs::Teller, store};
use tokio::{net::TcpListener, sync::mpsc};

use super::{at_level, drawn, seller};
use crate::support::{Engine, TestApp, both};

both!(a_seller_that_hangs_keeps_no_other_waiting);

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
    let (heard, mut hears) = mpsc::unbounded_channel();
    let listens = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listens_at = listens.local_addr().unwrap();
    let site = Router::new().route(
        "/",
        post(move || {
            let heard = heard.clone();
            async move { heard.send(()).unwrap() }
        }),
    );
    tokio::spawn(async move { axum::serve(listens, site).await });
    let told_at = |name: &str, at| Seller { webhook: Some(format!("http://{at}/")), ..at_level(name, 3) };
    for name in ["bank", "desk"] {
        seller(&t, name).await;
    }
    let round = drawn(&t, 2, vec![told_at("bank", hangs_at), told_at("desk", listens_at)]).await;
    // Of the one that hangs there is more, and it is older.
    for (name, count, age) in [("bank", 40, 60), ("desk", 12, 0)] {
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
                due_at: t.now() - TimeDelta::seconds(age),
                said: String::new(),
            };
            store::webhook::insert(t.db(), row).await.unwrap();
        }
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
