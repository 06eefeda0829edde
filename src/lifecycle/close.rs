//! Close: from here on no entry can be acknowledged.
//!
//! Residents see a round close by the clock, on the second: what comes later is refused. What came before may still wait for
//! its commit, in our own queue, through no fault of whoever sent it; so the close is written down some seconds later. What
//! is written then decides, and no clock: it waits for every group commit under way (they share-lock the row), and each one
//! that begins after it finds the round closed. So every acknowledged entry is before it, and in the pool, which is read
//! after it; also where the clocks of several instances differ.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::journal::Act;
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, log};
use crate::{
    app::App,
    store::round::{self, Step},
};

/// So long what was handed in before the close may wait for its commit: as long as a request lives (`limits.total_ms`, unless
/// it was changed; `check-config` warns where it is longer). Whoever waits longer was told that it is not known what became
/// of it.
pub const WAITING: TimeDelta = TimeDelta::seconds(15);

/// Whether a round is to be closed now: in any case before its pool is sealed.
pub fn is_due(row: &Model, now: DateTime<Utc>) -> bool {
    now >= (row.closes_at + WAITING).min(row.seals_at)
}

/// Closes a round whose `closes_at` has passed.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn close(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    let change = ActiveModel { closed_at: Set(Some(now)), ..Default::default() };
    let done = round::settle(&txn, row.id, Step::Close, change).await?;
    if done {
        log(&txn, row, now, Act::Closed, "").await?;
        txn.commit().await?;
    }
    Ok(done)
}
