//! Requests that may come twice: the `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header). What a key
//! did is kept in the transaction that did it, so that a repetition meets the answer or nothing, never half. What was
//! refused is not kept: it changed nothing, and may be allowed by then.

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use sea_orm::{DatabaseTransaction, SqlErr};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    answer::{Failed, Problem, json, text},
    caller::Caller,
};
use crate::{app::App, lifecycle::sale::SaleError, store::handover};

/// The key of a request, and what was asked.
pub struct Once {
    key: String,
    asked: String,
}

impl FromRequestParts<App> for Once {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failed> {
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        // The draft's form is a quoted string; many send it plain.
        let key = key.map(|key| key.strip_prefix('"').unwrap_or(key));
        let key = key.map(|key| key.strip_suffix('"').unwrap_or(key).to_owned());
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-');
        let plain = |key: &String| (1..=128).contains(&key.len()) && key.bytes().all(is_plain);
        let key = key.filter(plain).ok_or_else(|| {
            Problem::malformed("`Idempotency-Key` is missing: a value of your own for each new request, 1 to 128 of A-Z a-z 0-9 . _ : -")
        })?;
        Ok(Self { key, asked: format!("{} {}", parts.method, parts.uri.path()) })
    }
}

impl Once {
    /// Does `work` once for this key, and answers alike however often it is asked.
    ///
    /// # Errors
    /// What `work` was refused for, or what went wrong.
    pub async fn answer<T: Serialize>(
        self,
        caller: &Caller,
        body: &[u8],
        status: u16,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, SaleError>,
    ) -> Result<Response, Failed> {
        let seller = &caller.terms.name;
        let digest = Sha256::new().chain_update(&self.asked).chain_update([0]).chain_update(body).finalize();
        let fingerprint = public_audit::hex::encode(&digest);
        if let Some(kept) = handover::find_answer(caller.app.db.read(), seller, &self.key).await? {
            return again(kept, &fingerprint);
        }
        let txn = caller.app.db.begin().await?;
        match handover::begin_answer(&txn, seller, &self.key, &fingerprint, caller.now).await {
            Ok(()) => {}
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                // The same request, a moment ago.
                drop(txn);
                let kept = handover::find_answer(caller.app.db.read(), seller, &self.key).await?;
                return again(
                    kept.ok_or_else(|| Failed::internal("an answer was kept and is gone"))?,
                    &fingerprint,
                );
            }
            Err(error) => return Err(error.into()),
        }
        let body = text(&work(&txn).await?);
        handover::keep_answer(&txn, seller, &self.key, status, &body).await?;
        txn.commit().await?;
        Ok(json(status, body))
    }
}

fn again(kept: entities::idempotency::Model, fingerprint: &str) -> Result<Response, Failed> {
    if kept.fingerprint != fingerprint {
        return Err(Problem::key_reused().into());
    }
    Ok(json(u16::try_from(kept.status).unwrap_or(200), kept.body))
}
