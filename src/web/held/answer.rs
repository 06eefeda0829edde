//! An answer in memory.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, Response, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_NONE_MATCH},
    },
};
use public_audit::Digest;

use crate::web::headers::X_REQUEST_ID;

/// An answer of 200, to be given again.
#[derive(Debug)]
pub struct Held {
    headers: HeaderMap,
    body: Bytes,
}

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
        Self { headers, body }
    }

    /// What it takes of the memory.
    pub fn bytes(&self) -> usize {
        /// Names and values of the headers.
        const HEAD: usize = 1_024;
        self.body.len() + HEAD
    }

    /// The answer to a request of this name, with these headers.
    pub fn give(&self, asked: &HeaderMap, id: HeaderValue) -> Response<Body> {
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
            false => Body::from(self.body.clone()),
        });
        if known {
            headers.remove(CONTENT_LENGTH);
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *answer.headers_mut() = headers;
        answer
    }
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
}
