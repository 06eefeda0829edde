//! Names and birth dates that somebody tries at a roster. They can be guessed, and whether a name opens says whether its
//! owner has entered; mailboxes to try them from cost nothing. So wrong ones are counted for a network and in all, as wrong
//! codes are; where as many open, it is a crowd. Nothing of this depends on what the roster says, but on which names opened.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use super::{
    Person,
    misuse::{DAY, TRICKLE, hour, is_flood, trickles},
    network::caller_key,
};
use crate::{
    app::App,
    domain::roster::MemberKey,
    store::{counts, rate::minute},
};

const WRONG: &str = "wrong names";
const RIGHT: &str = "right names";
/// While somebody guesses from everywhere, networks with so few wrong names in a day go on as ever, as those do from which as
/// many open: nobody's own is spelled in more ways.
const FEW: u32 = 5;

/// Whether somebody may try one more name in this minute, on whichever instance. For its network it counts as wrong until it
/// was right, so that many at once are still many. In all it counts once it was wrong: one count that everybody has to wait
/// for is none to ask for at each sign-in, and of one person there is one on its way.
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
    let mut is_crowd = false;
    if !key.is_empty() {
        let (wrong, day) = (of(WRONG, &key), hour(now) - DAY);
        counts::add(&txn, &wrong, hour(now), i64::MAX).await?;
        // Those before this one. Thousands share one address of a mobile network, and some of them are not on the list.
        let wrong = counts::count_since(&txn, &wrong, day).await? - 1;
        let right = counts::count_since(&txn, &of(RIGHT, &key), day).await?;
        let floods = is_flood(wrong, right, codes.wrong_names_per_caller);
        if floods && !trickles(&txn, &format!("names {key}"), now).await? {
            return Ok(false);
        }
        is_crowd = !is_flood(wrong, right, FEW);
    }
    let all = counts::count_since(&txn, WRONG, hour(now) - DAY).await?;
    let is_many = all >= i64::from(codes.wrong_names_per_day);
    if is_many && !is_crowd && !counts::add(&txn, "names", minute(now), TRICKLE.into()).await? {
        return Ok(false);
    }
    txn.commit().await?;
    Ok(true)
}

/// The one that was tried at `now` opened. A name speaks for a network once in an hour: mailboxes cost nothing, and whoever
/// is on the list would guess as often as they give their own.
///
/// # Errors
/// What the database said.
pub async fn settle_right(
    app: &App,
    known_by: &MemberKey,
    caller: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let key = caller_key(app, caller);
    if key.is_empty() {
        return Ok(());
    }
    let opened = format!("{key} {}", known_by.0);
    let again = format!("name opened {}", app.keys.digest("name opened", &opened));
    let txn = app.db.begin().await?;
    counts::take_back(&txn, &[&of(WRONG, &key)], hour(now)).await?;
    if counts::add(&txn, &again, hour(now), 1).await? {
        counts::add(&txn, &of(RIGHT, &key), hour(now), i64::MAX).await?;
    }
    txn.commit().await
}

/// One that opened nothing. The one with which only some may be tried is said in the log.
///
/// # Errors
/// What the database said; nobody may be told then that it opened nothing.
pub async fn settle_wrong(app: &App, now: DateTime<Utc>) -> Result<(), DbErr> {
    let most = i64::from(app.config.codes.wrong_names_per_day);
    let txn = app.db.begin().await?;
    counts::add(&txn, WRONG, hour(now), i64::MAX).await?;
    let all = counts::count_since(&txn, WRONG, hour(now) - DAY).await?;
    txn.commit().await?;
    if all == most {
        tracing::error!(
            most,
            per_minute = TRICKLE,
            "more names were tried in a day that open nothing than people mistype: somebody guesses who is on a roster; only \
             some may be tried in a minute now, but from networks with few of them, or from which as many open"
        );
    }
    Ok(())
}

fn of(what: &str, caller_key: &str) -> String {
    format!("{what} {caller_key}")
}
