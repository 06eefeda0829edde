//! Asking our pass API over HTTP, until it answers.

use axum::http::StatusCode;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::Value;

use super::Shared;
use crate::{clock::Clock, drill::running::AGAIN, secret::random_id};

impl Shared {
    /// Asks until somebody answers and has time for it, each time with the same key, as docs/sellers.md says: what was done
    /// is not done twice.
    pub(super) async fn ask(
        &self,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let once = random_id();
        for _ in 0..AGAIN.0 {
            match self.ask_once(method.clone(), what, body.as_ref(), &once).await {
                Ok((status, answer)) if status != StatusCode::SERVICE_UNAVAILABLE => {
                    return Ok((status, serde_json::from_slice(&answer)?));
                }
                _ => Clock::pause(AGAIN.1).await,
            }
        }
        anyhow::bail!("{what}: the service did not come back")
    }

    async fn ask_once(
        &self,
        method: Method,
        what: &str,
        body: Option<&Value>,
        once: &str,
    ) -> reqwest::Result<(StatusCode, Vec<u8>)> {
        let (slug, key) = {
            let book = self.book();
            (book.slug.clone(), book.key.clone())
        };
        let url = format!("{}/api/v1/rounds/{slug}/{what}", self.site);
        let mut request = self.client.request(method, url).bearer_auth(key);
        request = request.header("Idempotency-Key", once);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        Ok((response.status(), response.bytes().await?.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, http::HeaderMap};
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::{
        domain::chance::Chance,
        drill::{seller::Seller, stand_in::StandIn},
    };

    #[tokio::test]
    async fn who_is_told_to_come_back_asks_again_with_the_same_key() {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let busy_once = {
            let keys = keys.clone();
            move |headers: HeaderMap| async move {
                let mut keys = keys.lock().unwrap();
                keys.push(headers["idempotency-key"].to_str().unwrap().to_owned());
                match keys.len() {
                    1 => (StatusCode::SERVICE_UNAVAILABLE, "no document"),
                    _ => (StatusCode::OK, "{}"),
                }
            }
        };
        let service = StandIn::start("the service", Router::new().fallback(busy_once)).await.unwrap();
        let site: Arc<str> = format!("http://{}", service.address).into();
        let client = crate::stage::Resident::client().unwrap();
        let clock = Clock::set(DateTime::UNIX_EPOCH, 0);
        let seller = Seller::start(clock, (10.0, 1.0), client, site, Chance(1)).await.unwrap();
        let answered = seller.shared.ask(Method::POST, "reservations", None).await.unwrap();
        assert_eq!(answered, (StatusCode::OK, json!({})));
        let keys = keys.lock().unwrap();
        assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
    }
}
