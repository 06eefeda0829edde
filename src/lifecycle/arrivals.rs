//! How people arrived in past rounds, from what is public of them: the journal says how much was published when, and
//! that outlives everybody's data.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::{Rules, rules::Beacon};

use super::{LifecycleError, batch::HURRY};
use crate::app::{App, Round};

/// Of fewer changes, or places, than this nobody can tell anything.
pub(super) const ENOUGH: u64 = 30;

/// Of so many rounds the latest: how people came before is how others came.
pub(super) const ROUNDS: usize = 60;

/// Of each earlier round that tells something of this one, the share of all changes of its pool-to-be that had happened
/// when as much of its registration had passed as has now of `round`'s.
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
        if arrived.iter().map(|(_, some)| some).sum::<u64>() >= ENOUGH {
            let by = alike(round, now, &past.row).timestamp();
            shares.push(share(&arrived, past.row.opens_at.timestamp(), by));
        }
    }
    Ok(shares)
}

/// Whether people came to `past` as they may come to a round of these rules.
fn tells(past: &Round, rules: &Rules, now: DateTime<Utc>) -> bool {
    // Before the seal the last batches are not published. What was ended may have been ended for how people came.
    let whole = past.row.sealed_at.is_some() && past.row.closes_at <= now && past.row.voided_at.is_none();
    // Everybody of a served roster is enrolled at once: that is no curve.
    whole && !past.is_served() && is_as_earnest(&past.rules, rules)
}

/// Whether people take part in both for the same reason: those who rehearse were asked to come.
pub(super) fn is_as_earnest(past: &Rules, rules: &Rules) -> bool {
    let rehearsal = |rules: &Rules| matches!(rules.beacon, Beacon::None {});
    !rehearsal(past) || rehearsal(rules)
}

/// When as much of the registration of `past` had passed as has of `round`'s.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "seconds of some days")]
fn alike(round: &Model, now: DateTime<Utc>, past: &Model) -> DateTime<Utc> {
    let seconds = |long: TimeDelta| long.num_seconds().max(1) as f64;
    let passed = seconds(now - round.opens_at) / seconds(round.closes_at - round.opens_at);
    past.opens_at
        + TimeDelta::seconds((seconds(past.closes_at - past.opens_at) * passed.clamp(0.0, 1.0)) as i64)
}

/// The share of all changes that had happened by then. A batch is published some minutes after its people entered, and
/// those of an open round are counted as they come: so are these, evenly from the batch before on, for no longer than a
/// change waits for company.
#[allow(clippy::cast_precision_loss, reason = "people, and seconds of half an hour")]
fn share(arrived: &[(i64, u64)], opens: i64, by: i64) -> f64 {
    let (mut since, mut last) = (opens, opens);
    let (mut come, mut all) = (0.0, 0.0);
    for (at, some) in arrived {
        // Of millions at once several are published in one second.
        if *at > last {
            since = last.max(*at - HURRY.num_seconds());
            last = *at;
        }
        let part = (by - since) as f64 / (last - since).max(1) as f64;
        come += part.clamp(0.0, 1.0) * *some as f64;
        all += *some as f64;
    }
    come / all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty, thirty, and, after a night, two batches at once.
    #[test]
    fn who_is_published_later_has_come_before() {
        let arrived = [(300, 30), (600, 30), (7_200, 20), (7_200, 10)];
        let come = |by: i64| share(&arrived, 0, by) * 90.0;
        for (by, people) in [
            (-1, 0.0),
            (0, 0.0),
            (150, 15.0),
            (300, 30.0),
            (450, 45.0),
            (600, 60.0),
            (5_400, 60.0),
            (6_300, 75.0),
            (7_200, 90.0),
            (i64::from(u32::MAX), 90.0),
        ] {
            assert!((come(by) - people).abs() < 1e-9, "{by}: {}", come(by));
        }
    }
}
