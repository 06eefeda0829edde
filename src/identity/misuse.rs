//! What a stranger may make us send, guess, or use up, on all instances together: by what a network does, by texts that
//! nobody types, by wrong codes. Nothing of this depends on who has entered.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Person, network::caller_key, room};
use crate::{
    app::{App, Round, Texts},
    store::{self, code::OfCaller, counts, rate::minute},
};

const WRONG: &str = "wrong codes";
/// Wrong codes are counted over so long: whoever comes back each hour has no more guesses than whoever stays.
pub(super) const DAY: TimeDelta = TimeDelta::hours(24);

/// So many texts must have been sent, and fewer than half of their codes typed, before we believe that somebody makes us
/// send them.
const PUMPED: u64 = 200;
/// So many may be on their way that nobody has typed yet, or twice as many as were typed in the last hour.
const ON_THEIR_WAY: u64 = 300;
/// Codes younger than this may still be typed.
const SLOW: TimeDelta = TimeDelta::minutes(3);
/// What still leaves in a minute then, of all texts or from a flooded network.
pub(super) const TRICKLE: u32 = 5;
/// Under which they are counted while they trickle, on all instances together.
pub(super) const TEXTS: &str = "texts";

/// The same for a door that is elsewhere. To leave for it costs nobody anything, so one network leaves only so often
/// without coming back: what it leaves with beyond that takes nothing of what the plan has for everybody.
///
/// # Errors
/// What the database said.
pub async fn begin_elsewhere(
    app: &App,
    round: &Round,
    caller: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if room::budget(app, round).await?.is_none() {
        return Ok(true);
    }
    let (key, hour) = (caller_key(app, caller), hour(now));
    let txn = app.db.begin().await?;
    if !key.is_empty() {
        // Counted before it is looked at: many at once are still many.
        let (left, came) = (left(&key), came(&key));
        counts::add(&txn, &left, hour, i64::MAX).await?;
        let counted = counts::list(&txn, &[&left, &came], hour).await?;
        let [left, came] = [left, came].map(|what| counted.get(&what).copied().unwrap_or(0));
        let is_flood = is_flood(left - 1 - came, came, app.config.codes.untyped_per_caller);
        if is_flood && !trickles(&txn, &key, now).await? {
            return Ok(false);
        }
    }
    let begun = room::begin(&txn, app, round, &key, now).await?;
    if begun {
        txn.commit().await?;
    }
    Ok(begun)
}

/// Somebody whom such a door has let in. One person speaks for a network only so often.
///
/// # Errors
/// What the database said.
pub async fn count_arrived(
    app: &App,
    round: &Round,
    caller: &str,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let key = caller_key(app, caller);
    if key.is_empty() || room::budget(app, round).await?.is_none() {
        return Ok(());
    }
    let txn = app.db.begin().await?;
    let again = format!("came again {}", app.keys.digest("arrived", person.key()));
    if counts::add(&txn, &again, hour(now), app.config.codes.per_contact_per_hour.into()).await? {
        counts::add(&txn, &came(&key), hour(now), i64::MAX).await?;
    }
    txn.commit().await
}

fn left(caller_key: &str) -> String {
    format!("left {caller_key}")
}

fn came(caller_key: &str) -> String {
    format!("came {caller_key}")
}

/// Whether one more of a flooded network may begin in this minute. It is a few, and enough for the honest people in it to
/// show that they are there: nothing shut for the whole of an hour because of one neighbour.
///
/// # Errors
/// What the database said.
pub async fn trickles(
    txn: &impl ConnectionTrait,
    caller_key: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    counts::add(txn, &format!("trickle {caller_key}"), minute(now), TRICKLE.into()).await
}

/// Whether too much of what a network begins leads nowhere. Thousands share one address of a mobile network: where as
/// much leads somewhere, it is a crowd.
pub fn is_flood(nowhere: i64, somewhere: i64, most: u32) -> bool {
    nowhere >= i64::from(most) && nowhere > somewhere
}

/// Whether a text may be sent though texts are sent whose codes nobody types: then to networks from which they are typed, and
/// a few a minute to all others, and it is said in the log. `caller`: texts alone, for a code by mail costs whoever has a
/// domain nothing, as many as they like; it buys no text.
///
/// # Errors
/// What the database said.
pub async fn may_text(
    txn: &impl ConnectionTrait,
    app: &App,
    caller: Option<OfCaller>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let texts = match app.budgets.texts(now) {
        Some(texts) => texts,
        None => {
            let hour = now - TimeDelta::hours(1);
            let (sent, used) = store::code::count_texts(txn, hour, now - SLOW).await?;
            let texts = Texts { sent, used };
            app.budgets.keep_texts(texts, now);
            texts
        }
    };
    let (young, typed) = store::code::count_texts(txn, now - SLOW, now).await?;
    if !is_pumped(texts, (young - typed, typed)) || caller.is_some_and(|theirs| theirs.typed > theirs.untyped)
    {
        return Ok(true);
    }
    if app.complaints.may("texts that nobody types", now) {
        tracing::error!(
            per_minute = TRICKLE,
            "fewer than half of the codes sent by SMS are typed: somebody makes us send them; only some are sent now"
        );
    }
    counts::add(txn, TEXTS, minute(now), TRICKLE.into()).await
}

/// Whether somebody makes us send texts: seen from those that could have been typed by now, and, before any could, from how
/// many are on their way. A crowd at the opening types what it is sent, so that it may have more and more.
fn is_pumped(texts: Texts, (on_their_way, typed_since): (u64, u64)) -> bool {
    let untyped = texts.sent >= PUMPED && texts.used * 2 < texts.sent;
    untyped || on_their_way >= ON_THEIR_WAY.max((texts.used + typed_since) * 2)
}

pub(super) fn hour(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now)
}

/// Wrong codes of the last day.
async fn wrong(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<i64, DbErr> {
    counts::count_since(db, WRONG, hour(now) - DAY).await
}

/// One wrong code. The one with which codes become longer is said in the log: somebody guesses at everybody's.
///
/// # Errors
/// What the database said.
pub async fn count_wrong(txn: &impl ConnectionTrait, app: &App, now: DateTime<Utc>) -> Result<(), DbErr> {
    counts::add(txn, WRONG, hour(now), i64::MAX).await?;
    let most = i64::from(app.config.codes.wrong_per_day);
    if wrong(txn, now).await? == most {
        tracing::error!(
            most,
            "more wrong codes in a day than people mistype: somebody guesses at them; codes have eight digits now"
        );
    }
    Ok(())
}

/// Digits that codes need now. Six are enough until more wrong ones were typed in a day than a large city's people
/// mistype: then eight, so that guessing at all of them together finds none.
///
/// # Errors
/// What the database said.
pub async fn digits(db: &impl ConnectionTrait, app: &App, now: DateTime<Utc>) -> Result<u8, DbErr> {
    let wrong = wrong(db, now).await?;
    Ok(if wrong < i64::from(app.config.codes.wrong_per_day) { 6 } else { 8 })
}

#[cfg(test)]
mod tests {
    use super::{Texts, is_flood, is_pumped};

    #[test]
    fn a_crowd_is_no_flood() {
        assert!(!is_flood(59, 0, 60) && is_flood(60, 0, 60) && is_flood(500, 499, 60));
        assert!(!is_flood(60, 60, 60) && !is_flood(200, 1_000, 60) && !is_flood(-3, 5, 60));
    }

    #[test]
    fn a_pump_is_seen_in_its_first_minutes_and_an_opening_is_none() {
        let pumped = |sent, used, lately| is_pumped(Texts { sent, used }, lately);
        // Nothing typed yet: three hundred are on their way, and no more.
        assert!(!pumped(0, 0, (299, 0)) && pumped(0, 0, (300, 0)));
        // A crowd types what it is sent, and the next thousand may come.
        assert!(!pumped(0, 0, (499, 250)) && pumped(0, 0, (500, 250)));
        assert!(!pumped(5_000, 4_000, (3_000, 500)));
        // What was sent long enough ago says it better.
        assert!(pumped(200, 99, (0, 0)) && !pumped(199, 0, (0, 0)) && !pumped(200, 100, (0, 0)));
    }
}
