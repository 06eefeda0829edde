//! In which language somebody reads: what they chose, else what their browser prefers.

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use super::visitor::cookie;
use crate::words::Lang;

const COOKIE: &str = "lang";

/// The language of a request.
pub fn of(headers: &HeaderMap, uri: &Uri) -> Lang {
    chosen(uri).or_else(|| cookie(headers, COOKIE).and_then(Lang::from_tag)).unwrap_or_else(|| {
        let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        preferred.map_or(Lang::default(), Lang::negotiate)
    })
}

/// `?lang=en` in the address.
fn chosen(uri: &Uri) -> Option<Lang> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(Lang::from_tag)
}

/// The cookie that remembers a choice made in the address of a page; programs have none.
pub fn to_remember(uri: &Uri) -> Option<HeaderValue> {
    let lang = chosen(uri).filter(|_| !uri.path().starts_with("/api/"))?;
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
    HeaderValue::try_from(cookie).ok()
}
