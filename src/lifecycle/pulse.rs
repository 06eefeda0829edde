//! Pulse: chance that nobody could know before the seal, believed for its signature alone.
//!
//! There is one pulse a round can be drawn with, named at announce. If it is late, the draw is
//! late; nothing is ever put in its place.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{beacon, record::Pulse, rules::Beacon};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{LifecycleError, refused};
use crate::{
    app::App,
    store::{
        journal,
        round::{self, Step},
    },
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
        Beacon::Declared { .. } => Err(refused("declared values are not typed in here yet")),
    }
}

/// Writes down the pulse of a revealed round. Returns whether this call did.
///
/// # Errors
/// [`LifecycleError`]; refused before its time: a pulse that is known early was not chance.
pub async fn keep(app: &App, row: &Model, pulse: &Pulse, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    if now < row.pulse_at {
        return Err(refused(format!("the pulse of this round is due at {}, not before", row.pulse_at)));
    }
    let txn = app.db.begin().await?;
    let change = ActiveModel { pulse: Set(Some(pulse.to_json())), ..Default::default() };
    let kept = round::settle(&txn, row.id, Step::Pulse, change).await?;
    if kept {
        let body = json!({ "pulse": pulse.value().to_string() });
        journal::insert(&txn, row.id, now, "pulse", body.to_string()).await?;
        txn.commit().await?;
    }
    Ok(kept)
}
