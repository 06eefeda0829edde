//! Purge: when a round is over and its retention has passed, who the entrants were is erased. The
//! record stays, and can no longer be linked to anybody.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::journal::Act;
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, log, misses, rosters};
use crate::{
    app::App,
    store::{
        attended, entry, handover, member,
        round::{self, Step},
        webhook,
    },
};

/// Erases the people of a round that ended so long ago as its draft said.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn purge(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    let change = ActiveModel {
        purged_at: Set(Some(now)),
        round_key_sealed: Set(String::new()),
        organiser_seed_sealed: Set(String::new()),
        ..Default::default()
    };
    let done = round::settle(&txn, row.id, Step::Purge, change).await?;
    if done {
        let erased = entry::erase_people(&txn, row.id).await?;
        member::erase(&txn, row.id).await?;
        attended::erase(&txn, row.id).await?;
        // Sellers know people by these.
        handover::erase(&txn, row.id).await?;
        webhook::erase(&txn, row.id).await?;
        if let Some(round) = app.rounds.find(&row.slug).await? {
            misses::expire(app, &txn, &round).await?;
        }
        rosters::discard_of(&txn, row.id).await?;
        log(&txn, row, now, Act::Erased { people: erased }, "").await?;
        txn.commit().await?;
    }
    Ok(done)
}
