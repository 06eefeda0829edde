//! What all vendors behind HTTP have in common: a client that never follows or retries, and what silence means.

use crate::notify::outcome::Outcome;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use std::time::Duration;

/// Why a vendor cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A setting cannot be put into a request.
    #[error("{0}.{1}: cannot be used in a request")]
    Setting(&'static str, &'static str),
    /// The HTTP client cannot be built.
    #[error("http client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Bytes of one answer that are read. A page of a vendor's list has half a million.
const LONGEST: usize = 8 * 1024 * 1024;

/// An absolute address of HTTP, with what `path` adds to it.
pub(super) fn address(
    vendor: &'static str,
    setting: &'static str,
    url: &str,
    path: &str,
) -> Result<Url, SetupError> {
    let url = Url::parse(&format!("{}{path}", url.trim_end_matches('/')));
    let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or(SetupError::Setting(vendor, setting))
}

/// A client with patience for one request.
pub(super) fn client(timeout: Duration) -> Result<Client, SetupError> {
    let client = Client::builder()
        .timeout(timeout)
        // Shorter than the whole, so that a gateway behind a black hole is "not connected", not "unknown".
        .connect_timeout(timeout / 2)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(client)
}

/// Sends a request once. Not connected means not sent; anything later may have been read by the vendor.
pub(super) async fn ask(request: RequestBuilder) -> Result<(StatusCode, String), Outcome> {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) if error.is_connect() => {
            return Err(Outcome::hold(format!("cannot connect to the gateway: {}", cause(&error))));
        }
        Err(error) => {
            return Err(Outcome::unknown(format!("no answer from the gateway: {}", cause(&error))));
        }
    };
    let (status, mut answer, mut response) = (response.status(), Vec::new(), response);
    loop {
        match response.chunk().await {
            Ok(Some(more)) if answer.len() + more.len() <= LONGEST => answer.extend_from_slice(&more),
            Ok(Some(_)) => return Err(Outcome::unknown("the gateway's answer does not end")),
            Ok(None) => return Ok((status, String::from_utf8_lossy(&answer).into_owned())),
            Err(error) => {
                let why = format!("the gateway's answer broke off: {}", cause(&error));
                return Err(Outcome::unknown(why));
            }
        }
    }
}

/// An answer as a reason: its status and its first words, on one line and without anybody's number.
pub(super) fn said(status: StatusCode, words: &str) -> String {
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{}: {}", status.as_u16(), unnumbered(&words))
}

/// Without whatever may be a telephone number: reasons go to logs and screens.
pub(super) fn unnumbered(words: &str) -> String {
    let (mut clean, mut digits) = (String::new(), String::new());
    let flush = |clean: &mut String, digits: &mut String| {
        let is_number = digits.chars().filter(char::is_ascii_digit).count() >= 8;
        clean.push_str(if is_number { "<number>" } else { digits });
        digits.clear();
    };
    for c in words.chars() {
        if c.is_ascii_digit() || (!digits.is_empty() && matches!(c, '-' | ' ')) {
            digits.push(c);
            continue;
        }
        flush(&mut clean, &mut digits);
        clean.push(c);
    }
    flush(&mut clean, &mut digits);
    clean
}

/// The innermost cause, without the URL.
fn cause(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(next) = source.source() {
        source = next;
    }
    if error.is_timeout() { "time-out".to_owned() } else { source.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_holds_nobodys_number() {
        let said =
            said(StatusCode::BAD_REQUEST, "The 'To' number +82 10-1234-5678 is invalid.\r\nSee errors/21211");
        assert_eq!(said, "400: The 'To' number +<number>is invalid.See errors/21211");
    }
}
