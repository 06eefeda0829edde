//! What rounds may ask of identity checks in a minute, as their plans say: plans do not change.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// So long what was counted of texts is believed.
const FRESH: TimeDelta = TimeDelta::seconds(15);

/// Codes sent by text in the last hour, but for the last minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// So long ago that they could have been typed.
    pub sent: u64,
    /// Of these, typed.
    pub used: u64,
}

/// By round; `None` for one whose plan names no limit of it. And whether codes that are sent are typed.
#[derive(Debug, Default)]
pub struct Budgets {
    by_round: Mutex<HashMap<i64, Option<u32>>>,
    texts: Mutex<Option<(DateTime<Utc>, Texts)>>,
}

impl Budgets {
    /// What is known of a round.
    pub fn find(&self, round_id: i64) -> Option<Option<u32>> {
        self.by_round.lock().unwrap_or_else(PoisonError::into_inner).get(&round_id).copied()
    }

    /// Keeps what its plan says.
    pub fn keep(&self, round_id: i64, budget: Option<u32>) {
        self.by_round.lock().unwrap_or_else(PoisonError::into_inner).insert(round_id, budget);
    }

    /// What was counted of texts, if it was just now.
    pub fn texts(&self, now: DateTime<Utc>) -> Option<Texts> {
        let texts = *self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.filter(|(at, _)| (TimeDelta::zero()..FRESH).contains(&(now - *at))).map(|(_, texts)| texts)
    }

    /// Keeps what was counted of them.
    pub fn keep_texts(&self, texts: Texts, now: DateTime<Utc>) {
        *self.texts.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, texts));
    }
}
