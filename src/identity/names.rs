//! Names and birth dates that somebody tries at a roster. They can be guessed, and whether a name opens says whether its
//! owner has entered; mailboxes to try them from cost nothing. So wrong ones are counted for a network and in all, as wrong
//! codes are. Nothing of this depends on what the roster says, but that a name which opened counts as none.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use super::{
    Person,
    misuse::{DAY, TRICKLE, hour},
    network::caller_key,
};
use crate::{
    app::App,
    store::{load as counts, rate::minute},
};

const WRONG: &str = "wrong names";
/// While somebody guesses from everywhere, networks with so few wrong names in a day go on as ever: nobody's own is spelled
/// in more ways.
const FEW: i64 = 5;

/// Whether somebody may try one more name in this minute, on whichever instance. It counts as wrong until it was right, so
/// that many at once are still many.
///
/// # Errors
/// What the database said.
pub async fn may_try(app: &App, person: &Person, caller: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let (codes, key) = (&app.config.codes, caller_key(app, caller));
    let person = format!("roster try {}", app.keys.digest("roster try", person.key()));
    let txn = app.db.begin().await?;
    if !counts::add(&txn, &person, minute(now), 1).await? {
        return Ok(false);
    }
    counts::add(&txn, WRONG, hour(now), i64::MAX).await?;
    let all = counts::count_since(&txn, WRONG, hour(now) - DAY).await?;
    let mut is_one_of_few = false;
    if !key.is_empty() {
        let theirs = of(&key);
        counts::add(&txn, &theirs, hour(now), i64::MAX).await?;
        let wrong = counts::count_since(&txn, &theirs, hour(now) - DAY).await?;
        // One a minute: by itself a network never comes to what all may together.
        let is_many = wrong > i64::from(codes.wrong_names_per_caller);
        if is_many && !counts::add(&txn, &format!("names {key}"), minute(now), 1).await? {
            return Ok(false);
        }
        is_one_of_few = wrong <= FEW;
    }
    let most = i64::from(codes.wrong_names_per_day);
    if all > most && !is_one_of_few && !counts::add(&txn, "names", minute(now), TRICKLE.into()).await? {
        return Ok(false);
    }
    if all == most + 1 {
        tracing::error!(
            most,
            per_minute = TRICKLE,
            "more names were tried in a day that open nothing than people mistype: somebody guesses who is on a roster; only \
             some may be tried in a minute now, but from networks with few of them"
        );
    }
    txn.commit().await?;
    Ok(true)
}

/// The one that was tried at `now` opened.
///
/// # Errors
/// What the database said.
pub async fn settle_right(app: &App, caller: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let key = caller_key(app, caller);
    let txn = app.db.begin().await?;
    counts::take_back(&txn, &[WRONG], hour(now)).await?;
    if !key.is_empty() {
        counts::take_back(&txn, &[&of(&key)], hour(now)).await?;
    }
    txn.commit().await
}

fn of(caller_key: &str) -> String {
    format!("{WRONG} {caller_key}")
}
