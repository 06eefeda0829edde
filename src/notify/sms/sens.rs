//! Naver Cloud SENS, SMS API v2, in the public or the government zone.
//!
//! Written from the documentation (api.ncloud-docs.com, `sens-sms-send`, `sens-sms-list`) and tested against
//! nothing but a stand-in of our own: there is no second implementation of the vendor's side.

use super::{
    Found, Limits, Report, SmsVendor, Text,
    bytes::{self, Class},
    http,
    text::korean,
};
use crate::{clock, config::Secret, notify::outcome::Outcome};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{fmt, time::Duration};

/// An account at SENS.
#[derive(Clone, Debug)]
pub struct SensConfig {
    /// `https://sens.apigw.ntruss.com`, or `https://sens.apigw.gov-ntruss.com` in the government zone.
    pub url: String,
    /// The service, `ncp:sms:kr:…`.
    pub service: String,
    /// The access key.
    pub key: String,
    /// Its secret.
    pub secret: Secret,
    /// The registered sender number, digits only.
    pub sender: String,
    /// Patience for one request.
    pub timeout: Duration,
}

/// A client of SENS.
pub struct Sens {
    client: Client,
    url: Url,
    config: SensConfig,
}

impl Sens {
    /// Checks the configuration; no request is made.
    ///
    /// # Errors
    /// [`http::SetupError`] names the setting.
    pub fn new(config: SensConfig) -> Result<Self, http::SetupError> {
        let plain = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.'))
        };
        if !plain(&config.service) {
            return Err(http::SetupError::Setting("sens", "service"));
        }
        if !plain(&config.key) {
            return Err(http::SetupError::Setting("sens", "key"));
        }
        let path = format!("/sms/v2/services/{}/messages", config.service);
        let url = http::address("sens", "url", &config.url, &path)?;
        Ok(Self { client: http::client(config.timeout)?, url, config })
    }

    /// Signature v2: method, path with query, time and key, each on a line of its own.
    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let time = clock::wall().timestamp_millis().to_string();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let signed = format!("{method} {}{query}\n{time}\n{}", url.path(), self.config.key);
        let signature = sign(self.config.secret.expose(), &signed);
        self.client
            .request(method, url)
            .header("x-ncp-apigw-timestamp", time)
            .header("x-ncp-iam-access-key", &self.config.key)
            .header("x-ncp-apigw-signature-v2", signature)
    }

    /// One request: all of one class.
    async fn send_some(&self, texts: &[&Text], class: Class) -> Outcome {
        let messages: Vec<Value> =
            texts.iter().map(|text| json!({ "to": korean(&text.to), "content": text.body })).collect();
        let content = texts.first().map(|text| text.body.as_str()).unwrap_or_default();
        let body = json!({
            "type": class.word(), "contentType": "COMM", "countryCode": "82", "from": self.config.sender,
            "content": content, "messages": messages,
        });
        let request = self.request(Method::POST, self.url.clone());
        let request =
            request.header("content-type", "application/json; charset=utf-8").body(body.to_string());
        let (status, answer) = match http::ask(request).await {
            Ok(answered) => answered,
            Err(outcome) => return outcome,
        };
        let answered: Option<Value> = serde_json::from_str(&answer).ok();
        let reason = http::said(status, &answer);
        match (status.as_u16(), answered) {
            (202, Some(answered)) => Outcome::Accepted {
                reference: answered.get("requestId").and_then(Value::as_str).map(str::to_owned),
            },
            // Wrong key, no permission, service not found: all texts would fail alike.
            (401 | 403 | 404, _) => Outcome::stop(reason),
            (400..=499, _) => Outcome::hold(reason),
            _ => Outcome::unknown(reason),
        }
    }
}

impl Sens {
    /// One text with its words.
    async fn message(&self, id: &str) -> Result<Value, String> {
        let mut url = self.url.clone();
        // Not `join`: an id is one piece of a path, whatever is in it.
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(id);
        }
        let messages = self.messages(url).await?;
        messages.into_iter().next().ok_or_else(|| "a text of the list is not there".to_owned())
    }

    /// The texts of an answer.
    async fn messages(&self, url: Url) -> Result<Vec<Value>, String> {
        match http::ask(self.request(Method::GET, url)).await {
            Ok((status, answer)) if status == StatusCode::OK || status == StatusCode::ACCEPTED => {
                let mut answered: Value = serde_json::from_str(&answer).unwrap_or_default();
                match answered.get_mut("messages").map(Value::take) {
                    Some(Value::Array(messages)) => Ok(messages),
                    _ => Err("the list cannot be read".to_owned()),
                }
            }
            Ok((status, answer)) => Err(http::said(status, &answer)),
            Err(outcome) => Err(outcome.to_string()),
        }
    }
}

fn sign(secret: &str, words: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(words.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

impl SmsVendor for Sens {
    fn name(&self) -> &'static str {
        "sens"
    }

    /// The vendor takes 100 in one request.
    fn limits(&self) -> Limits {
        Limits { batch: 20, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        // A request has one type, and a text that is too long for it is cut and sent.
        let mut outcomes = vec![Outcome::later("not sent"); texts.len()];
        for class in [Class::Sms, Class::Lms] {
            let places: Vec<usize> =
                (0..texts.len()).filter(|place| texts[*place].class() == class).collect();
            if !places.is_empty() {
                let some: Vec<&Text> = places.iter().map(|place| &texts[*place]).collect();
                let outcome = self.send_some(&some, class).await;
                for place in places {
                    outcomes[place] = outcome.clone();
                }
            }
        }
        outcomes
    }

    /// The list knows no reference of ours and no words: each text to this number in the minutes around the attempt is
    /// read by itself. One whose words nobody tells is not taken for another, and nothing is sent again because of it.
    async fn find(&self, text: &Text, since: DateTime<Utc>) -> Found {
        let at =
            |instant: DateTime<Utc>| instant.with_timezone(&Seoul).format("%Y-%m-%d %H:%M:%S").to_string();
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("requestStartTime", &at(since - TimeDelta::seconds(5)))
            .append_pair("requestEndTime", &at(since + TimeDelta::minutes(3)))
            .append_pair("to", &korean(&text.to));
        let listed = match self.messages(url).await {
            Ok(listed) => listed,
            Err(reason) => return Found::Silent(reason),
        };
        for message in &listed {
            let word = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
            let read = match word(message, "messageId") {
                Some(id) => self.message(&id).await,
                None => Err("the list names a text without its number".to_owned()),
            };
            match read.map(|read| word(&read, "content")) {
                Ok(Some(content)) if text.is_said_in(&content) => {
                    return Found::Taken(word(message, "requestId"));
                }
                Ok(Some(_)) => {}
                Ok(None) => return Found::Silent("the vendor does not tell a text's words".to_owned()),
                Err(reason) => return Found::Silent(reason),
            }
        }
        Found::Missing
    }

    async fn reports(&self, _: DateTime<Utc>) -> Result<Vec<Report>, String> {
        Ok(Vec::new())
    }
}

impl fmt::Debug for Sens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sens").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
