//! Kannel's `sendsms` over HTTP (Kannel 1.4 user's guide, chapter 10).
//!
//! The request is a `POST` with `X-Kannel-*` headers, not the better known `GET`: so the password, the number
//! and the words are in no URL and therefore in no access log on the way.

use super::{
    Found, Limits, Report, SmsVendor, Text, bytes,
    http::{self, SetupError},
    text::{self, korean},
};
use crate::{config::Secret, notify::outcome::Outcome};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use reqwest::{
    Client, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use std::{fmt, time::Duration};

/// How numbers are written for the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// `+821012345678`.
    #[default]
    E164,
    /// `01012345678`, as Korean carriers' links often want it.
    Korean,
}

/// A Kannel gateway and the terms on which it is used.
#[derive(Clone, Debug)]
pub struct KannelConfig {
    /// `http://127.0.0.1:13013/cgi-bin/sendsms`. Kannel belongs on the same machine or behind TLS.
    pub url: String,
    /// The `sendsms-user`.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The registered sender number (전기통신사업법 제84조의2), digits only.
    pub sender: String,
    /// How the recipient's number is written.
    pub numbers: Numbers,
    /// Where delivery reports are to be called, with Kannel's `%` fields; `{reference}` stands for ours.
    pub report_url: Option<String>,
    /// Patience for one request.
    pub timeout: Duration,
}

/// A client of one Kannel gateway.
pub struct Kannel {
    client: Client,
    url: Url,
    headers: HeaderMap,
    numbers: Numbers,
    report_url: Option<String>,
}

/// UCS-2, because Hangul is not in the GSM alphabet (`coding` of the guide's table 10-1).
const UCS2: HeaderValue = HeaderValue::from_static("2");
/// Delivered, failed, buffered, accepted and refused by the centre: all five reports.
const ALL_REPORTS: HeaderValue = HeaderValue::from_static("31");

impl Kannel {
    /// Checks the configuration; no request is made.
    ///
    /// # Errors
    /// [`SetupError`] names the setting.
    pub fn new(config: KannelConfig) -> Result<Self, SetupError> {
        let url = http::address("kannel", "url", &config.url, "")?;
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, setting: &'static str, value: &str| {
            let mut value =
                HeaderValue::from_str(value).map_err(|_| SetupError::Setting("kannel", setting))?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
            Ok::<_, SetupError>(())
        };
        set("x-kannel-username", "username", &config.username)?;
        set("x-kannel-password", "password", config.password.expose())?;
        set("x-kannel-from", "sender", &config.sender)?;
        headers.insert(HeaderName::from_static("x-kannel-coding"), UCS2);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
        if let Some(report_url) = &config.report_url {
            HeaderValue::from_str(report_url).map_err(|_| SetupError::Setting("kannel", "report_url"))?;
            headers.insert(HeaderName::from_static("x-kannel-dlr-mask"), ALL_REPORTS);
        }
        let client = http::client(config.timeout)?;
        Ok(Self { client, url, headers, numbers: config.numbers, report_url: config.report_url })
    }

    fn headers_for(&self, text: &Text) -> Option<HeaderMap> {
        let mut headers = self.headers.clone();
        let to = match self.numbers {
            Numbers::E164 => text.to.clone(),
            Numbers::Korean => korean(&text.to),
        };
        headers.insert(HeaderName::from_static("x-kannel-to"), HeaderValue::from_str(&to).ok()?);
        if let Some(report_url) = &self.report_url {
            let report_url = report_url.replace("{reference}", &text::in_url(&text.reference));
            headers.insert(
                HeaderName::from_static("x-kannel-dlr-url"),
                HeaderValue::from_str(&report_url).ok()?,
            );
        }
        Some(headers)
    }
}

impl Kannel {
    async fn send_one(&self, text: &Text) -> Outcome {
        let Some(headers) = self.headers_for(text) else {
            return Outcome::permanent("the reference cannot be put into a request");
        };
        let request = self.client.post(self.url.clone()).headers(headers).body(text.body.clone());
        match http::ask(request).await {
            Ok((status, answer)) => match judge(status, answer.trim()) {
                // Kannel gives no number of its own; its reports bear ours.
                Outcome::Accepted { .. } if self.report_url.is_some() => {
                    Outcome::Accepted { reference: Some(text.reference.clone()) }
                }
                outcome => outcome,
            },
            Err(outcome) => outcome,
        }
    }
}

impl SmsVendor for Kannel {
    fn name(&self) -> &'static str {
        "kannel"
    }

    fn limits(&self) -> Limits {
        Limits { batch: 8, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        join_all(texts.iter().map(|text| self.send_one(text))).await
    }

    /// Kannel keeps no list that could be asked.
    async fn find(&self, _: &Text, _: DateTime<Utc>) -> Found {
        Found::Deaf
    }

    async fn reports(&self, _: DateTime<Utc>) -> Result<Vec<Report>, String> {
        Ok(Vec::new())
    }
}

/// Kannel's answers (`gw/smsbox.c` of 1.4.5). The status alone does not tell: 202 covers two cases and 403
/// three, and only the words separate "wrong password" from "stopped by an operator".
fn judge(status: StatusCode, answer: &str) -> Outcome {
    let words: String = answer.chars().filter(|c| !c.is_control()).take(200).collect();
    let said = http::said(status, &words);
    match status.as_u16() {
        // 0: sent on; 3: kept for when the link is back. Both are stored by Kannel, which gives no number.
        202 if words.starts_with("0:") || words.starts_with("3:") => Outcome::Accepted { reference: None },
        // "Sender missing", "Missing receiver number", "Garbage 'to' field": the same again would fail again.
        400 if words.starts_with("Sender missing") => Outcome::hold(said),
        400 => Outcome::permanent(said),
        403 if words.contains("denied by white- and/or black-lists") => Outcome::permanent(said),
        401 | 403 | 404 | 405 | 429 => Outcome::hold(said),
        503 if words.starts_with("Temporal failure") => Outcome::hold(said),
        _ => Outcome::unknown(said),
    }
}

impl fmt::Debug for Kannel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Kannel").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
