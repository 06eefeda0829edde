//! What a round's plan allows identity checks in a minute, on all instances together. Nothing of this depends on who has
//! entered.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::{App, Round},
    domain::{draft::Step, plan::Inputs},
    store::{self, load, rate::minute},
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
    let counts = load::counts(app.db.read(), &[CHECKS, misuse::TEXTS], minute(now)).await?;
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
