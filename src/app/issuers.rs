//! Identity providers as they last described themselves.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::CoreProviderMetadata;

/// So long a description is believed; keys change more seldom.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// After a provider did not answer, nobody waits for it again for so long.
const AWAY: TimeDelta = TimeDelta::seconds(5);

/// What is known of each issuer.
#[derive(Debug, Default)]
pub struct Issuers(Mutex<HashMap<String, Known>>);

#[derive(Debug)]
struct Known {
    at: DateTime<Utc>,
    /// `None` while it does not answer.
    found: Option<CoreProviderMetadata>,
}

impl Issuers {
    /// What is known of an issuer, if that is fresh: its description, or that it is away.
    pub fn find(&self, issuer: &str, now: DateTime<Utc>) -> Option<Option<CoreProviderMetadata>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Known { at, found } = known.get(issuer)?;
        let long = if found.is_some() { FRESH } else { AWAY };
        // A clock that was set back makes nothing fresh.
        (TimeDelta::zero()..long).contains(&(now - *at)).then(|| found.clone())
    }

    /// Keeps what an issuer said; `None` if it did not answer.
    pub fn keep(&self, issuer: &str, found: Option<CoreProviderMetadata>, now: DateTime<Utc>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(issuer.to_owned(), Known { at: now, found });
    }
}
