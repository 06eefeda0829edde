//! Asking drand relays for a pulse. They may be slow, wrong, hostile or away: the first whose
//! signature is right is believed, and none of them has to be trusted.

use std::time::Duration;

use futures_util::{StreamExt, stream::FuturesUnordered};
use public_audit::{record::Pulse, rules::Beacon};
use serde::Deserialize;

use crate::lifecycle::pulse::believe;

/// Patience with one relay.
const PATIENCE: Duration = Duration::from_secs(5);
/// A pulse is some 300 bytes; nobody needs to send us more than this.
const MOST: usize = 64 * 1024;

/// The part of a relay's answer that matters (drand HTTP API, `/{chain}/public/{round}`).
#[derive(Deserialize)]
struct Answer {
    signature: String,
}

/// Asks all relays at once for the pulse the rules name.
///
/// # Errors
/// What each relay said instead, in one sentence.
pub async fn ask(relays: &[String], named: &Beacon) -> Result<Pulse, String> {
    let Beacon::Drand { chain_hash, round, .. } = named else {
        return believe(named, "").map_err(|error| error.to_string());
    };
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())?;
    let mut asked: FuturesUnordered<_> = relays
        .iter()
        .map(|relay| {
            let url = format!("{}/{chain_hash}/public/{round}", relay.trim_end_matches('/'));
            let client = client.clone();
            async move { one(&client, &url, named).await.map_err(|error| format!("{relay}: {error}")) }
        })
        .collect();
    let mut refusals = Vec::new();
    while let Some(answer) = asked.next().await {
        match answer {
            Ok(pulse) => return Ok(pulse),
            Err(refusal) => refusals.push(refusal),
        }
    }
    Err(refusals.join("; "))
}

async fn one(client: &reqwest::Client, url: &str, named: &Beacon) -> Result<Pulse, String> {
    let response = client.get(url).send().await.map_err(|error| error.without_url().to_string())?;
    if !response.status().is_success() {
        return Err(response.status().to_string());
    }
    let mut body = Vec::new();
    let mut response = response;
    while let Some(some) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
        body.extend_from_slice(&some);
        if body.len() > MOST {
            return Err("an answer far too long for a pulse".to_owned());
        }
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| "not a pulse".to_owned())?;
    believe(named, &answer.signature).map_err(|error| error.to_string())
}
