//! Once a day, while a round is open: how many will have entered at the close, how many of those with a place will buy, and
//! whether what was planned still holds with so many.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Asia::Seoul;
use entities::{plan, round::Model};
use public_audit::Rules;
use serde::{Deserialize, Serialize};

use super::{LifecycleError, arrivals, leased, refused, turnouts::turnouts};
pub use crate::domain::plan::{Planned, Served};
use crate::{
    app::App,
    domain::{
        plan::{Between, Forecast, Inputs, Nothing, Plan, Show, between, forecast, look, show},
        who::Household,
    },
    store::{self, entry},
};

/// A forecast, and what is wrong with a round of so many: what is kept and printed of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warned {
    /// How many.
    pub forecast: Forecast,
    /// Where nobody enters: who they are.
    pub served: Option<Served>,
    /// How many of those with a place buy.
    pub show: Show,
    /// Why the plan would be refused with the expected number.
    pub warnings: Vec<String>,
    /// Why it would be with the highest, or if fewer of them buy: see [`Self::with_most`].
    pub possible: Vec<String>,
    /// What each limit must take, and between which figures that lies.
    #[serde(default)]
    pub loads: Vec<Between>,
}

impl Warned {
    /// With how many the plan would be refused for what is possible. Once past rounds say who buys, both the most and the
    /// fewest who may were planned with; and where nobody enters, how many there are is known.
    pub fn with_most(&self) -> &'static str {
        match (self.served, self.show.rounds) {
            (_, 0) => "with the most",
            (None, _) => "with the most, if the most or the fewest of them buy",
            (Some(_), _) => "if the most or the fewest of them buy",
        }
    }
}

impl From<Planned> for Warned {
    fn from(planned: Planned) -> Self {
        let why = |plan: &Plan| -> Vec<String> { plan.refusals.iter().map(ToString::to_string).collect() };
        let (warnings, possible) = (why(&planned.expected), why(&planned.high));
        let Planned { forecast, served, show, loads, .. } = planned;
        Self { forecast, served, show, warnings, possible, loads }
    }
}

/// The beginning of the local day.
fn day(now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = now.with_timezone(&Seoul).date_naive().and_time(NaiveTime::MIN);
    midnight.and_local_timezone(Seoul).earliest().map_or(now, |local| local.to_utc())
}

/// The one lease of all forecasts.
const LEASED: &str = "forecast";

/// Makes the forecasts that are due today and logs what they warn of. Any number of instances may: one of them counts, and
/// none tries again at once what came to nothing.
///
/// # Errors
/// [`LifecycleError`].
pub async fn forecast_due(app: &App, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    if due(app, now).await?.is_empty() {
        return Ok(());
    }
    let mut made = Ok(());
    let work = async { made = make_due(app, now).await };
    // On the heap: what it awaits is large.
    leased::alone(app, LEASED.to_owned(), Box::pin(work)).await?;
    made
}

/// The rounds whose forecast of the day is to be made by this instance, if it may.
async fn due(app: &App, now: DateTime<Utc>) -> Result<Vec<(plan::Model, Model)>, LifecycleError> {
    let mut due = store::plan::list_due(app.db.read(), now, day(now)).await?;
    due.retain(|(_, row)| !app.forecasts.was_tried(row.id, now));
    Ok(due)
}

async fn make_due(app: &App, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    let mut wrong = Ok(());
    // Asked anew: whoever had the lease until just now may have made them.
    for (plan, row) in due(app, now).await? {
        let kept = keep(app, &plan, &row, now).await;
        if !matches!(kept, Ok(true)) {
            // As of now: of millions it took a while.
            app.forecasts.note_tried(row.id, app.clock.now());
        }
        // What is wrong with one round keeps no other from its forecast.
        match kept {
            Ok(_) => {}
            Err(LifecycleError::Refused(why)) => {
                wrong = wrong.and(Err(refused(format!("{}: {why}", row.slug))));
            }
            Err(error) => wrong = wrong.and(Err(error)),
        }
    }
    wrong
}

/// Makes the forecast of one round and keeps it, if there is one. Returns whether it did.
async fn keep(
    app: &App,
    plan: &plan::Model,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    let Ok(planned) = made(app, plan, row, now).await? else { return Ok(false) };
    let warned = Warned::from(planned);
    let json = serde_json::to_string(&warned).map_err(refused)?;
    let txn = app.db.begin().await?;
    let kept = store::plan::settle(&txn, row.id, day(now), now, json).await?;
    txn.commit().await?;
    if kept {
        warn(&row.slug, &warned);
    }
    Ok(kept)
}

/// The forecast for a page that is looked at again and again: up to a minute old. Why there is none is as of now.
///
/// # Errors
/// [`LifecycleError`].
pub async fn made_lately(
    app: &App,
    plan: &plan::Model,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<Result<Arc<Planned>, Nothing>, LifecycleError> {
    if let Some(planned) = app.forecasts.find(row.id, now) {
        return Ok(Ok(planned));
    }
    let made = made(app, plan, row, now).await?.map(Arc::new);
    if let Ok(planned) = &made {
        app.forecasts.keep(row.id, planned.clone(), now);
    }
    Ok(made)
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
    let rules = Rules::parse(row.rules.as_bytes()).map_err(refused)?;
    let seats: u64 = rules.slots.iter().map(|slot| u64::from(slot.capacity)).sum();
    let (forecast, served) = if inputs.registers {
        let entered = entry::count(app.db.read(), row.id).await?;
        let past = arrivals::shares(app, row, &rules, now).await?;
        match forecast(row.opens_at, row.closes_at, now, entered, &inputs.expect, &past) {
            Ok(forecast) => (forecast, None),
            Err(nothing) => return Ok(Err(nothing)),
        }
    } else {
        let (forecast, served) = everybody(app, row, inputs.expect.entrants.unwrap_or(seats), now).await?;
        (forecast, Some(served))
    };
    let past = turnouts(app, row, &rules, now).await?;
    let show = show(inputs.expect.show(), forecast.expected.min(seats), &past);
    let of = |people: u64, show: Option<f64>| {
        let mut inputs = inputs.clone();
        inputs.expect.entrants = Some(people);
        // Who could enter was asked at the announcement; now it is who will.
        inputs.expect.at_most = None;
        inputs.expect.show = show.map(|share| share * 100.0).or(inputs.expect.show);
        look(&rules, &inputs).map_err(|problems| refused(problems.join("; ")))
    };
    let learned = |share: f64| (show.rounds > 0).then_some(share);
    let expected = of(forecast.expected, learned(show.expected))?;
    let mut high = of(forecast.high, learned(show.high))?;
    let low = of(forecast.low, learned(show.low))?;
    let loads = if show.rounds == 0 {
        between(&expected, &[&low, &high], None)
    } else {
        // Whoever does not buy in their time comes at a second one, is reminded, or leaves a place to somebody else.
        let late = [of(forecast.low, Some(show.high))?, of(forecast.high, Some(show.low))?];
        let own = of(forecast.expected, None)?;
        let loads = between(&expected, &[&low, &high, &late[0], &late[1]], Some(&own));
        let [_, late] = late;
        let known = high.refusals.clone();
        let new =
            late.refusals.into_iter().filter(|one| !known.iter().any(|other| one.why.is_like(&other.why)));
        high.refusals.extend(new);
        loads
    };
    Ok(Ok(Planned { forecast, served, show, expected, high, loads }))
}

/// All who take part without entering: who is enrolled, or, before all are, who is on the list.
async fn everybody(
    app: &App,
    row: &Model,
    planned: u64,
    now: DateTime<Utc>,
) -> Result<(Forecast, Served), LifecycleError> {
    let db = app.db.read();
    let enrolled = entry::count(db, row.id).await?;
    let Some(used) = store::round_roster::find(db, row.id).await? else {
        let served = Served { enrolled: false, households: false };
        return Ok((Forecast::everybody(now, enrolled, planned), served));
    };
    let households = used.household != Household::None.key();
    let served = Served { enrolled: used.enrolled_at.is_some(), households };
    if served.enrolled {
        return Ok((Forecast::everybody(now, enrolled, enrolled), served));
    }
    let list = store::roster::find(db, &used.name, "current").await?;
    // Where a household has one entry, how many there are is not the number of its people.
    let list = list.filter(|_| !households);
    let people = list.and_then(|list| u64::try_from(list.people).ok()).unwrap_or(planned);
    Ok((Forecast::everybody(now, enrolled, people), served))
}

fn warn(round: &str, warned: &Warned) {
    let Forecast { entered, expected, low, high, rounds, .. } = warned.forecast;
    let Show { rounds: of_rounds, expected: buy, low: least, high: most, .. } = warned.show;
    match warned.served {
        None => {
            tracing::info!(round, entered, expected, low, high, rounds, "forecast of entrants at the close");
        }
        Some(Served { enrolled, households }) => tracing::info!(
            round,
            entered,
            expected,
            enrolled,
            households,
            "forecast of those who take part without entering"
        ),
    }
    tracing::info!(round, buy, least, most, rounds = of_rounds, "forecast of those with a place who buy");
    for warning in &warned.warnings {
        tracing::warn!(round, expected, warning, "with as many as are expected the plan would be refused");
    }
    for warning in warned.possible.iter().filter(|_| warned.warnings.is_empty()) {
        let with = warned.with_most();
        tracing::info!(round, high, least, most, warning, "{with} the plan would be refused");
    }
}
