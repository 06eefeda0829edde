//! Notices: everybody is told once, whatever stops, restarts or refuses in between.

mod claims;
mod dies;
mod hours;
mod refused;
mod told;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use entities::attempt;
use jebi::{
    clock::Clock,
    notify::{sending, vendor::Vendor},
};
use sea_orm::{EntityTrait, QueryOrder};
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

/// How long a claim holds.
pub const CLAIMED: TimeDelta = TimeDelta::minutes(2);

async fn attempts(t: &TestApp) -> Vec<attempt::Model> {
    attempt::Entity::find().order_by_asc(attempt::Column::StartedAt).all(t.db()).await.unwrap()
}

async fn states(t: &TestApp) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for notice in t.notices().await {
        *states.entry(notice.state).or_default() += 1;
    }
    states
}

/// How many results left in each minute.
async fn results_by_minute(t: &TestApp) -> BTreeMap<DateTime<Utc>, usize> {
    let results: Vec<i64> = {
        let notices = t.notices().await.into_iter();
        notices.filter(|notice| notice.reason == "result").map(|notice| notice.id).collect()
    };
    let mut load = BTreeMap::new();
    for attempt in attempts(t).await.into_iter().filter(|attempt| results.contains(&attempt.notice_id)) {
        *load.entry(attempt.started_at.with_second(0).unwrap()).or_default() += 1;
    }
    load
}

/// A sender at a vendor, stopped the hard way as soon as `happened`.
pub async fn killed_when(t: &TestApp, vendor: Vendor, happened: impl Fn() -> bool) {
    let app = t.app.clone();
    let sender =
        tokio::spawn(async move { sending::send_due(&app, &vendor, &CancellationToken::new()).await });
    it_is(async || happened()).await;
    sender.abort();
    assert!(sender.await.unwrap_err().is_cancelled());
}

/// Looks until it is so.
async fn it_is(is_so: impl AsyncFn() -> bool) {
    for _ in 0..2_000 {
        if is_so().await {
            return;
        }
        Clock::pause(Duration::from_millis(5)).await;
    }
    panic!("it never happened");
}
