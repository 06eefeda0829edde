//! Forecasts of open rounds as made or tried lately. Each counts everybody who has entered, and plans the round several
//! times: neither who looks at a page again nor a knock every second is worth that.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::plan::Planned;

/// So long a page shows the same one.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// So long the one of the day is not tried again after it came to nothing: nobody has entered yet, or something is wrong.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// By round.
#[derive(Debug, Default)]
pub struct Forecasts {
    made: Mutex<HashMap<i64, Made>>,
    tried: Mutex<HashMap<i64, DateTime<Utc>>>,
}

/// When, and what.
type Made = (DateTime<Utc>, Arc<Planned>);

impl Forecasts {
    /// The one that was made for a page just now.
    pub fn find(&self, round_id: i64, now: DateTime<Utc>) -> Option<Arc<Planned>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&round_id).filter(|(at, _)| (now - *at).abs() < FRESH).map(|(_, planned)| planned.clone())
    }

    /// Keeps one for a page. What is older than it may be shown is let go.
    pub fn keep(&self, round_id: i64, planned: Arc<Planned>, now: DateTime<Utc>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|_, (at, _)| (now - *at).abs() < FRESH);
        made.insert(round_id, (now, planned));
    }

    /// Whether the one of the day was tried so lately that this would come to the same.
    pub fn was_tried(&self, round_id: i64, now: DateTime<Utc>) -> bool {
        let tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.get(&round_id).is_some_and(|at| (now - *at).abs() < PAUSE)
    }

    /// It came to nothing.
    pub fn note_tried(&self, round_id: i64, now: DateTime<Utc>) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.retain(|_, at| (now - *at).abs() < PAUSE);
        tried.insert(round_id, now);
    }
}
