//! One instance at a time does what takes long: the steps of a round, the forecasts of the day. Each step is a
//! compare-and-swap, so two would not do it twice; but a draw of millions takes minutes and gigabytes, and both would spend
//! them.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::DbErr;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    app::App,
    clock::Clock,
    store::{Progress, lease},
};

/// So long nobody does the work of whoever was killed.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// So often it is renewed while the work takes longer.
const RENEWED: TimeDelta = TimeDelta::seconds(20);
/// And so many times, half an hour, after the last answer of the database: that this process lives does not say that its work
/// goes on. An answer from a machine that is gone is waited for for ever, and another instance then begins anew. Work that
/// goes on asks for a page or writes one every few seconds, and may take hours; what it only computes takes minutes.
const RENEWALS: u32 = 90;
/// What a stop in order waits for the database.
const GIVING_BACK: Duration = Duration::from_secs(2);

/// Takes the steps of a round by `work`, unless another instance is at it. Each round has a lease of its own.
///
/// # Errors
/// What the database said about the lease.
pub async fn steps(app: &App, round_id: i64, work: impl Future<Output = ()>) -> Result<(), DbErr> {
    alone(app, name(round_id), work).await
}

/// Does `work`, unless another instance has the lease `name`.
///
/// # Errors
/// What the database said about the lease.
pub async fn alone(app: &App, name: String, work: impl Future<Output = ()>) -> Result<(), DbErr> {
    if !lease::take(&app.db, &name, &app.instance, app.clock.now(), LEASE).await? {
        return Ok(());
    }
    let progress = Progress::default();
    // By itself: work that computes for seconds must not hold a renewal in the middle of its transaction.
    let renewing = AbortOnDropHandle::new(tokio::spawn(renew(app.clone(), name.clone(), progress.clone())));
    progress.of(work).await;
    drop(renewing);
    lease::give_back(&app.db, &name, &app.instance).await
}

/// Gives the steps of a round back that a stop has interrupted: the next process need not wait.
pub async fn give_back(app: &App, round_id: i64) {
    let name = name(round_id);
    let given = Clock::within(GIVING_BACK, lease::give_back(&app.db, &name, &app.instance)).await;
    if !matches!(given, Some(Ok(()))) {
        tracing::warn!(round_id, "the lease of interrupted steps runs out by itself, in a minute");
    }
}

fn name(round_id: i64) -> String {
    format!("steps {round_id}")
}

/// A database that is away for a moment says so to the work as well: what that makes of it counts.
async fn renew(app: App, name: String, progress: Progress) {
    let (mut seen, mut renewals) = (progress.answers(), 0);
    while renewals < RENEWALS {
        app.clock.sleep_until(app.clock.now() + RENEWED).await;
        let before = std::mem::replace(&mut seen, progress.answers());
        renewals = if seen == before { renewals + 1 } else { 0 };
        match lease::take(&app.db, &name, &app.instance, app.clock.now(), LEASE).await {
            Ok(true) => {}
            Ok(false) => {
                return tracing::warn!(name, "another instance has the lease: the work is done twice");
            }
            Err(error) => tracing::warn!(name, %error, "the lease is not renewed"),
        }
    }
    tracing::warn!(
        name,
        "the database has answered nothing for half an hour: the lease is not renewed any more"
    );
}
