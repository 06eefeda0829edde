//! Planning what everybody of a round is told. Millions of notices are not planned in one transaction: others
//! write in between, who enter another round for example. The event notes that there is something to tell, in
//! its own transaction; whoever is killed on the way is followed by the next tick, and nobody is told twice.

use chrono::{DateTime, Utc};
use entities::{notice, telling as row};
use public_audit::{draw::Drawn, record::Pulse};
use sea_orm::DbErr;

use super::{LifecycleError, draw, refused, results};
use crate::{
    app::{self, App, Round},
    store::{self, entry, telling},
};

/// Notices of one transaction: a fraction of a second on SQLite, where everybody else who writes waits.
const SOME: usize = 5_000;

/// The reason of notices about results.
pub const RESULT: &str = "result";
/// The reason of notices about the sealed pool.
pub const SEALED: &str = "sealed";

/// Plans what earlier ticks have not planned to the end of a round.
///
/// # Errors
/// [`LifecycleError`].
pub async fn tell_due(app: &App, round_id: i64) -> Result<(), LifecycleError> {
    let mut open = telling::list_open(app.db.read()).await?;
    open.retain(|row| row.round_id == round_id);
    for row::Model { reason, at, .. } in open {
        let rounds = store::round::list(app.db.read()).await?;
        let Some(row) = rounds.into_iter().find(|row| row.id == round_id) else { continue };
        let round = Round::open(&app.keys, row)
            .ok_or_else(|| refused("the key file does not open a round that is to be told something"))?;
        match reason.as_str() {
            SEALED => sealed(app, &round, at).await?,
            _ => {
                // At the next knock, if this process draws another round.
                let Ok(_drawing) = app.drawing.try_lock() else { return Ok(()) };
                let pulse = Pulse::parse(round.row.pulse.as_deref().unwrap_or_default()).map_err(refused)?;
                let (mut round, drawn) = draw::compute(app, round, &pulse).await?;
                let shifts = store::shift::list(app.db.read(), round_id).await?;
                round.shifts = shifts.iter().map(app::shift).collect();
                results(app, &round, &drawn, at).await?;
            }
        }
    }
    Ok(())
}

/// Plans the result of everybody, as of its event.
///
/// # Errors
/// What the database said.
pub async fn results(app: &App, round: &Round, drawn: &Drawn, at: DateTime<Utc>) -> Result<(), DbErr> {
    let channels = entry::list_channels(app.db.read(), round.row.id).await?;
    let joined = results::joined(app.db.read(), round).await?;
    plan(app, round.row.id, RESULT, results::notices(&channels, &joined, round, drawn, at)).await
}

/// Plans the seal and a checkpoint for everybody who takes mail.
///
/// # Errors
/// What the database said.
pub async fn sealed(app: &App, round: &Round, at: DateTime<Utc>) -> Result<(), DbErr> {
    let channels = entry::list_channels(app.db.read(), round.row.id).await?;
    plan(app, round.row.id, SEALED, results::seals(&channels, round, at)).await
}

async fn plan(
    app: &App,
    round_id: i64,
    reason: &str,
    notices: Box<dyn Iterator<Item = notice::ActiveModel> + Send + '_>,
) -> Result<(), DbErr> {
    let mut notices = notices;
    loop {
        let some: Vec<notice::ActiveModel> = notices.by_ref().take(SOME).collect();
        let count = i64::try_from(some.len()).unwrap_or(i64::MAX);
        let txn = app.db.begin().await?;
        // Voided meanwhile, or planned by another.
        if !telling::hold(&txn, round_id, reason, count).await? {
            return Ok(());
        }
        if some.is_empty() {
            telling::settle(&txn, round_id, Some(reason), app.clock.now()).await?;
            txn.commit().await?;
            app.outbox.notify_waiters();
            return Ok(());
        }
        store::notice::insert_all(&txn, some.into_iter()).await?;
        txn.commit().await?;
    }
}
