//! What runs out: claims, deadlines, codes.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use crate::{app::App, store};

/// Codes are remembered for a while after they expire, to count them per address.
const CODES: TimeDelta = TimeDelta::hours(2);

/// What is counted by the hour is looked at for a day.
const COUNTS: TimeDelta = TimeDelta::hours(25);

/// A seller may repeat a request for so long.
const ANSWERS: TimeDelta = TimeDelta::days(7);

/// Frees lost claims, ends notices past their deadline, forgets old codes.
pub async fn sweep(app: &App, now: DateTime<Utc>) {
    if let Err(error) = swept(app, now).await {
        tracing::error!(%error, "not swept");
    }
}

async fn swept(app: &App, now: DateTime<Utc>) -> Result<(), DbErr> {
    let (planned, unknown) = store::notice::release(&app.db, now).await?;
    if planned + unknown > 0 {
        tracing::warn!(planned, unknown, "claims of a stopped sender freed");
    }
    if store::notice::any_expired(app.db.read(), now).await? {
        let txn = app.db.begin().await?;
        let expired = store::notice::expire(&txn, now).await?;
        txn.commit().await?;
        tracing::warn!(expired, "notices past their deadline were not sent");
    }
    crate::lifecycle::rosters::erase_some(app, now).await?;
    crate::staff::signed_in::sweep(app, now).await?;
    store::spent::sweep(&app.db, now).await?;
    store::statement::sweep(&app.db, now).await?;
    store::readdressed::sweep(&app.db).await?;
    if store::counts::any_before(app.db.read(), now - COUNTS).await? {
        let txn = app.db.begin().await?;
        store::counts::remove_before(&txn, now - COUNTS).await?;
        txn.commit().await?;
    }
    if store::handover::any_answers(app.db.read(), now - ANSWERS).await? {
        let txn = app.db.begin().await?;
        store::handover::forget_answers(&txn, now - ANSWERS).await?;
        txn.commit().await?;
    }
    if store::code::any_expired(app.db.read(), now - CODES).await? {
        let txn = app.db.begin().await?;
        store::code::remove_expired(&txn, now - CODES).await?;
        txn.commit().await?;
    }
    Ok(())
}
