//! Pulse: chance that nobody could know before the seal, believed for its signature alone.
//!
//! There is one pulse a round can be drawn with, named at announce. If it is late, the draw is
//! late; nothing is ever put in its place.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{
    beacon,
    journal::Act,
    record::{self, Pulse},
    rules::Beacon,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{LifecycleError, announce::Staff, because, log, refused};
use crate::{
    app::App,
    domain::because::Because,
    store::round::{self, Step},
};

/// The pulse that `signature` proves, if it is the one these rules name.
///
/// # Errors
/// Why it is refused.
pub fn believe(named: &Beacon, signature: &str) -> Result<Pulse, LifecycleError> {
    match named {
        Beacon::None {} => Ok(Pulse::None {}),
        Beacon::Drand { public_key, round, .. } => {
            let randomness = beacon::verify(public_key, *round, signature).map_err(refused)?;
            Ok(Pulse::Drand { round: *round, signature: signature.to_owned(), randomness })
        }
        Beacon::Declared { .. } => Err(refused("the pulse of this round is typed in by two clerks")),
    }
}

/// The pulse that two clerks have typed, each without seeing what the other did: `sources` are the
/// numbers of each source the rules name, put into the form of RFC 3797 §4.
///
/// # Errors
/// Why it is refused.
pub fn declare(named: &Beacon, typed: [&str; 2]) -> Result<Pulse, LifecycleError> {
    let Beacon::Declared { .. } = named else {
        return Err(because(Because::NotDeclared));
    };
    let [one, other] = typed.map(values);
    match (one?, other?) {
        (one, other) if one == other => Ok(Pulse::Declared { values: one }),
        _ => Err(because(Because::Differ)),
    }
}

/// The canonical form of what was typed: sources are divided by `/`, numbers by anything that is no
/// digit, and the order of drawing within a source does not count.
fn values(typed: &str) -> Result<String, LifecycleError> {
    let source = |source: &str| {
        let numbers = source.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        let numbers: Vec<u64> =
            numbers.map(str::parse).collect::<Result<_, _>>().map_err(|_| because(Because::Numbers))?;
        if numbers.is_empty() { Err(because(Because::NoNumber)) } else { Ok(numbers) }
    };
    let sources = typed.trim().trim_end_matches('/').split('/').map(source).collect::<Result<Vec<_>, _>>()?;
    let values = record::declared(&sources);
    match record::is_declared(&values) {
        true => Ok(values),
        false => Err(because(Because::Numbers)),
    }
}

/// Writes down the pulse of a revealed round; `staff` typed it, or nobody did. Returns whether this call did.
///
/// # Errors
/// [`LifecycleError`]; refused before its time: a pulse that is known early was not chance.
pub async fn keep(
    app: &App,
    row: &Model,
    pulse: &Pulse,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    if now < row.pulse_at {
        return Err(because(Because::PulseEarly(row.pulse_at)));
    }
    let txn = app.db.begin().await?;
    let kept = settle(&txn, row, pulse, staff, now).await?;
    if kept {
        txn.commit().await?;
    }
    Ok(kept)
}

/// The same for values that two members of staff typed.
///
/// # Errors
/// [`LifecycleError`].
pub async fn keep_declared(
    app: &App,
    row: &Model,
    pulse: &Pulse,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    if now < row.pulse_at {
        return Err(because(Because::PulseEarly(row.pulse_at)));
    }
    let txn = app.db.begin().await?;
    let named = staff.settle(&txn, now, "").await?;
    let kept = settle(&txn, row, pulse, &named, now).await?;
    if kept {
        txn.commit().await?;
    }
    Ok(kept)
}

async fn settle(
    txn: &impl ConnectionTrait,
    row: &Model,
    pulse: &Pulse,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    let change = ActiveModel { pulse: Set(Some(pulse.to_json())), ..Default::default() };
    let kept = round::settle(txn, row.id, Step::Pulse, change).await?;
    if kept {
        log(txn, row, now, Act::Pulse { pulse: pulse.value() }, staff).await?;
    }
    Ok(kept)
}
