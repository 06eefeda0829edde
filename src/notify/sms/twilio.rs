//! Twilio's Messages resource (`POST /2010-04-01/Accounts/{Sid}/Messages.json`).

use super::{Found, Limits, Report, SmsVendor, Text, bytes, http};
use crate::{config::Secret, notify::outcome::Outcome};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use std::{fmt, time::Duration};

/// An account at Twilio.
#[derive(Clone, Debug)]
pub struct TwilioConfig {
    /// `https://api.twilio.com`.
    pub url: String,
    /// The account's SID.
    pub account: String,
    /// Its token.
    pub token: Secret,
    /// The sender: a number in E.164 form, or a messaging service's SID (`MG…`).
    pub sender: String,
    /// Patience for one request.
    pub timeout: Duration,
}

/// A client of Twilio.
pub struct Twilio {
    client: Client,
    url: Url,
    config: TwilioConfig,
}

#[derive(Deserialize)]
struct Message {
    sid: Option<String>,
    body: Option<String>,
    date_created: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Messages {
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Refusal {
    code: Option<u32>,
}

impl Twilio {
    /// Checks the configuration; no request is made.
    ///
    /// # Errors
    /// [`http::SetupError`] names the setting.
    pub fn new(config: TwilioConfig) -> Result<Self, http::SetupError> {
        if config.account.is_empty() || !config.account.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(http::SetupError::Setting("twilio", "account"));
        }
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", config.account);
        let url = http::address("twilio", "url", &config.url, &path)?;
        Ok(Self { client: http::client(config.timeout)?, url, config })
    }

    async fn send_one(&self, text: &Text) -> Outcome {
        let by_service = self.config.sender.starts_with("MG");
        let sender = if by_service { "MessagingServiceSid" } else { "From" };
        let form =
            [("To", text.to.as_str()), (sender, self.config.sender.as_str()), ("Body", text.body.as_str())];
        let request = self.client.post(self.url.clone()).form(&form);
        let request = request.basic_auth(&self.config.account, Some(self.config.token.expose()));
        match http::ask(request).await {
            Ok((StatusCode::CREATED, answer)) => match serde_json::from_str::<Message>(&answer) {
                Ok(message) => Outcome::Accepted { reference: message.sid },
                Err(_) => Outcome::unknown("the vendor's answer cannot be read"),
            },
            Ok((status, answer)) => refused(status, &answer),
            Err(outcome) => outcome,
        }
    }
}

/// Twilio's error numbers: about the recipient, about our account, or about neither.
fn refused(status: StatusCode, answer: &str) -> Outcome {
    let code = serde_json::from_str::<Refusal>(answer).ok().and_then(|refusal| refusal.code);
    let reason = http::said(status, answer);
    match (status.as_u16(), code) {
        // Not a number, not a mobile, opted out, no route.
        (_, Some(21211 | 21214 | 21217 | 21610 | 21612 | 21614)) => Outcome::permanent(reason),
        // The sender is not ours, not for texts, or not for that country; the account is suspended.
        (_, Some(20003 | 20005 | 21212 | 21408 | 21606 | 21659 | 21660 | 21703 | 30002)) => {
            Outcome::stop(reason)
        }
        (401 | 403, _) => Outcome::stop(reason),
        (400..=499, _) => Outcome::hold(reason),
        _ => Outcome::unknown(reason),
    }
}

impl SmsVendor for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn limits(&self) -> Limits {
        Limits { batch: 10, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        join_all(texts.iter().map(|text| self.send_one(text))).await
    }

    /// Twilio keeps no reference of ours: number and words tell, since no two notices bear the same code.
    async fn find(&self, text: &Text, since: DateTime<Utc>) -> Found {
        let request = self.client.get(self.url.clone());
        let request = request.query(&[("To", text.to.as_str()), ("PageSize", "100")]);
        let request = request.basic_auth(&self.config.account, Some(self.config.token.expose()));
        let list = match http::ask(request).await {
            Ok((StatusCode::OK, answer)) => serde_json::from_str::<Messages>(&answer),
            Ok((status, answer)) => return Found::Silent(http::said(status, &answer)),
            Err(outcome) => return Found::Silent(outcome.to_string()),
        };
        let Ok(list) = list else { return Found::Silent("the list cannot be read".to_owned()) };
        let is_it = |message: &&Message| {
            let at = message.date_created.as_deref().map(DateTime::parse_from_rfc2822);
            message.body.as_deref().is_some_and(|body| text.is_said_in(body))
                && at.is_none_or(|at| at.is_ok_and(|at| at >= since - TimeDelta::minutes(10)))
        };
        match list.messages.iter().find(is_it) {
            // Refused by the carrier before it left: nobody has it.
            Some(message) if message.status.as_deref() == Some("failed") => Found::Missing,
            Some(message) => Found::Taken(message.sid.clone()),
            None if list.messages.len() >= 100 => Found::Silent("the list is longer than we read".to_owned()),
            None => Found::Missing,
        }
    }

    async fn reports(&self, _: DateTime<Utc>) -> Result<Vec<Report>, String> {
        Ok(Vec::new())
    }
}

impl fmt::Debug for Twilio {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Twilio").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
