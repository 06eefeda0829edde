//! One instance at a time takes the steps of a round. Two would change nothing, for each step is a compare-and-swap; but
//! a draw of millions takes minutes and gigabytes, and both would spend them.

use std::{convert::Infallible, time::Duration};

use chrono::TimeDelta;
use sea_orm::DbErr;

use crate::{app::App, clock::Clock, store::lease};

/// So long nobody takes the steps of a round after whoever did was killed.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// So often it is renewed, however long a step takes.
const RENEWED: Duration = Duration::from_secs(20);

/// Does `work` for a round, unless another instance is at it. Other rounds are another lease: they are drawn side by side.
///
/// # Errors
/// What the database said about the lease.
pub async fn round(app: &App, id: i64, work: impl Future<Output = ()>) -> Result<(), DbErr> {
    let name = format!("steps {id}");
    if !lease::take(&app.db, &name, &app.instance, app.clock.now(), LEASE).await? {
        return Ok(());
    }
    tokio::select! {
        () = work => {}
        never = renew(app, &name) => match never {},
    }
    lease::give_back(&app.db, &name, &app.instance).await
}

/// A database that is away for a moment says so to the work as well: what that makes of it counts.
async fn renew(app: &App, name: &str) -> Infallible {
    loop {
        Clock::pause(RENEWED).await;
        if let Err(error) = lease::take(&app.db, name, &app.instance, app.clock.now(), LEASE).await {
            tracing::warn!(%error, "the lease for the steps of a round is not renewed");
        }
    }
}
