//! Void: a round that does not count, with a reason that everybody can read. It stays public under its
//! number, so that nobody draws until the result pleases.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::journal::{Act, event::is_reason};
use sea_orm::ActiveValue::Set;

use super::{
    LifecycleError,
    announce::Staff,
    because, fold, log,
    telling::{Hearer, planned_over},
};
use crate::{
    app::App,
    domain::{because::Because, spread},
    store::{
        entry, notice,
        round::{self, Step},
        telling,
    },
};

/// After so long everybody has seen it on the page.
const POINTLESS: TimeDelta = TimeDelta::days(14);

/// Voids a round. Nothing can be acknowledged after it, and the clock does the rest: [`tell`].
///
/// # Errors
/// [`LifecycleError`]; refused once the pulse of a sealed pool is out: the result exists then, whether
/// anybody has computed it or not.
pub async fn void(
    app: &App,
    row: &Model,
    reason: &str,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    if !is_reason(reason) {
        return Err(because(Because::Reason));
    }
    let txn = app.db.begin().await?;
    let change = ActiveModel { voided_at: Set(Some(now)), ..Default::default() };
    if !round::void(&txn, row.id, now, change).await? {
        return Err(because(Because::Stands));
    }
    let named = staff.settle(&txn, now, "").await?;
    log(&txn, row, now, Act::Voided { reason: reason.to_owned() }, &named).await?;
    txn.commit().await?;
    app.rounds.forget();
    Ok(())
}

/// Plans a notice for everybody who takes part in a void round, spread over the hours that were meant
/// for the results. What was acknowledged before is folded first, so that nobody is left out.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn tell(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    fold::fold(app).await?;
    let channels = entry::list_channels(app.db.read(), row.id).await?;
    let minutes = usize::try_from(row.spread_minutes).unwrap_or(1).max(1);
    let minutes: Vec<DateTime<Utc>> = spread::minutes(now, minutes).collect();
    let count = channels.iter().count();
    let pointless = minutes.last().copied().unwrap_or(now) + POINTLESS;
    let (what, jitter) = (("voided", 1), TimeDelta::zero());
    let hearer = |(receipt, channel): (public_audit::Receipt, &str)| {
        let (receipt, channel) = (receipt.to_string(), channel.to_owned());
        Some(Hearer { receipt, channel, what, jitter, pointless })
    };
    let notices: Box<dyn Iterator<Item = _> + Send> =
        Box::new(planned_over(row.id, count, channels.iter().map(hearer), minutes));
    let txn = app.db.begin().await?;
    let change = ActiveModel {
        told_at: Set(Some(now)),
        entrant_count: Set(Some(i64::try_from(count).unwrap_or(i64::MAX))),
        ..Default::default()
    };
    let done = round::settle(&txn, row.id, Step::Tell, change).await?;
    if done {
        // Nobody is told to come, or that they entered, in a round that does not count.
        telling::settle(&txn, row.id, None, now).await?;
        notice::end_planned(&txn, row.id, now).await?;
        notice::insert_all(&txn, notices).await?;
        txn.commit().await?;
        app.outbox.notify_waiters();
    }
    Ok(done)
}
