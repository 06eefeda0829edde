//! What rounds may ask of identity checks in a minute, as their plans say: plans do not change.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// So long it is believed that codes are typed, or are not.
const FRESH: TimeDelta = TimeDelta::seconds(15);

/// By round; `None` for one whose plan names no limit of it. And whether codes that are sent are typed.
#[derive(Debug, Default)]
pub struct Budgets {
    by_round: Mutex<HashMap<i64, Option<u32>>>,
    typed: Mutex<Option<(DateTime<Utc>, bool)>>,
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

    /// Whether codes are typed, if that was looked at just now.
    pub fn typed(&self, now: DateTime<Utc>) -> Option<bool> {
        let typed = *self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        typed.filter(|(at, _)| (TimeDelta::zero()..FRESH).contains(&(now - *at))).map(|(_, typed)| typed)
    }

    /// Keeps whether they are.
    pub fn keep_typed(&self, typed: bool, now: DateTime<Utc>) {
        *self.typed.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, typed));
    }
}
