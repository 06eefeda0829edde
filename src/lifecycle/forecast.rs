//! Once a day, while a round is open: how many will have entered at the close, and whether what was
//! planned still holds with so many.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Asia::Seoul;
use entities::{plan, round::Model};
use public_audit::Rules;
use serde::{Deserialize, Serialize};

use super::{LifecycleError, arrivals, refused};
use crate::{
    app::App,
    domain::plan::{Between, Forecast, Inputs, Nothing, Plan, between, forecast, look},
    store::{self, entry},
};

/// A forecast, and the plan of a round of so many.
#[derive(Clone, Debug)]
pub struct Planned {
    /// How many.
    pub forecast: Forecast,
    /// With the expected number.
    pub expected: Plan,
    /// With the highest.
    pub high: Plan,
    /// What each limit must take, and between which figures that lies.
    pub loads: Vec<Between>,
}

/// A forecast, and what is wrong with a round of so many: what is kept and printed of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warned {
    /// How many.
    pub forecast: Forecast,
    /// Why the plan would be refused with the expected number.
    pub warnings: Vec<String>,
    /// Why it would be with the highest.
    pub possible: Vec<String>,
    /// What each limit must take, and between which figures that lies.
    #[serde(default)]
    pub loads: Vec<Between>,
}

impl From<Planned> for Warned {
    fn from(planned: Planned) -> Self {
        let why = |plan: &Plan| -> Vec<String> { plan.refusals.iter().map(ToString::to_string).collect() };
        let (warnings, possible) = (why(&planned.expected), why(&planned.high));
        Self { forecast: planned.forecast, warnings, possible, loads: planned.loads }
    }
}

/// The beginning of the local day.
fn day(now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = now.with_timezone(&Seoul).date_naive().and_time(NaiveTime::MIN);
    midnight.and_local_timezone(Seoul).earliest().map_or(now, |local| local.to_utc())
}

/// Makes the forecasts that are due today and logs what they warn of. Any number of instances may:
/// one of them counts.
///
/// # Errors
/// [`LifecycleError`].
pub async fn forecast_due(app: &App, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    let mut wrong = Ok(());
    for (plan, row) in store::plan::list_due(app.db.read(), now, day(now)).await? {
        // What is wrong with one round keeps no other from its forecast.
        match keep(app, &plan, &row, now).await {
            Ok(()) => {}
            Err(LifecycleError::Refused(why)) => {
                wrong = wrong.and(Err(refused(format!("{}: {why}", row.slug))));
            }
            Err(error) => wrong = wrong.and(Err(error)),
        }
    }
    wrong
}

/// Makes the forecast of one round and keeps it, if there is one.
async fn keep(app: &App, plan: &plan::Model, row: &Model, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    let Ok(planned) = made(app, plan, row, now).await? else { return Ok(()) };
    let warned = Warned::from(planned);
    let json = serde_json::to_string(&warned).map_err(refused)?;
    let txn = app.db.begin().await?;
    let kept = store::plan::settle(&txn, row.id, day(now), now, json).await?;
    txn.commit().await?;
    if kept {
        warn(&row.slug, &warned);
    }
    Ok(())
}

/// The forecast as of now, or why there is none.
///
/// # Errors
/// [`LifecycleError`].
pub async fn made(
    app: &App,
    plan: &plan::Model,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<Result<Planned, Nothing>, LifecycleError> {
    if row.voided_at.is_some() {
        return Ok(Err(Nothing::Void));
    }
    let inputs: Inputs = serde_json::from_str(&plan.inputs).map_err(refused)?;
    if !inputs.registers {
        // All of a roster take part; there is nothing to guess.
        return Ok(Err(Nothing::Served));
    }
    let rules = Rules::parse(row.rules.as_bytes()).map_err(refused)?;
    let entered = entry::count(app.db.read(), row.id).await?;
    let past = arrivals::shares(app, row, &rules, now).await?;
    let forecast = match forecast(row.opens_at, row.closes_at, now, entered, &inputs.expect, &past) {
        Ok(forecast) => forecast,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let of = |people: u64| {
        let mut inputs = inputs.clone();
        inputs.expect.entrants = Some(people);
        // Who could enter was asked at the announcement; now it is who will.
        inputs.expect.at_most = None;
        look(&rules, &inputs).map_err(|problems| refused(problems.join("; ")))
    };
    let (low, expected, high) = (of(forecast.low)?, of(forecast.expected)?, of(forecast.high)?);
    let loads = between([&low, &expected, &high]);
    Ok(Ok(Planned { forecast, expected, high, loads }))
}

fn warn(round: &str, warned: &Warned) {
    let Forecast { entered, expected, low, high, rounds, .. } = warned.forecast;
    tracing::info!(round, entered, expected, low, high, rounds, "forecast of entrants at the close");
    for warning in &warned.warnings {
        tracing::warn!(
            round,
            expected,
            warning,
            "with as many entrants as are expected the plan would be refused"
        );
    }
    for warning in warned.possible.iter().filter(|_| warned.warnings.is_empty()) {
        tracing::info!(
            round,
            high,
            warning,
            "with as many entrants as are possible the plan would be refused"
        );
    }
}
