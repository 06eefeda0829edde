//! How people arrived in past rounds, from what is public of them: the journal says how much was published when, and
//! that outlives everybody's data.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::journal::{Act, Event};

use super::{LifecycleError, refused};
use crate::{app::App, store};

/// Of fewer changes than this nobody can tell a curve.
const ENOUGH: u64 = 30;

/// Of each earlier round in which people entered, the share of all changes of its pool-to-be that were published when
/// as much of its registration had passed as has now of `round`'s. A batch is published some minutes after its
/// people entered, here as there.
///
/// # Errors
/// [`LifecycleError`].
pub async fn shares(app: &App, round: &Model, now: DateTime<Utc>) -> Result<Vec<f64>, LifecycleError> {
    let mut shares = Vec::new();
    for past in store::round::list(app.db.read()).await? {
        if past.id == round.id || past.closed_at.is_none() || past.closes_at > now {
            continue;
        }
        // Everybody of a served roster is enrolled at once: that is no curve.
        let used = store::round_roster::find(app.db.read(), past.id).await?;
        if used.is_some_and(|used| used.serves == "roster") {
            continue;
        }
        let at = alike(round, now, &past);
        let (mut all, mut by_then) = (0, 0);
        for row in store::journal::list_kinds(app.db.read(), past.id, &["entered"]).await? {
            let event: Event = row.line.parse().map_err(refused)?;
            if let Act::Entered { changes, .. } = event.act {
                all += changes;
                by_then += if event.at.unix() <= at.timestamp() { changes } else { 0 };
            }
        }
        if all >= ENOUGH {
            shares.push(share(by_then, all));
        }
    }
    Ok(shares)
}

/// When as much of the registration of `past` had passed as has of `round`'s.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "seconds of some days")]
fn alike(round: &Model, now: DateTime<Utc>, past: &Model) -> DateTime<Utc> {
    let seconds = |long: TimeDelta| long.num_seconds().max(1) as f64;
    let passed = seconds(now - round.opens_at) / seconds(round.closes_at - round.opens_at);
    past.opens_at
        + TimeDelta::seconds((seconds(past.closes_at - past.opens_at) * passed.clamp(0.0, 1.0)) as i64)
}

#[allow(clippy::cast_precision_loss, reason = "people")]
fn share(some: u64, all: u64) -> f64 {
    some as f64 / all as f64
}
