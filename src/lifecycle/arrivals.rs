//! How people arrived in past rounds, from what is public of them: the journal says how much was published when, and
//! that outlives everybody's data.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::{Rules, rules::Beacon};

use super::LifecycleError;
use crate::app::{App, Round};

/// Of fewer changes than this nobody can tell a curve.
const ENOUGH: u64 = 30;

/// Of so many rounds the latest: how people came before is how others came.
const ROUNDS: usize = 60;

/// Of each earlier round that tells something of this one, the share of all changes of its pool-to-be that were published
/// when as much of its registration had passed as has now of `round`'s. A batch is published some minutes after its
/// people entered, here as there.
///
/// # Errors
/// [`LifecycleError`].
pub async fn shares(
    app: &App,
    round: &Model,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Vec<f64>, LifecycleError> {
    let mut shares = Vec::new();
    let before = app.rounds.list().await?.into_iter();
    let telling = before.filter(|past| past.row.id != round.id && tells(past, rules, now)).take(ROUNDS);
    for past in telling.collect::<Vec<_>>() {
        let arrived = app.arrivals.of(&app.db, past.row.id).await?;
        let at = alike(round, now, &past.row).timestamp();
        let changes =
            |until: i64| -> u64 { arrived.iter().filter(|(at, _)| *at <= until).map(|(_, some)| some).sum() };
        let all = changes(i64::MAX);
        if all >= ENOUGH {
            shares.push(share(changes(at), all));
        }
    }
    Ok(shares)
}

/// Whether people came to `past` as they may come to a round of these rules.
fn tells(past: &Round, rules: &Rules, now: DateTime<Utc>) -> bool {
    // Before the seal the last batches are not published. What was ended may have been ended for how people came.
    let whole = past.row.sealed_at.is_some() && past.row.closes_at <= now && past.row.voided_at.is_none();
    // Everybody of a served roster is enrolled at once: that is no curve.
    let entered = past.roster.as_ref().is_none_or(|used| used.row.serves != "roster");
    // Those who rehearse were asked to come.
    let rehearsal = |rules: &Rules| matches!(rules.beacon, Beacon::None {});
    whole && entered && (!rehearsal(&past.rules) || rehearsal(rules))
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
