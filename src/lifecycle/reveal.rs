//! Reveal: the organiser's seed is shown by the clock, before the pulse exists.
//!
//! Whoever withholds it does not yet know the outcome, so withholding gains nothing; and if it was
//! not shown in time, 32 zero bytes stand in its place for ever.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{Digest, journal::Act};
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, log, refused};
use crate::{
    app::{App, Round},
    store::round::{self, Step},
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
        // A seed that comes too late is never shown: its absence from the journal says so.
        if in_time {
            if app.clock.now() >= round.row.pulse_at {
                return Err(refused("the pulse came out before the seed was shown: it counts as zero"));
            }
            log(&txn, &round.row, now, Act::Revealed { seed }, "").await?;
        }
        txn.commit().await?;
    }
    Ok(done)
}
