//! How much identity checks take, on all instances together: what a round's plan allows in a minute, and what a
//! stranger may make us send or guess.
//!
//! Nothing of this depends on who has entered.

use std::net::IpAddr;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::Person;
use crate::{
    app::{App, Round},
    domain::{draft::Step, plan::Inputs},
    store::{self, load, rate::minute},
};

/// How it stands with identity checks, for whoever is about to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// There is room.
    Green,
    /// More than two in three of what is planned for this minute.
    Amber,
    /// As much as is planned for this minute: the next can begin in the next.
    Red,
}

const CHECKS: &str = "identity";
const WRONG: &str = "wrong codes";

/// So many texts must have been sent, and fewer than half of their codes typed, before we believe that somebody makes us
/// send them.
const PUMPED: u64 = 200;
/// Codes younger than this may still be typed.
const SLOW: TimeDelta = TimeDelta::minutes(3);
/// What is still sent then, in a minute.
const TRICKLE: u32 = 5;

/// What a round's plan allows in a minute: the smallest limit of whatever entering needs.
async fn budget(app: &App, round: &Round) -> Result<Option<u32>, DbErr> {
    if let Some(known) = app.budgets.find(round.row.id) {
        return Ok(known);
    }
    let plan = store::plan::find(app.db.read(), round.row.id).await?;
    let inputs = plan.and_then(|plan| serde_json::from_str::<Inputs>(&plan.inputs).ok());
    let limits = inputs.iter().flat_map(|inputs| &inputs.dependency).filter_map(|dependency| {
        let each = dependency.uses.get(&Step::Entering).copied().filter(|each| *each > 0.0)?;
        let minute = dependency.per_minute.or(dependency.per_second.map(|second| second * 60.0))?;
        Some(minute / each)
    });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a million")]
    let budget = limits.reduce(f64::min).map(|most| most.clamp(1.0, 1_000_000.0) as u32);
    app.budgets.keep(round.row.id, budget);
    Ok(budget)
}

/// How it stands; `None` where no plan says what there is room for.
///
/// # Errors
/// What the database said.
pub async fn light(app: &App, round: &Round, now: DateTime<Utc>) -> Result<Option<Light>, DbErr> {
    let Some(budget) = budget(app, round).await? else { return Ok(None) };
    let count = load::count(app.db.read(), CHECKS, minute(now)).await?;
    Ok(Some(match count {
        count if count >= i64::from(budget) => Light::Red,
        count if count * 3 > i64::from(budget) * 2 => Light::Amber,
        _ => Light::Green,
    }))
}

/// Counts one check that begins; `false` if there is no room for it in this minute.
///
/// # Errors
/// What the database said.
pub async fn begin(
    txn: &impl ConnectionTrait,
    app: &App,
    round: &Round,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    match budget(app, round).await? {
        Some(budget) => load::add(txn, CHECKS, minute(now), budget.into()).await,
        None => Ok(true),
    }
}

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
    if budget(app, round).await?.is_none() {
        return Ok(true);
    }
    let (key, hour) = (caller_key(app, caller), hour(now));
    let txn = app.db.begin().await?;
    if !key.is_empty() {
        // Counted before it is looked at: many at once are still many.
        load::add(&txn, &left(&key), hour, i64::MAX).await?;
        let left = load::count(&txn, &left(&key), hour).await?;
        let came = load::count(&txn, &came(&key), hour).await?;
        if is_flood(left - 1 - came, came, app.config.codes.untyped_per_caller) {
            return Ok(false);
        }
    }
    let begun = begin(&txn, app, round, now).await?;
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
    if key.is_empty() || budget(app, round).await?.is_none() {
        return Ok(());
    }
    let txn = app.db.begin().await?;
    let again = format!("came again {}", app.keys.digest("arrived", person.key()));
    if load::add(&txn, &again, hour(now), app.config.codes.per_contact_per_hour.into()).await? {
        load::add(&txn, &came(&key), hour(now), i64::MAX).await?;
    }
    txn.commit().await
}

fn left(caller_key: &str) -> String {
    format!("left {caller_key}")
}

fn came(caller_key: &str) -> String {
    format!("came {caller_key}")
}

/// Whether too much of what a network begins leads nowhere. Thousands share one address of a mobile network: where as
/// much leads somewhere, it is a crowd.
pub fn is_flood(nowhere: i64, somewhere: i64, most: u32) -> bool {
    nowhere >= i64::from(most) && nowhere > somewhere
}

/// Whether a text may be sent though texts are sent whose codes nobody types: then a few a minute are, and it is said
/// in the log.
///
/// # Errors
/// What the database said.
pub async fn may_text(txn: &impl ConnectionTrait, app: &App, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let typed = match app.budgets.typed(now) {
        Some(typed) => typed,
        None => {
            let (sent, used) = store::code::count_texts(txn, now - TimeDelta::hours(1), now - SLOW).await?;
            let typed = sent < PUMPED || used * 2 >= sent;
            app.budgets.keep_typed(typed, now);
            typed
        }
    };
    if typed {
        return Ok(true);
    }
    if app.complaints.may("texts that nobody types", now) {
        tracing::error!(
            per_minute = TRICKLE,
            "fewer than half of the codes sent by SMS are typed: somebody makes us send them; only some are sent now"
        );
    }
    load::add(txn, "texts", minute(now), TRICKLE.into()).await
}

fn hour(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now)
}

/// One wrong code.
///
/// # Errors
/// What the database said.
pub async fn count_wrong(txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    load::add(txn, WRONG, hour(now), i64::MAX).await.map(drop)
}

/// Digits that codes need now. Six are enough until more wrong ones were typed in this hour than a large city's people
/// mistype: then eight, so that guessing at all of them together finds none.
///
/// # Errors
/// What the database said.
pub async fn digits(db: &impl ConnectionTrait, app: &App, now: DateTime<Utc>) -> Result<u8, DbErr> {
    let wrong = load::count(db, WRONG, hour(now)).await?;
    Ok(if wrong < i64::from(app.config.codes.wrong_per_hour) { 6 } else { 8 })
}

/// A network as it is kept; empty where nobody knows.
pub fn caller_key(app: &App, caller: &str) -> String {
    let network = network(caller);
    if network.is_empty() { network } else { app.keys.digest("code caller", &network) }
}

/// The network that an address is in: of whoever has one, they have many. Empty where nobody knows: an address of this
/// machine is a proxy's that nobody has named, with everybody behind it.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(address) if IpAddr::is_loopback(&address) => String::new(),
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_flood, network};

    #[test]
    fn neighbours_are_one_network() {
        assert_eq!(network("203.0.113.9"), network("203.0.113.200"));
        assert_ne!(network("203.0.113.9"), network("203.0.114.9"));
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:9::1"));
        assert_ne!(network("2001:db8:1::3"), network("2001:db8:2::3"));
        assert_eq!([network(""), network("127.0.0.1"), network("::1")], ["", "", ""]);
    }

    #[test]
    fn a_crowd_is_no_flood() {
        assert!(!is_flood(59, 0, 60) && is_flood(60, 0, 60) && is_flood(500, 499, 60));
        assert!(!is_flood(60, 60, 60) && !is_flood(200, 1_000, 60) && !is_flood(-3, 5, 60));
    }
}
