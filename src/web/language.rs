//! In which language somebody reads: what they chose, else what their browser prefers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};

use super::visitor::cookies;
use crate::words::Lang;

const COOKIE: &str = "lang";

/// The language of a request.
pub fn of(headers: &HeaderMap, uri: &Uri) -> Lang {
    chosen(uri)
        .or_else(|| {
            cookies(headers).find(|cookie| cookie.name() == COOKIE).and_then(|c| Lang::from_tag(c.value()))
        })
        .unwrap_or_else(|| {
            let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            preferred.map_or(Lang::default(), Lang::negotiate)
        })
}

/// `?lang=en` in the address.
fn chosen(uri: &Uri) -> Option<Lang> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(Lang::from_tag)
}

/// Remembers a choice made in the address.
pub async fn remember(request: Request, next: Next) -> Response {
    let chosen = chosen(request.uri());
    let mut response = next.run(request).await;
    if let Some(lang) = chosen {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
