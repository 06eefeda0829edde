//! Reveal: the organiser's seed is shown by the clock, before the pulse exists.
//!
//! Whoever withholds it does not yet know the outcome, so withholding gains nothing; and if it was
//! not shown in time, 32 zero bytes stand in its place for ever.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::Digest;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{LifecycleError, refused};
use crate::{
    app::{App, Round},
    store::{
        journal,
        round::{self, Step},
    },
};

/// Reveals the seed of a sealed round.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn reveal(app: &App, row: Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let in_time = now < row.pulse_at;
    let round =
        Round::open(&app.keys, row).ok_or_else(|| refused("the key file does not open this round"))?;
    let seed = match in_time {
        true => Digest(
            round.organiser_seed(&app.keys).ok_or_else(|| refused("the organiser seed does not open"))?,
        ),
        false => Digest::ZERO,
    };
    let txn = app.db.begin().await?;
    let change = ActiveModel {
        revealed_at: Set(Some(now)),
        organiser_seed: Set(Some(seed.to_string())),
        ..Default::default()
    };
    let done = round::settle(&txn, round.row.id, Step::Reveal, change).await?;
    if done {
        let body = json!({ "organiser_seed": seed.to_string(), "in_time": in_time });
        journal::insert(&txn, round.row.id, now, "reveal", body.to_string()).await?;
        txn.commit().await?;
    }
    Ok(done)
}
