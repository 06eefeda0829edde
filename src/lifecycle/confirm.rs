//! A roster in use is replaced by two members of staff, as a whole, at one instant.

use entities::roster::ActiveModel;
use sea_orm::{ActiveValue::Set, DbErr};

use super::{
    LifecycleError,
    announce::Staff,
    because,
    replaced::{Replacing, compared},
};
use crate::{
    app::App,
    domain::because::Because,
    store::{self, lease},
};

/// What replacing a roster by the complete one of this `digest` would change.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn replacing(app: &App, name: &str, digest: &str) -> Result<Replacing, LifecycleError> {
    let db = app.db.read();
    let complete = store::roster::find(db, name, "complete").await?;
    let complete = complete.filter(|complete| complete.digest == digest);
    let complete = complete.ok_or_else(|| because(Because::NoRoster(name.to_owned())))?;
    if let Some(round) = serving(app, name).await? {
        return Err(because(Because::RosterServes { round }));
    }
    let current = store::roster::find(db, name, "current").await?;
    compared(app, current.as_ref(), &complete).await
}

/// Makes the complete roster of a name the current one, if it is the file of this `digest` or none is named; the
/// one before is erased. Returns how many are on it.
///
/// # Errors
/// [`LifecycleError::Refused`] in words.
pub async fn confirm(
    app: &App,
    name: &str,
    digest: Option<&str>,
    staff: &Staff,
) -> Result<i64, LifecycleError> {
    // To compare two lists takes seconds, in which nobody shall wait for this transaction: compared before, it is only asked
    // here whether they are still these two. Nobody comes or goes on either.
    let seen = match (digest, &staff.looked) {
        (Some(digest), Some(_)) => Some(replacing(app, name, digest).await?),
        _ => None,
    };
    let txn = app.db.begin().await?;
    lease::queue(&txn, &format!("roster {name}")).await?;
    let current = store::roster::find(&txn, name, "current").await?.map(|current| current.id);
    let complete = store::roster::find(&txn, name, "complete").await?;
    let Some(complete) = complete.filter(|complete| digest.is_none_or(|digest| digest == complete.digest))
    else {
        return Err(because(Because::NoRoster(name.to_owned())));
    };
    if let Some(round) = serving(app, name).await? {
        return Err(because(Because::RosterServes { round }));
    }
    if seen.is_some_and(|seen| seen.rosters != (current, complete.id)) {
        return Err(because(Because::Changed));
    }
    store::roster::discard(&txn, name, &["current"]).await?;
    let stands = seen.map(|seen| seen.stands()).unwrap_or_default();
    let change = ActiveModel {
        state: Set("current".to_owned()),
        current_at: Set(Some(app.clock.now())),
        staff: Set(staff.settle(&txn, app.clock.now(), &stands).await?),
        ..Default::default()
    };
    if !store::roster::settle(&txn, complete.id, "complete", change).await? {
        return Err(because(Because::Faster));
    }
    txn.commit().await?;
    app.rounds.forget();
    tracing::info!(roster = name, people = complete.people, "roster replaced");
    Ok(complete.people)
}

/// A round that has begun to enrol members of this roster and is not drawn yet.
async fn serving(app: &App, name: &str) -> Result<Option<String>, DbErr> {
    for used in store::round_roster::list_of(app.db.read(), name).await? {
        if used.roster_id.is_none() {
            continue;
        }
        let rounds = store::round::list(app.db.read()).await?;
        let open = rounds
            .into_iter()
            .find(|round| round.id == used.round_id && round.drawn_at.is_none() && round.voided_at.is_none());
        if let Some(round) = open {
            return Ok(Some(round.slug));
        }
    }
    Ok(None)
}
