//! Release: a result that the bias guard holds is published after all, by two members of staff who have
//! looked at the table.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{
    journal::{Act, event::is_reason},
    record::Pulse,
};
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, announce::Staff, draw, log, refused, results};
use crate::{
    app::{App, Round},
    store::{entry, notice, round},
};

/// Releases a held result: the draw stands as it was drawn, and everybody is told from now on.
///
/// # Errors
/// [`LifecycleError`].
pub async fn release(
    app: &App,
    row: &Model,
    reason: &str,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    if !is_reason(reason) {
        return Err(refused(
            "say what you found in one line of at most 1,000 characters: everybody can read it",
        ));
    }
    if staff.is_one_person() {
        return Err(refused("the approver must be somebody else than the clerk"));
    }
    let round = Round::open(&app.keys, row.clone())
        .ok_or_else(|| refused("the key file does not open this round"))?;
    let pulse = Pulse::parse(row.pulse.as_deref().unwrap_or_default()).map_err(refused)?;
    let (round, drawn, _) = draw::compute(app, round, &pulse).await?;
    let channels = entry::list_channels(app.db.read(), row.id).await?;
    let joined = results::joined(app.db.read(), &round).await?;

    let txn = app.db.begin().await?;
    let change = ActiveModel { released_at: Set(Some(now)), ..Default::default() };
    if !round::release(&txn, row.id, change).await? {
        return Err(refused("nothing of this round is held"));
    }
    notice::insert_all(&txn, results::notices(&channels, &joined, &round, &drawn, now)).await?;
    let named = format!("{}, {}", staff.clerk, staff.approver);
    log(&txn, row, now, Act::Released { reason: reason.to_owned() }, &named).await?;
    txn.commit().await?;
    app.rounds.forget();
    app.outbox.notify_one();
    Ok(())
}
