//! Telling sellers' systems, as Standard Webhooks say (<https://www.standardwebhooks.com>): signed, the same id at
//! every try, until they have said that they know.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use entities::webhook::Model;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use sea_orm::DbErr;
use sha2::Sha256;

use crate::{
    app::App,
    clock,
    lifecycle::sale::WEBHOOK_SECRET,
    secret::random_below,
    store::{
        self,
        webhook::{DELIVERED, GIVEN_UP, PLANNED},
    },
};

/// Patience with one request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Whoever took one and has not settled it by then is gone.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// How much each seller is told at once. One that does not answer keeps nobody but itself waiting.
const BATCH: u64 = 5;
/// How long after each failure it is tried again; three days in all.
const AGAIN: [i64; 9] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000];

/// Tells sellers.
pub struct Teller {
    client: Option<Client>,
    /// Who is being told right now. Whoever looks meanwhile leaves them to it, and waits for none of them.
    being_told: Mutex<HashSet<String>>,
}

/// One seller, for as long as it is told.
struct Turn<'t> {
    teller: &'t Teller,
    seller: String,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.teller.being_told().remove(&self.seller);
    }
}

impl Default for Teller {
    fn default() -> Self {
        Self::new()
    }
}

impl Teller {
    /// Somebody who follows nobody elsewhere: where a seller is told stands in the round.
    pub fn new() -> Self {
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().ok();
        Self { client, being_told: Mutex::default() }
    }

    fn being_told(&self) -> MutexGuard<'_, HashSet<String>> {
        self.being_told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seller, unless it is being told already.
    fn take(&self, seller: String) -> Option<Turn<'_>> {
        let is_free = self.being_told().insert(seller.clone());
        // Made only if it is free: what is not taken must not be let go of.
        is_free.then(|| Turn { teller: self, seller })
    }

    /// Tells every seller what is due to it, as long as it listens; but for those that are being told already. Returns how
    /// many know now. It ends when the slowest has answered: whoever must not wait for that calls it once more meanwhile.
    pub async fn tell_due(&self, app: &App) -> usize {
        let now = app.clock.now();
        match self.told(app, now).await {
            Ok(count) => count,
            Err(error) => {
                if app.complaints.may("webhooks", now) {
                    tracing::error!(%error, "sellers are not told, will be tried again");
                }
                0
            }
        }
    }

    async fn told(&self, app: &App, now: DateTime<Utc>) -> Result<usize, DbErr> {
        let sellers = store::webhook::list_due_sellers(app.db.read(), now).await?;
        let turns: Vec<Turn<'_>> = sellers.into_iter().filter_map(|seller| self.take(seller)).collect();
        let mut know = 0;
        for told in join_all(turns.into_iter().map(|turn| self.told_one(app, turn))).await {
            know += told?;
        }
        Ok(know)
    }

    /// Tells one seller, as long as it listens.
    async fn told_one(&self, app: &App, turn: Turn<'_>) -> Result<usize, DbErr> {
        let mut all = 0;
        loop {
            let (tried, know) = self.told_some(app, &turn.seller).await?;
            all += know;
            if tried == 0 || know < tried {
                return Ok(all);
            }
        }
    }

    /// Some of what is due to one seller: how much was tried, and how much of it is known now.
    async fn told_some(&self, app: &App, seller: &str) -> Result<(usize, usize), DbErr> {
        let now = app.clock.now();
        let due = store::webhook::list_due(app.db.read(), seller, now, BATCH).await?;
        let mut mine = Vec::new();
        for row in due {
            let txn = app.db.begin().await?;
            if store::webhook::claim(&txn, &row, now + CLAIM).await? {
                txn.commit().await?;
                mine.push(Model { tries: row.tries + 1, ..row });
            }
        }
        let told = join_all(mine.iter().map(|row| self.tell(app, row))).await;
        let mut know = 0;
        for (row, said) in mine.iter().zip(told) {
            let now = app.clock.now();
            let (state, due_at, said) = match said {
                Ok(()) => (DELIVERED, now, String::new()),
                Err((said, true)) => (GIVEN_UP, now, said),
                Err((said, false)) => match again(row.tries, now) {
                    Some(due_at) => (PLANNED, due_at, said),
                    None => (GIVEN_UP, now, said),
                },
            };
            let txn = app.db.begin().await?;
            store::webhook::settle(&txn, &row.id, row.tries, state, due_at, &said).await?;
            txn.commit().await?;
            know += usize::from(state == DELIVERED);
            if state == GIVEN_UP {
                tracing::warn!(seller = row.seller, kind = row.kind, said, "a seller was not told");
            }
        }
        Ok((mine.len(), know))
    }

    /// One request. What went wrong, and whether the seller wants no more.
    async fn tell(&self, app: &App, row: &Model) -> Result<(), (String, bool)> {
        let later = |said: String| (said, false);
        let rounds = app.rounds.list().await.map_err(|error| later(error.to_string()))?;
        let round = rounds.iter().find(|round| round.row.id == row.round_id);
        let terms = round.and_then(|round| round.sellers.iter().find(|terms| terms.name == row.seller));
        let url = terms.and_then(|terms| terms.webhook.clone());
        let url = url.ok_or_else(|| ("the round names no address".to_owned(), true))?;
        let seller = store::seller::find(app.db.read(), &row.seller).await;
        let seller = seller.map_err(|error| later(error.to_string()))?;
        let secret: Option<String> =
            seller.and_then(|seller| app.keys.people().open(WEBHOOK_SECRET, &seller.webhook_secret_sealed));
        let secret = secret.ok_or_else(|| later("the seller has no secret".to_owned()))?;
        let client = self.client.as_ref().ok_or_else(|| later("no client".to_owned()))?;
        // The seller's clock is that of the world, also where ours is a rehearsal's.
        let at = clock::wall().timestamp();
        let signed = signature(&secret, &row.id, at, &row.body);
        let signed = signed.ok_or_else(|| later("the seller's secret is not base64".to_owned()))?;
        let request = client
            .post(&url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &row.id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signed)
            .body(row.body.clone());
        let answer = request.send().await.map_err(|error| later(error.without_url().to_string()))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(("410 Gone".to_owned(), true)),
            status => Err(later(status.to_string())),
        }
    }
}

/// When it is tried again after so many tries; `None`: no more.
fn again(tries: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let seconds = *AGAIN.get(usize::try_from(tries - 1).ok()?)?;
    // A tenth more or less: not all of them at once when a system is back.
    let tenth = random_below(u64::try_from(seconds / 10 + 1).unwrap_or(1));
    Some(now + TimeDelta::seconds(seconds + i64::try_from(tenth).unwrap_or(0)))
}

/// `v1,` and the HMAC of id, time and body under the secret; `None` if that is none: an empty key signs for anybody.
fn signature(secret: &str, id: &str, at: i64, body: &str) -> Option<String> {
    let key =
        BASE64_STANDARD.decode(secret.trim_start_matches("whsec_")).ok().filter(|key| !key.is_empty())?;
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    let mac = mac.chain_update(format!("{id}.{at}.{body}")).finalize().into_bytes();
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // The example of the specification's reference libraries.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(made.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        for none in ["", "whsec_", "whsec_not base64"] {
            assert_eq!(signature(none, "msg_1", 0, "{}"), None, "{none:?} signs");
        }
    }

    #[test]
    fn it_is_tried_for_days_and_not_for_ever() {
        let now = DateTime::UNIX_EPOCH;
        let waits: Vec<i64> = (1..=9).map(|tries| (again(tries, now).unwrap() - now).num_seconds()).collect();
        assert!(waits.is_sorted() && (5..=6).contains(&waits[0]), "{waits:?}");
        assert_eq!(again(10, now), None);
    }
}
