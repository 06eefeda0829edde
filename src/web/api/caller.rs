//! Who asks: a seller with a key, in a round that has agreed something with it.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use super::answer::{Failed, Problem};
use crate::{
    app::{App, Round},
    domain::draft::Terms,
    lifecycle::sale::SELLER_KEY,
    store,
};

/// However slow a seller is planned to be, so many requests a minute are not too many.
const LEAST: u32 = 600;
/// For each person the plan expects: a check, a reservation, its end, and as many again.
const FOR_EACH: u32 = 10;

/// A seller, at one instant.
pub struct Caller {
    /// The service.
    pub app: App,
    /// The one instant this request happens at.
    pub now: DateTime<Utc>,
    /// The round of the address.
    pub round: Arc<Round>,
    /// What it agreed with the seller.
    pub terms: Terms,
}

impl Caller {
    /// Whether the round agreed so much.
    ///
    /// # Errors
    /// The problem to answer with.
    pub fn at_least(&self, level: u8) -> Result<(), Failed> {
        if self.terms.level >= level { Ok(()) } else { Err(Problem::level(level).into()) }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let now = app.clock.now();
        let key = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = key.and_then(|value| value.strip_prefix("Bearer "));
        let key = key.filter(|key| key.len() <= 256).ok_or_else(Problem::unauthorized)?;
        let seller = store::seller::find_by_key(app.db.read(), &app.keys.digest(SELLER_KEY, key)).await?;
        let seller = seller.ok_or_else(Problem::unauthorized)?;
        // Only the first part of the address is needed here; an address may have more.
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let Path(path) = path.map_err(|_| Problem::not_found())?;
        let slug =
            path.into_iter().find(|(name, _)| name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let round = app.rounds.find(&slug).await?.ok_or_else(Problem::not_found)?;
        // A seller does not learn of rounds in which it has no part.
        let terms = round.sellers.iter().find(|terms| terms.name == seller).cloned();
        let terms = terms.ok_or_else(Problem::not_found)?;
        let most = terms.per_minute.saturating_mul(FOR_EACH).max(LEAST);
        app.callers.may_ask(&seller, most, now).map_err(Problem::too_often)?;
        Ok(Self { app: app.clone(), now, round, terms })
    }
}

/// A body: its bytes, for the fingerprint, and what they say.
pub struct Json<T>(pub Bytes, pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = kind.is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(Problem::media().into());
        }
        let bytes = bytes(request, app).await?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Self(bytes, value)),
            Err(error) if error.is_data() => Err(Problem::invalid(error.to_string()).into()),
            Err(error) => Err(Problem::malformed(error.to_string()).into()),
        }
    }
}

/// No body: whatever comes along is only counted.
pub struct Nothing;

impl FromRequest<App> for Nothing {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        bytes(request, app).await.map(|_| Self)
    }
}

async fn bytes(request: Request, app: &App) -> Result<Bytes, Failed> {
    Bytes::from_request(request, app).await.map_err(|rejection: BytesRejection| {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            _ => Problem::malformed("the body ended early"),
        }
        .into()
    })
}
