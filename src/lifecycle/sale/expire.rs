//! Reservations about which nobody said anything in time. Whether the seller's system stood still or the buyer
//! went away is not known here, so it counts as a payment that failed: nobody loses a place to an outage.

use chrono::{DateTime, Utc};
use entities::reservation::Model;
use sea_orm::ConnectionTrait;

use super::{SaleError, queue, settle, told};
use crate::{
    app::{App, Round},
    store::reservation::{self, EXPIRED},
};

/// So many in one go; the next knock takes the next.
const BATCH: u64 = 200;

/// Ends one, in the caller's transaction, which queues.
///
/// # Errors
/// [`SaleError`].
pub(super) async fn expire(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<(), SaleError> {
    settle::free(txn, row, EXPIRED, now).await?;
    settle::extend(app, txn, round, row, row.until_at).await?;
    let seller = round.sellers.iter().find(|terms| terms.name == row.seller);
    let gone = Model { state: EXPIRED.to_owned(), ..row.clone() };
    told::tell(app, txn, round, seller, "reservation.expired", told::of(round, &gone), now).await?;
    Ok(())
}

/// Ends what has run out. Returns how many.
///
/// # Errors
/// [`SaleError`].
pub async fn expire_some(app: &App, now: DateTime<Utc>) -> Result<usize, SaleError> {
    let out = reservation::list_run_out(app.db.read(), now, BATCH).await?;
    if out.is_empty() {
        return Ok(0);
    }
    let rounds = app.rounds.list().await?;
    let mut ended = 0;
    for row in out {
        let Some(round) = rounds.iter().find(|round| round.row.id == row.round_id) else { continue };
        let txn = app.db.begin().await?;
        queue(&txn, round).await?;
        // It may have been settled since it was read.
        if reservation::find_live(&txn, row.round_id, &row.receipt)
            .await?
            .is_some_and(|live| live.id == row.id)
        {
            expire(app, &txn, round, &row, now).await?;
            txn.commit().await?;
            ended += 1;
        }
    }
    Ok(ended)
}
