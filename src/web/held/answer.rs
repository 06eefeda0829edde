//! An answer in memory.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, Response, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_NONE_MATCH},
    },
};
use chrono::{DateTime, Utc};
use memchr::memmem;
use public_audit::Digest;

use crate::web::headers::X_REQUEST_ID;

/// An answer of 200, to be given again.
#[derive(Debug)]
pub struct Held {
    headers: HeaderMap,
    body: Bytes,
    /// Where in the body it says what time it is.
    clocks: Vec<usize>,
}

/// Before the time that a page tells its script: milliseconds since 1970. Nothing that somebody typed has such quotes.
const CLOCK: &[u8] = b"data-now=\"";
/// Digits of such a time, until the year 2286.
const DIGITS: usize = 13;

impl Held {
    /// What others may keep as well gets a tag of its content, once: they ask with it whether theirs is still right.
    pub fn new(mut headers: HeaderMap, body: Bytes) -> Self {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let caching = headers.get(CACHE_CONTROL).map_or(&b"no-store"[..], HeaderValue::as_bytes);
        if caching != b"no-store"
            && let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", Digest::of(&body)))
        {
            headers.insert(ETAG, tag);
        }
        Self { headers, body, clocks: Vec::new() }
    }

    /// A page of a second. A script counts from the time it says, to the millisecond, so it says when it is given and not
    /// when it was made: whoever waits for their own second would see it late by as much as the page was old.
    pub fn of_second(headers: HeaderMap, body: Bytes) -> Self {
        let clocks = clocks(&body);
        Self { clocks, ..Self::new(headers, body) }
    }

    /// What it takes of the memory.
    pub fn bytes(&self) -> usize {
        /// Names and values of the headers.
        const HEAD: usize = 1_024;
        self.body.len() + HEAD
    }

    /// The answer as it was made a moment ago, at a later instant of its second.
    pub fn give_at(&self, now: DateTime<Utc>, asked: &HeaderMap, id: HeaderValue) -> Response<Body> {
        let digits = now.timestamp_millis().to_string();
        if self.clocks.is_empty() || digits.len() != DIGITS {
            return self.give(asked, id);
        }
        let mut body = self.body.to_vec();
        for at in &self.clocks {
            if let Some(clock) = body.get_mut(*at..*at + DIGITS) {
                clock.copy_from_slice(digits.as_bytes());
            }
        }
        self.give_body(Bytes::from(body), asked, id)
    }

    /// The answer to a request of this name, with these headers.
    pub fn give(&self, asked: &HeaderMap, id: HeaderValue) -> Response<Body> {
        self.give_body(self.body.clone(), asked, id)
    }

    fn give_body(&self, body: Bytes, asked: &HeaderMap, id: HeaderValue) -> Response<Body> {
        let mut headers = self.headers.clone();
        headers.insert(X_REQUEST_ID.clone(), id);
        let known = self.headers.get(ETAG).is_some_and(|tag| {
            let named = asked.get(IF_NONE_MATCH).and_then(|named| named.to_str().ok());
            named.is_some_and(|named| {
                named
                    .split(',')
                    .map(|one| one.trim().trim_start_matches("W/"))
                    .any(|one| one == "*" || one == tag)
            })
        });
        let mut answer = Response::new(match known {
            true => Body::empty(),
            false => Body::from(body),
        });
        if known {
            headers.remove(CONTENT_LENGTH);
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *answer.headers_mut() = headers;
        answer
    }
}

/// Where a page says what time it is.
fn clocks(body: &[u8]) -> Vec<usize> {
    let digits = memmem::find_iter(body, CLOCK).map(|at| at + CLOCK.len());
    let is_time = |at: &usize| {
        body.get(*at..*at + DIGITS).is_some_and(|text| text.iter().all(u8::is_ascii_digit))
            && body.get(*at + DIGITS) == Some(&b'"')
    };
    digits.filter(is_time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: HeaderValue = HeaderValue::from_static("request-1");

    fn held(caching: &'static str) -> Held {
        let id = (X_REQUEST_ID.clone(), HeaderValue::from_static("request-0"));
        let headers = HeaderMap::from_iter([(CACHE_CONTROL, HeaderValue::from_static(caching)), id]);
        Held::new(headers, Bytes::from_static(b"a file"))
    }

    #[test]
    fn whoever_has_it_is_told_so_and_no_more() {
        let file = held("no-cache");
        let tag = file.give(&HeaderMap::new(), ID).headers()[ETAG].to_str().unwrap().to_owned();
        assert_eq!(tag, format!("\"{}\"", Digest::of("a file")));
        for (named, status) in [
            (tag.clone(), 304),
            (format!("\"other\", W/{tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let asked = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::try_from(&named).unwrap())]);
            assert_eq!(file.give(&asked, ID).status(), status, "{named}");
        }
    }

    #[test]
    fn what_nobody_may_keep_has_no_tag_and_each_answer_its_own_id() {
        let answer = held("no-store").give(&HeaderMap::new(), ID);
        assert!(!answer.headers().contains_key(ETAG));
        assert_eq!(answer.headers().get_all(&X_REQUEST_ID).iter().collect::<Vec<_>>(), [ID]);
    }

    #[tokio::test]
    async fn a_page_says_the_time_at_which_it_is_given_and_nothing_else_of_it_changes() {
        let said = |now: i64| {
            format!(
                "<p data-starts-at=\"1764638440000\" data-now=\"{now}\"> data-now=&#34;1764638440000&#34; \
                 data-now=\"17\" <i data-now=\"{now}\"> data-now=\"1764638440000x"
            )
        };
        let page = Held::of_second(HeaderMap::new(), Bytes::from(said(1_764_638_440_000)));
        let later = DateTime::from_timestamp_millis(1_764_638_440_321).unwrap();
        let given = page.give_at(later, &HeaderMap::new(), ID);
        assert_eq!(given.headers()[CONTENT_LENGTH], said(1_764_638_440_000).len().to_string());
        let given = axum::body::to_bytes(given.into_body(), usize::MAX).await.unwrap();
        assert_eq!(given, said(1_764_638_440_321));
        // A file is a file.
        let file = Held::new(HeaderMap::new(), Bytes::from(said(1)));
        let given = file.give_at(later, &HeaderMap::new(), ID);
        assert_eq!(axum::body::to_bytes(given.into_body(), usize::MAX).await.unwrap(), said(1));
    }
}
