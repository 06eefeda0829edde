//! Buying: whoever comes with a pass is let in or not, and then their pass is reserved and paid for.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Book, Shared, says};
use crate::drill::trouble::IDENTITY_DOWN;

/// Within so long the same pass is shown by the same tap of a finger; whoever is refused comes again later than that.
const ONCE: TimeDelta = TimeDelta::minutes(1);

#[derive(Deserialize)]
struct Held {
    id: String,
    receipt: String,
    amount: u64,
}

pub(super) async fn buy(State(shared): State<Arc<Shared>>, pass: String) -> StatusCode {
    let says = match shared.sell(&pass).await {
        Ok(says) => says,
        Err(error) => {
            shared.book().refused.push(format!("{error:#}"));
            says::REFUSED
        }
    };
    *shared.book().said.entry(says.as_u16()).or_default() += 1;
    says
}

impl Book {
    /// Whether the identity check answers. Whoever taps twice at once is asked about once.
    fn knows(&mut self, pass: &str, now: DateTime<Utc>) -> bool {
        if let Some((at, answered)) = self.checked.get(pass)
            && now - *at < ONCE
        {
            return *answered;
        }
        let answered = !self.chance.happens(IDENTITY_DOWN);
        self.checked.insert(pass.to_owned(), (now, answered));
        answered
    }
}

impl Shared {
    /// Takes somebody who comes with a pass, or says why not.
    async fn sell(&self, pass: &str) -> anyhow::Result<StatusCode> {
        let now = self.clock.now();
        let bank_is_full = match self.let_in(pass, now) {
            Ok(bank_is_full) => bank_is_full,
            Err(says) => return Ok(says),
        };
        let (status, held) = self.ask(Method::POST, "reservations", Some(json!({ "pass": pass }))).await?;
        if status != StatusCode::CREATED {
            return match held["type"].as_str().unwrap_or_default().trim_start_matches("urn:jebi:problem:") {
                "redeemed" | "held" => Ok(says::ALREADY),
                "not_yet" => Ok(says::NOT_YET),
                "busy" | "too_often" => Ok(says::BUSY),
                _ => anyhow::bail!("{status}: {held}"),
            };
        }
        let held: Held = serde_json::from_value(held)?;
        let what = if bank_is_full { "fail" } else { "redeem" };
        let (status, done) =
            self.ask(Method::POST, &format!("reservations/{}/{what}", held.id), None).await?;
        anyhow::ensure!(status == StatusCode::OK, "{what}: {status}: {done}");
        if bank_is_full {
            return Ok(says::BANK);
        }
        self.book().bought.insert(held.receipt, held.amount);
        Ok(says::BOUGHT)
    }

    /// Whether there is room for one more, and their identity is known; then whether the bank takes nothing now.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds")]
    fn let_in(&self, pass: &str, now: DateTime<Utc>) -> Result<bool, StatusCode> {
        let mut book = self.book();
        // Whoever comes is load, whatever comes of it.
        book.came.push(now.timestamp());
        let number = ((now.timestamp() + 9 * 3_600) as f64 / self.window).floor() as i64;
        let here = book.windows.entry(number).or_default();
        *here += 1.0;
        if *here > self.room {
            return Err(says::BUSY);
        }
        // Who comes while the bank takes nothing meets that for certain.
        let bank_is_full = book.bank.is_some_and(|(from, to)| (from..to).contains(&now));
        if !bank_is_full && !book.knows(pass, now) {
            return Err(says::IDENTITY);
        }
        Ok(bank_is_full)
    }
}
