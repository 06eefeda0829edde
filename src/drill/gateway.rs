//! A stand-in for two SMS vendors on loopback: a Kannel gateway and Twilio, as far as `notify::sms` speaks to them. It
//! takes texts and puts them on the residents' telephones, as far as they are delivered; numbers that nobody has any more it
//! refuses. The first can be killed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{delivery::Delivery, stand_in::StandIn};
use crate::{
    config::{self, Secret},
    domain::draft::Carries,
    stage::post::Phones,
};

/// The running stand-in.
pub struct Gateway {
    shared: Arc<Shared>,
    stand_in: StandIn,
}

struct Shared {
    phones: Arc<Phones>,
    dead: AtomicBool,
    /// How many the first refused.
    refused: AtomicU64,
    /// What the second took, by number: it can be asked.
    kept: Mutex<HashMap<String, Vec<String>>>,
    delivery: Arc<Delivery>,
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Vec<String>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, to: &str, text: String) {
        let arrives = self.delivery.takes(Carries::Texts, to, &text);
        self.phones.insert(to, arrives.then_some(text));
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "To")]
    to: String,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "To")]
    to: String,
    #[serde(rename = "Body")]
    body: String,
}

impl Gateway {
    /// Starts it; what it takes is brought by `delivery`.
    ///
    /// # Errors
    /// What the system said about the port.
    pub async fn start(phones: Arc<Phones>, delivery: Arc<Delivery>) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared {
            phones,
            dead: AtomicBool::new(false),
            refused: AtomicU64::new(0),
            kept: Mutex::default(),
            delivery,
        });
        let site = Router::new()
            .route("/kannel", post(kannel))
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(twilio).get(listed))
            .route("/", get(|| async { "a stand-in" }))
            .with_state(shared.clone());
        Ok(Self { shared, stand_in: StandIn::start("the SMS vendors", site).await? })
    }

    /// `[sms]` for it.
    pub fn config(&self) -> config::Sms {
        let (address, secret) = (self.stand_in.address, || Some(Secret::new("drill")));
        config::Sms {
            from: "0550000000".to_owned(),
            per_second: 5_000,
            timeout_seconds: 10,
            kannel: Some(config::sms::Kannel {
                url: format!("http://{address}/kannel"),
                username: "drill".to_owned(),
                password: secret(),
                priority: 1,
                per_second: 5_000,
                ..Default::default()
            }),
            twilio: Some(config::sms::Twilio {
                url: format!("http://{address}"),
                account: format!("AC{}", "0".repeat(32)),
                token: secret(),
                from: "+82550000000".to_owned(),
                priority: 2,
                per_second: 5_000,
                ..Default::default()
            }),
            ..config::Sms::default()
        }
    }

    /// From now on the first vendor answers as a gateway whose link is down.
    pub fn kill_first(&self) {
        self.shared.dead.store(true, Ordering::Relaxed);
    }

    /// Texts that it has refused since.
    pub fn refused(&self) -> u64 {
        self.shared.refused.load(Ordering::Relaxed)
    }

    /// Ends it.
    pub async fn stop(self) {
        self.stand_in.stop().await;
    }
}

async fn kannel(State(shared): State<Arc<Shared>>, headers: HeaderMap, text: String) -> Response {
    if shared.dead.load(Ordering::Relaxed) {
        shared.refused.fetch_add(1, Ordering::Relaxed);
        return (StatusCode::SERVICE_UNAVAILABLE, "Temporal failure, try again later.").into_response();
    }
    let to = headers.get("x-kannel-to").and_then(|to| to.to_str().ok()).unwrap_or_default();
    let to = match to.strip_prefix('0') {
        Some(korean) => format!("+82{korean}"),
        None => to.to_owned(),
    };
    if shared.delivery.is_gone(&to) {
        return (StatusCode::BAD_REQUEST, "Garbage 'to' field, rejected.").into_response();
    }
    shared.take(&to, text);
    (StatusCode::ACCEPTED, "0: Accepted for delivery").into_response()
}

async fn twilio(State(shared): State<Arc<Shared>>, Form(Message { to, body }): Form<Message>) -> Response {
    if shared.delivery.is_gone(&to) {
        let said = r#"{"code":21211,"message":"Invalid 'To' Phone Number"}"#;
        return (StatusCode::BAD_REQUEST, said).into_response();
    }
    shared.kept().entry(to.clone()).or_default().push(body.clone());
    shared.take(&to, body);
    (StatusCode::CREATED, r#"{"sid":"SM0"}"#).into_response()
}

/// Of whoever got no answer in time, also what was lost on the way to the telephone: the vendor had it.
async fn listed(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> String {
    let kept = shared.kept();
    let messages =
        kept.get(&asked.to).into_iter().flatten().map(|body| json!({ "sid": "SM0", "body": body }));
    json!({ "messages": messages.collect::<Vec<_>>() }).to_string()
}
