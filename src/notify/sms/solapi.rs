//! SOLAPI (CoolSMS): `messages/v4/send-many/detail`, asked afterwards through `messages/v4/list`.
//!
//! Every request is signed with the time and a salt that counts once. A text bears our reference in
//! `customFields`, by which the answer and every later list are read.

use super::{Found, Limits, Report, SmsVendor, Text, bytes, http, text::korean};
use crate::{clock, config::Secret, notify::outcome::Outcome, secret::random_id};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url, header::AUTHORIZATION};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::{collections::HashMap, fmt, time::Duration};

/// An account at SOLAPI.
#[derive(Clone, Debug)]
pub struct SolapiConfig {
    /// `https://api.solapi.com`.
    pub url: String,
    /// The API key.
    pub key: String,
    /// Its secret.
    pub secret: Secret,
    /// The registered sender number, digits only.
    pub sender: String,
    /// Patience for one request.
    pub timeout: Duration,
}

/// A client of SOLAPI.
pub struct Solapi {
    client: Client,
    url: Url,
    config: SolapiConfig,
}

/// Pages of a list that are read for one look-up.
const PAGES: usize = 10;
/// Pages that are read for reports: some minutes at a hundred texts a second.
const REPORT_PAGES: usize = 400;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(default)]
    failed_message_list: Vec<Line>,
    #[serde(default)]
    message_list: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    message_id: Option<String>,
    #[serde(default)]
    status_code: Option<String>,
    status_message: Option<String>,
    custom_fields: Option<HashMap<String, String>>,
    to: Option<Value>,
    date_received: Option<String>,
    date_reported: Option<String>,
}

impl Line {
    fn is_of(&self, text: &Text) -> bool {
        let reference = self.custom_fields.as_ref().and_then(|fields| fields.get("reference"));
        reference.is_some_and(|reference| *reference == text.reference)
    }
}

/// In won; points are spent like money.
#[derive(Deserialize)]
struct Balance {
    balance: f64,
    #[serde(default)]
    point: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    next_key: Option<String>,
    // An object by message id; an empty one may come as an array.
    message_list: Value,
}

impl List {
    fn lines(&self) -> Vec<Line> {
        let values: Vec<&Value> = match &self.message_list {
            Value::Object(by_id) => by_id.values().collect(),
            Value::Array(all) => all.iter().collect(),
            _ => Vec::new(),
        };
        values.into_iter().filter_map(|value| serde_json::from_value(value.clone()).ok()).collect()
    }
}

impl Solapi {
    /// Checks the configuration; no request is made.
    ///
    /// # Errors
    /// [`http::SetupError`] names the setting.
    pub fn new(config: SolapiConfig) -> Result<Self, http::SetupError> {
        let url = http::address("solapi", "url", &config.url, "/messages/v4/")?;
        if config.key.is_empty() || config.key.contains(|c: char| !c.is_ascii_graphic() || c == ',') {
            return Err(http::SetupError::Setting("solapi", "key"));
        }
        Ok(Self { client: http::client(config.timeout)?, url, config })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_at(method, self.url.join(path).unwrap_or_else(|_| self.url.clone()))
    }

    fn request_at(&self, method: Method, url: Url) -> RequestBuilder {
        let date = clock::wall().to_rfc3339_opts(SecondsFormat::Secs, true);
        let salt = random_id();
        let signature = sign(self.config.secret.expose(), &format!("{date}{salt}"));
        let key = &self.config.key;
        self.client.request(method, url).header(
            AUTHORIZATION,
            format!("HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}"),
        )
    }

    async fn list(&self, query: &[(&str, String)]) -> Result<List, String> {
        let request = self.request(Method::GET, "list").query(query);
        match http::ask(request).await {
            Ok((StatusCode::OK, answer)) => {
                serde_json::from_str(&answer).map_err(|_| "the list cannot be read".to_owned())
            }
            Ok((status, answer)) => Err(http::said(status, &answer)),
            Err(outcome) => Err(outcome.to_string()),
        }
    }
}

/// Whether a list was read to its end.
#[derive(PartialEq, Eq)]
enum Read {
    /// Or as far as it was of interest.
    Whole,
    /// It is longer.
    InPart,
}

impl Solapi {
    /// Reads a list page by page until `look` has seen enough.
    async fn read(
        &self,
        mut query: Vec<(&str, String)>,
        pages: usize,
        mut look: impl FnMut(Line) -> bool,
    ) -> Result<Read, String> {
        query.push(("limit", "500".to_owned()));
        for _ in 0..pages {
            let list = self.list(&query).await?;
            for line in list.lines() {
                if look(line) {
                    return Ok(Read::Whole);
                }
            }
            let Some(next) = list.next_key.filter(|next| !next.is_empty()) else { return Ok(Read::Whole) };
            query.retain(|(name, _)| *name != "startKey");
            query.push(("startKey", next));
        }
        Ok(Read::InPart)
    }
}

/// As SOLAPI writes instants.
fn at(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn sign(secret: &str, words: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(words.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl SmsVendor for Solapi {
    fn name(&self) -> &'static str {
        "solapi"
    }

    fn limits(&self) -> Limits {
        Limits { batch: 20, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        let messages: Vec<Value> = texts
            .iter()
            .map(|text| {
                let class = text.class().word();
                json!({
                    "to": korean(&text.to), "from": self.config.sender, "text": text.body, "type": class,
                    "customFields": { "reference": text.reference },
                })
            })
            .collect();
        // The outbox knows better than a list of numbers what a duplicate is: two notices may go to one phone.
        let body = json!({ "messages": messages, "allowDuplicates": true, "showMessageList": true });
        let request = self.request(Method::POST, "send-many/detail");
        let request = request.header("content-type", "application/json").body(body.to_string());
        let (status, answer) = match http::ask(request).await {
            Ok(answered) => answered,
            Err(outcome) => return vec![outcome; texts.len()],
        };
        if status != StatusCode::OK {
            return vec![refused(status, &answer); texts.len()];
        }
        let Ok(sent) = serde_json::from_str::<Sent>(&answer) else {
            return vec![Outcome::unknown("the vendor's answer cannot be read"); texts.len()];
        };
        texts.iter().map(|text| sent.of(text, texts)).collect()
    }

    async fn find(&self, text: &Text, since: DateTime<Utc>) -> Found {
        let query = vec![
            ("to", korean(&text.to)),
            ("dateType", "CREATED".to_owned()),
            // Their clock is not ours.
            ("startDate", at(since - TimeDelta::minutes(10))),
            ("endDate", at(clock::wall() + TimeDelta::minutes(10))),
        ];
        let mut found = None;
        let look = |line: Line| {
            let is_it = line.is_of(text);
            if is_it {
                found = Some(line.message_id);
            }
            is_it
        };
        let read = self.read(query, PAGES, look).await;
        match (found, read) {
            (Some(number), _) => Found::Taken(number),
            (None, Ok(Read::Whole)) => Found::Missing,
            (None, Ok(Read::InPart)) => Found::Silent("the list is longer than we read".to_owned()),
            (None, Err(reason)) => Found::Silent(reason),
        }
    }

    async fn balance(&self) -> Option<f64> {
        let url = self.url.join("/cash/v1/balance").ok()?;
        let (status, answer) = http::ask(self.request_at(Method::GET, url)).await.ok()?;
        let balance: Balance = serde_json::from_str(&answer).ok().filter(|_| status == StatusCode::OK)?;
        Some(balance.balance + balance.point)
    }

    async fn reports(&self, since: DateTime<Utc>) -> Result<Vec<Report>, String> {
        let query = vec![
            ("dateType", "UPDATED".to_owned()),
            ("startDate", at(since)),
            ("endDate", at(clock::wall() + TimeDelta::minutes(1))),
        ];
        let mut reports = Vec::new();
        let look = |line: Line| {
            reports.extend(report(line));
            false
        };
        if self.read(query, REPORT_PAGES, look).await? == Read::InPart {
            tracing::warn!("more texts have arrived than their vendor was asked for: some count as late");
        }
        Ok(reports)
    }
}

/// 2000 is taken, 3000 at the carrier, 4000 delivered; the others of 3000 and above are the end.
fn report(line: Line) -> Option<Report> {
    let reference = line.message_id?;
    let delivered_at = match line.status_code?.as_str() {
        "4000" => {
            let at = line.date_received.or(line.date_reported)?;
            Some(DateTime::parse_from_rfc3339(&at).ok()?.to_utc())
        }
        "2000" | "3000" => return None,
        code if code.starts_with(['1', '3']) => None,
        _ => return None,
    };
    Some(Report { reference, delivered_at })
}

impl Sent {
    fn of(&self, text: &Text, all: &[Text]) -> Outcome {
        let to = korean(&text.to);
        // What was refused may come back without its fields; then the number tells, if it is there once.
        let alone = all.iter().filter(|other| other.to == text.to).count() == 1;
        let by_number = |line: &&Line| {
            alone && line.custom_fields.is_none() && line.to.as_ref().and_then(Value::as_str) == Some(&to)
        };
        let failed = self.failed_message_list.iter().find(|line| line.is_of(text) || by_number(line));
        if let Some(line) = failed {
            return line.failed();
        }
        match self.message_list.iter().find(|line| line.is_of(text) || by_number(line)) {
            Some(line) => match line.status_code.as_deref() {
                Some("2000" | "3000" | "4000") | None => {
                    Outcome::Accepted { reference: line.message_id.clone() }
                }
                Some(_) => line.failed(),
            },
            None => Outcome::unknown("the vendor's answer does not name it"),
        }
    }
}

impl Line {
    fn failed(&self) -> Outcome {
        let code = self.status_code.as_deref().unwrap_or_default();
        let words = http::unnumbered(self.status_message.as_deref().unwrap_or_default());
        let reason = format!("{code} {words}");
        match code {
            // No balance, sender not registered, account blocked, daily limit.
            "1010" | "1011" | "1030" | "1062" | "1063" | "3041" => Outcome::stop(reason),
            _ if code.starts_with('1') || code.starts_with('3') => Outcome::permanent(reason),
            _ => Outcome::later(reason),
        }
    }
}

/// A request that was refused as a whole says nothing about one resident.
fn refused(status: StatusCode, answer: &str) -> Outcome {
    let code = serde_json::from_str::<Value>(answer).ok();
    let code = code.as_ref().and_then(|value| value.get("errorCode")).and_then(Value::as_str);
    let reason = http::said(status, answer);
    match (status.as_u16(), code) {
        (401 | 403, Some("RequestTimeTooSkewed" | "DuplicatedSignature")) => Outcome::hold(reason),
        (401..=403, _) | (_, Some("NotEnoughBalance" | "InvalidAPIKey" | "SignatureDoesNotMatch")) => {
            Outcome::stop(reason)
        }
        (400..=499, _) => Outcome::hold(reason),
        _ => Outcome::unknown(reason),
    }
}

impl fmt::Debug for Solapi {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Solapi").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
