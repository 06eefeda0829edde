//! The steps of rounds that the clock has made due, in order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entities::round::Model;
use public_audit::{Rules, rules::Beacon};
use sea_orm::DbErr;

use super::relays;
use crate::{
    app::{App, Round, erases_at},
    domain::because::Because,
    lifecycle::{self, LifecycleError},
    store::{
        round::{self, Step},
        telling,
    },
};

/// Publishes what is due in the journal, and signs it. Any number of instances may: the journal's
/// queue and the checkpoint's size let one of them count.
pub async fn log(app: &App, now: DateTime<Utc>) {
    if let Err(error) = lifecycle::batch::publish_due(app, now).await
        && app.complaints.may("batches", now)
    {
        tracing::error!(%error, "batches not published, will be tried again");
    }
    if let Err(error) = lifecycle::checkpoint::sign(app).await
        && app.complaints.may("checkpoint", now)
    {
        tracing::error!(%error, "no checkpoint signed");
    }
}

/// Plans the reminders that are due to be planned.
pub async fn remind(app: &App, now: DateTime<Utc>) {
    let rounds = match app.rounds.list().await {
        Ok(rounds) => rounds,
        Err(error) => return tracing::error!(%error, "the database does not say who is to be reminded"),
    };
    for round in rounds.iter().filter(|round| now <= round.row.ends_at) {
        if let Err(error) = lifecycle::remind::plan(app, round, now).await
            && app.complaints.may("reminders", now)
        {
            tracing::error!(round = round.row.slug, %error, "reminders not planned, will be tried again");
        }
    }
}

/// A round that is due for something.
#[derive(Debug)]
pub struct Due {
    /// The round.
    pub id: i64,
    slug: String,
}

/// Takes every step that is due, one round after the other.
pub async fn steps(app: &App, now: DateTime<Utc>) {
    for due in due(app, now).await {
        take_due(app, &due, now).await;
    }
}

/// The rounds that are due for a step, for an offer, or to tell everybody something.
pub async fn due(app: &App, now: DateTime<Utc>) -> Vec<Due> {
    match list_all_due(app, now).await {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "the database does not say what is due");
            Vec::new()
        }
    }
}

async fn list_all_due(app: &App, now: DateTime<Utc>) -> Result<Vec<Due>, LifecycleError> {
    let mut rows = Vec::new();
    for step in Step::ALL {
        rows.extend(list_due(app, step, now).await?);
    }
    rows.extend(lifecycle::after::offer::list_due(app, now).await?.into_iter().map(|(row, _)| row));
    let open = telling::list_open(app.db.read()).await?;
    if !open.is_empty() {
        let rounds = round::list(app.db.read()).await?.into_iter();
        rows.extend(rounds.filter(|row| open.iter().any(|telling| telling.round_id == row.id)));
    }
    let by_number: BTreeMap<_, _> = rows.into_iter().map(|row| (row.number, row)).collect();
    Ok(by_number.into_values().map(|row| Due { id: row.id, slug: row.slug }).collect())
}

/// Takes what a round is due for, unless another instance is doing so. What fails is logged and asked for again at the
/// next knock.
pub async fn take_due(app: &App, due: &Due, now: DateTime<Utc>) {
    let work = async {
        for step in Step::ALL {
            match list_due(app, step, now).await {
                Ok(rows) => take_all(app, step, rows.into_iter().filter(|row| row.id == due.id)).await,
                Err(error) => return tracing::error!(%error, "the database does not say what is due"),
            }
        }
        offers(app, due, now).await;
        if let Err(error) = lifecycle::tell::tell_due(app, due.id).await
            && app.complaints.may(&format!("{} telling", due.slug), now)
        {
            let round = due.slug.as_str();
            tracing::error!(round, %error, "not everybody's notice is planned, will be tried again");
        }
    };
    // On the heap: what a step awaits is large.
    if let Err(error) = lifecycle::leased::steps(app, due.id, Box::pin(work)).await {
        tracing::error!(%error, "the lease for the steps of a round is not taken, or not given back");
    }
}

/// The rounds for which a step is due. How long people are kept after a round is the round's own; to be closed they wait for
/// what was handed in before. One that only waits for its pulse is not due: nobody takes its lease every second for nothing.
async fn list_due(app: &App, step: Step, now: DateTime<Utc>) -> Result<Vec<Model>, DbErr> {
    let mut due = round::list_due(app.db.read(), step, now).await?;
    due.retain(|row| match step {
        Step::Close => lifecycle::close::is_due(row, now),
        Step::Pulse => is_asked_for(row, now),
        Step::Purge => erases_at(row) <= now,
        _ => true,
    });
    Ok(due)
}

/// Makes the offer of a round whose time in the rules has come: one at a time.
async fn offers(app: &App, due: &Due, now: DateTime<Utc>) {
    let mut offers = match lifecycle::after::offer::list_due(app, now).await {
        Ok(offers) => offers,
        Err(error) => return tracing::error!(%error, "the database does not say which offers are due"),
    };
    offers.retain(|(row, _)| row.id == due.id);
    for (row, number) in offers {
        let round = row.slug.as_str();
        let Ok(drawing) = app.drawing.try_lock() else { return };
        let made = lifecycle::after::offer::offer(app, &row, number, app.clock.now()).await;
        drop(drawing);
        let made = match made {
            Ok(true) => publish_after(app, round).await.map(|()| true),
            made => made,
        };
        match made {
            Ok(true) => tracing::info!(round, number, "offer made"),
            // Another has made it.
            Ok(false) => {}
            Err(error) if app.complaints.may(&format!("{round} offer"), app.clock.now()) => {
                tracing::error!(round, number, %error, "offer not made, tried again every second");
            }
            Err(_) => {}
        }
    }
}

/// Makes the files now, before anybody asks for them.
async fn publish_after(app: &App, slug: &str) -> Result<(), LifecycleError> {
    match app.rounds.find(slug).await? {
        Some(round) => lifecycle::record::after::ensure(app, &round).await.map(drop),
        None => Ok(()),
    }
}

/// Computes everything again that was published after draws: once, when an instance starts.
pub async fn check_published(app: &App) {
    let rounds = match app.rounds.list().await {
        Ok(rounds) => rounds,
        Err(error) => return tracing::error!(%error, "what was published is not checked"),
    };
    for round in rounds.iter().filter(|round| round.is_published(app.clock.now())) {
        if let Err(error) = lifecycle::record::after::check(app, round).await {
            tracing::error!(round = round.row.slug, %error, "what was published after the draw does not hold");
        }
    }
}

async fn take_all(app: &App, step: Step, due: impl Iterator<Item = Model>) {
    for row in due {
        let round = row.slug.clone();
        // Asked anew: the step before may have taken long, and what is written must be true.
        match take(app, step, row, app.clock.now()).await {
            Ok(true) => tracing::info!(round, ?step, "step taken"),
            Ok(false) => {}
            Err(error) if app.complaints.may(&format!("{round} {step:?}"), app.clock.now()) => {
                tracing::error!(round, ?step, %error, "step not taken, tried again every second");
            }
            Err(_) => {}
        }
        app.rounds.forget();
    }
}

async fn take(app: &App, step: Step, row: Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    match step {
        Step::Close => lifecycle::close::close(app, &row, now).await,
        Step::Seal => {
            let Ok(_sealing) = app.sealing.try_lock() else { return Ok(false) };
            // The close was committed, so nothing can be added any more; what is there is folded.
            lifecycle::fold::fold(app).await?;
            if !lifecycle::enrol::is_done(app, row.id).await? {
                return Err(LifecycleError::Refused("not everybody on the roster is enrolled yet".into()));
            }
            // That may have taken long, and what is stamped must be true.
            lifecycle::seal::seal(app, row, app.clock.now()).await
        }
        Step::Reveal => lifecycle::reveal::reveal(app, row, now).await,
        Step::Pulse => pulse(app, row).await,
        Step::Draw => match app.drawing.try_lock() {
            Ok(_drawing) => lifecycle::draw::draw(app, row, now).await,
            Err(_) => Ok(false),
        },
        Step::Tell => lifecycle::void::tell(app, &row, now).await,
        Step::Purge => match app.purging.try_lock() {
            Ok(_purging) => lifecycle::purge::purge(app, &row, now).await,
            Err(_) => Ok(false),
        },
    }
}

/// Whether the pulse of a round is asked for now. When it is late, only every tenth second: nobody's relay is hammered. Values
/// are typed by two clerks, and the page says that they are waited for.
fn is_asked_for(row: &Model, now: DateTime<Utc>) -> bool {
    let late = (now - row.pulse_at).num_seconds();
    if late > 30 && now.timestamp() % 10 != 0 {
        return false;
    }
    match Rules::parse(row.rules.as_bytes()) {
        Ok(rules) => !matches!(rules.beacon, Beacon::Declared { .. }),
        // The step says what is wrong.
        Err(_) => true,
    }
}

/// Asks for the pulse.
async fn pulse(app: &App, row: Model) -> Result<bool, LifecycleError> {
    let Some(round) = Round::open(&app.keys, row) else {
        return Err(LifecycleError::Refused(Because::KeyFile));
    };
    let pulse = relays::ask(&app.config.beacon.relays, &round.rules.beacon).await;
    let pulse = pulse
        .map_err(|error| LifecycleError::Refused(format!("the pulse is not to be had: {error}").into()))?;
    lifecycle::pulse::keep(app, &round.row, &pulse, "", app.clock.now()).await
}
