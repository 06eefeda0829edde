//! Small cells are merged before the pool is sealed: what is published of people changes, nobody's place
//! does. Whose line changes is in a batch of the journal like any other change.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, fold, refused};
use crate::{
    app::{App, Round},
    domain::who::cells::{self, Merged},
    store::{batch, entry, lease},
};

/// What merging does to the pool as it stands.
///
/// # Errors
/// [`LifecycleError`].
pub async fn merged(db: &impl ConnectionTrait, round: &Round) -> Result<Merged, LifecycleError> {
    let groups = entry::list_groups(db, round.row.id).await?;
    let cells: Vec<(String, u64)> = groups.into_iter().map(|(kept, entries, _)| (kept, entries)).collect();
    Ok(cells::merge(&round.rules, &cells))
}

/// Merges the small cells of a closed and folded round. Done twice, it finds nothing to do.
///
/// # Errors
/// [`LifecycleError`]; refused when a cell stays too small.
pub async fn merge(app: &App, round: &Round, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    if round.rules.smallest_cell <= 1 || round.who.fields.is_empty() {
        return Ok(());
    }
    let txn = app.db.begin().await?;
    // Two at once would note the same changes twice, and nothing could be sealed any more.
    lease::queue(&txn, &format!("cells {}", round.row.id)).await?;
    let merged = merged(&txn, round).await?;
    if let Some((count, kept)) = merged.small {
        return Err(refused(format!(
            "only {count} entries would publish `{kept}`, and the rules of this round ask for {} or none; no values \
             are left that could be published as one without changing somebody's day or place. Nothing is sealed: \
             void the round and announce it with fewer fields, fewer values or a smaller `smallest_cell`",
            round.rules.smallest_cell
        )));
    }
    let mut leaves = String::new();
    for (before, after) in merged.changes {
        for mut changed in entry::list_keeping(&txn, round.row.id, &before).await? {
            leaves += &fold::change('-', fold::leaf_in(round, &changed)?);
            changed.fields.clone_from(&after);
            // A receipt for the new line, asked for from here on, says since when there is one.
            changed.changed_at = now;
            leaves += &fold::change('+', fold::leaf_in(round, &changed)?);
            entry::update(&txn, changed).await?;
        }
    }
    if !leaves.is_empty() {
        batch::note(&txn, round.row.id, now, leaves).await?;
        txn.commit().await?;
    }
    Ok(())
}
