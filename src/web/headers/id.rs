//! The name of one request, to find it in the log.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::http::HeaderValue;

/// Longest id we take over from a proxy in front of us.
const LONGEST: usize = 64;

/// A request's id; handlers find it among the request's extensions.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id the request came with, if it is a decent one, else a new one.
    pub fn of(given: Option<&HeaderValue>) -> Self {
        match given {
            Some(value) if is_decent(value.as_bytes()) => Self(value.clone()),
            _ => Self::new(),
        }
    }

    /// A keyed hash of a counter: as good as random, and no system call.
    fn new() -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let id = format!("{:016x}", KEY.hash_one(COUNT.fetch_add(1, Relaxed)));
        Self(HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("-")))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("-")
    }

    /// The same as a header.
    pub fn into_value(self) -> HeaderValue {
        self.0
    }
}

/// Only what cannot break a log line.
fn is_decent(id: &[u8]) -> bool {
    (8..=LONGEST).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decent_id_is_taken_over_and_any_other_replaced() {
        let id =
            |text: &'static str| RequestId::of(Some(&HeaderValue::from_static(text))).as_str().to_owned();
        assert_eq!(id("proxy-0042-abc"), "proxy-0042-abc");
        for bad in ["", "short", "with space in it", "with\"quote\"s", &"x".repeat(65)] {
            let replaced = RequestId::of(HeaderValue::from_str(bad).ok().as_ref());
            assert!(replaced.as_str() != bad && replaced.as_str().len() == 16, "{bad}");
        }
        assert_ne!(RequestId::of(None).as_str(), RequestId::of(None).as_str());
    }
}
