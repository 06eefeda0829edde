//! Passes, reservations and the ledger: nobody before their second, nobody twice, never more than there is, and
//! nobody lost to a payment that failed.

mod api;
mod buying;
mod doors;
mod fault;
mod lists;
mod pause;
mod told;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{DateTime, Utc};
use entities::{assignment, round};
use jebi::{
    domain::draft::Seller,
    lifecycle::sale::{self, Right, SELLER_KEY},
    secret::random_id,
    store::{self, ledger},
};
use serde_json::{Value, json};

use crate::support::{Browser, Resident, TestApp};

/// When the day of purchase begins.
pub const DAY: &str = "2026-11-28 09:00";

/// A seller at a level, with a key.
pub async fn seller(t: &TestApp, name: &str) -> String {
    let txn = t.app.db.begin().await.unwrap();
    let secret = t.app.keys.people().seal(jebi::lifecycle::sale::WEBHOOK_SECRET, &"whsec_c2VjcmV0");
    store::seller::insert(&txn, name, secret, t.now()).await.unwrap();
    let key = format!("jebi_{}", random_id());
    store::seller::insert_key(&txn, name, t.app.keys.digest(SELLER_KEY, &key), t.now()).await.unwrap();
    txn.commit().await.unwrap();
    key
}

pub fn at_level(name: &str, level: u8) -> Seller {
    let url = (level == 1).then(|| "http://127.0.0.1:9/buy".to_owned());
    Seller { name: name.to_owned(), per_minute: 600, level, url, ..Seller::default() }
}

/// A drawn round of the given sellers whose results are out.
pub async fn drawn(t: &TestApp, residents: u32, sellers: Vec<Seller>) -> round::Model {
    let mut draft = t.draft(residents);
    draft.seller = sellers;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, residents as usize).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.row(&round).await
}

/// Residents of a drawn round of this seller, and the second from which the last of them may buy.
pub async fn drawn_crowd(
    t: &TestApp,
    seller: Seller,
    count: usize,
) -> (round::Model, Vec<Resident>, DateTime<Utc>) {
    let mut draft = t.draft(10);
    draft.seller = vec![seller];
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let crowd = t.crowd(&round.slug, count).await;
    t.draw(&round).await;
    let begins = places(t, &round).await.into_iter().filter_map(|place| place.starts_at).max().unwrap();
    (round, crowd, begins)
}

pub async fn places(t: &TestApp, round: &round::Model) -> Vec<assignment::Model> {
    store::assignment::list_by_rank(t.db(), round.id).await.unwrap()
}

/// The pass of an entry as its page would show it.
pub async fn pass(t: &TestApp, round: &round::Model, receipt: &str) -> String {
    let round = t.round(round).await;
    let right = Right::find(t.db(), &round, receipt).await.unwrap().unwrap();
    let shown = sale::pass::shown(&t.app, &round, receipt, right.people, right.window().unwrap(), t.now());
    shown.0.clone()
}

/// A seller's system at the API.
#[derive(Clone)]
pub struct Desk {
    browser: Browser,
    key: String,
    slug: String,
}

impl Desk {
    pub fn new(t: &TestApp, key: &str, round: &round::Model) -> Self {
        Self { browser: t.browser(), key: key.to_owned(), slug: round.slug.clone() }
    }

    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        once: Option<&str>,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request =
            Request::builder().method(method).uri(format!("/api/v1/rounds/{}/{path}", self.slug));
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        if let Some(once) = once {
            request = request.header("idempotency-key", once);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let page = self.browser.send(request.body(body).unwrap()).await;
        let value = serde_json::from_slice(&page.bytes).unwrap_or(Value::Null);
        if !page.status.is_success() {
            assert_eq!(page.header(header::CONTENT_TYPE), "application/problem+json", "{value}");
            assert!(value["next"].as_str().is_some_and(|next| !next.is_empty()), "{value}");
        }
        (page.status, value)
    }

    /// An answer that is no JSON.
    pub async fn text(&mut self, method: Method, path: &str) -> String {
        let request = Request::builder().method(method).uri(format!("/api/v1/rounds/{}/{path}", self.slug));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        let page = self.browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
        String::from_utf8(page.bytes).unwrap()
    }

    pub async fn check(&mut self, pass: &str) -> Value {
        self.ask(Method::POST, "passes/check", None, Some(json!({ "pass": pass }))).await.1
    }

    pub async fn reserve(&mut self, pass: &str) -> (StatusCode, Value) {
        self.ask(Method::POST, "reservations", Some(&random_id()), Some(json!({ "pass": pass }))).await
    }

    pub async fn say(&mut self, id: &str, what: &str) -> (StatusCode, Value) {
        self.ask(Method::POST, &format!("reservations/{id}/{what}"), Some(&random_id()), None).await
    }
}

pub async fn account(t: &TestApp, round: &round::Model, scope: &str) -> (i64, i64, i64) {
    let row = ledger::find(t.db(), round.id, scope).await.unwrap().unwrap();
    (row.most, row.held, row.redeemed)
}
