//! Rosters that are not needed any more are erased, some thousand people at a time: a million in one
//! transaction would make everybody wait.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::App,
    store::{self, roster, round_roster},
};

/// People of one transaction.
const ROWS: u64 = 10_000;

/// Erases what is to be erased, for one transaction a roster. Returns how many people went.
///
/// # Errors
/// What the database said.
pub async fn erase_some(app: &App, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let mut erased = 0;
    for row in roster::list_erasing(app.db.read()).await? {
        let txn = app.db.begin().await?;
        let some = roster::erase_members(&txn, row.id, ROWS).await?;
        let done = some < ROWS && roster::settle_erased(&txn, row.id, now).await?;
        txn.commit().await?;
        if done {
            tracing::info!(roster = row.name, people = row.people, "roster erased");
        }
        erased += some;
    }
    Ok(erased)
}

/// The rosters that a round may have left.
const LEFT: [&str; 3] = ["current", "complete", "importing"];

/// Marks the roster of a purged round, unless another round still uses it. Returns how many people are to go.
///
/// # Errors
/// What the database said.
pub async fn discard_of(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let Some(used) = round_roster::find(txn, round_id).await? else { return Ok(0) };
    let rounds = store::round::list(txn).await?;
    let needed = round_roster::list_of(txn, &used.name).await?.iter().any(|other| {
        other.round_id != round_id
            && rounds.iter().any(|round| round.id == other.round_id && round.purged_at.is_none())
    });
    if needed {
        return Ok(0);
    }
    let people = roster::count_people(txn, &used.name, &LEFT).await?;
    roster::discard(txn, &used.name, &LEFT).await?;
    Ok(people)
}
