//! Close: from here on no entry can be acknowledged.
//!
//! Residents see a round close by the clock, on the second. This writes it down, which waits for
//! every group commit under way (they share-lock the row), so that nothing comes after.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::journal::Act;
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, log};
use crate::{
    app::App,
    store::round::{self, Step},
};

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
