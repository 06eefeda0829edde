//! What a round's plan allows identity checks in a minute, on all instances together. Nothing of this depends on who has
//! entered.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::{App, Round},
    domain::{draft::Step, plan::Inputs},
    store::{self, counts, rate::minute},
};

use super::misuse;

/// How it stands with identity checks, for whoever is about to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// There is room.
    Green,
    /// More than two in three of what is planned for this minute.
    Amber,
    /// As much as is planned for this minute: the next can begin in the next.
    Red,
    /// There is room but for texts, of which only some are sent in a minute (`misuse`).
    NoTexts,
}

const CHECKS: &str = "identity";

/// So many checks one network may begin in a minute where its share would be fewer: a community centre at which people are
/// helped has one address. Of a plan that has few for everybody it is half.
const LEAST: i64 = 10;

/// What one network may begin in a minute of a plan, whether its codes are typed or not: whoever types each one is no flood,
/// and would have the whole of every minute. It is a share and no small number, for behind one address of a carrier there
/// may be thousands.
fn share(budget: u32, percent: u32) -> i64 {
    let budget = i64::from(budget);
    let least = LEAST.min((budget + 1) / 2);
    (budget * i64::from(percent) / 100).max(least)
}

/// What a round's plan allows in a minute: the smallest limit of whatever entering needs.
pub(super) async fn budget(app: &App, round: &Round) -> Result<Option<u32>, DbErr> {
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

/// How it stands; `None` where no plan says what there is room for, and nothing is short. `texts`: whether it can be a
/// text that is asked for.
///
/// # Errors
/// What the database said.
pub async fn light(
    app: &App,
    round: &Round,
    texts: bool,
    now: DateTime<Utc>,
) -> Result<Option<Light>, DbErr> {
    let budget = budget(app, round).await?.map(i64::from);
    if budget.is_none() && !texts {
        return Ok(None);
    }
    let counts = counts::list(app.db.read(), &[CHECKS, misuse::TEXTS], minute(now)).await?;
    let count = |what| counts.get(what).copied().unwrap_or(0);
    let of_plan = budget.map(|budget| match count(CHECKS) {
        count if count >= budget => Light::Red,
        count if count * 3 > budget * 2 => Light::Amber,
        _ => Light::Green,
    });
    let trickles = texts && count(misuse::TEXTS) >= misuse::TRICKLE.into();
    Ok(match of_plan {
        Some(Light::Red) => of_plan,
        _ if trickles => Some(Light::NoTexts),
        _ => of_plan,
    })
}

/// Counts one check that begins; `false` if there is no room for it in this minute, or none for this network any more:
/// then nothing of the transaction is kept.
///
/// # Errors
/// What the database said.
pub async fn begin(
    txn: &impl ConnectionTrait,
    app: &App,
    round: &Round,
    caller_key: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(budget) = budget(app, round).await? else { return Ok(true) };
    if !caller_key.is_empty() {
        let theirs = format!("{CHECKS} {caller_key}");
        let share = share(budget, app.config.codes.share_per_caller);
        if !counts::add(txn, &theirs, minute(now), share).await? {
            return Ok(false);
        }
    }
    counts::add(txn, CHECKS, minute(now), budget.into()).await
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_network_has_a_quarter_or_ten_or_half_of_few() {
        assert_eq!([share(400, 25), share(41, 25), share(20, 25)], [100, 10, 10]);
        assert_eq!([share(9, 25), share(2, 25), share(1, 25)], [5, 1, 1]);
        assert_eq!([share(400, 100), share(9, 100)], [400, 9]);
    }
}
