//! The day of purchase, on a phone: who was to begin in which hour, what was bought, what comes next, what waits.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;

use super::{
    desk::Desk,
    round::queues,
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::{standing::shifted, status::Turn},
    store,
    web::{
        answer::Answer,
        pages::status::incidents,
        path::Path,
        view::{DayPage, HourRow},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/rounds/{slug}/day", Who::ROUND, show)]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let day = shown_day(&round, visit.now);
    let starts = starts(&desk, &round).await?;
    let mut hours = Vec::new();
    for hour in 0..24 {
        let from = day + TimeDelta::hours(hour);
        let until = from + TimeDelta::hours(1);
        let planned = begin(&starts, from, until);
        let bought = store::bought::count_between(visit.app.db.read(), round.row.id, from, until).await;
        let bought = bought.map_err(|error| visit.failed(error))?;
        if planned + bought > 0 {
            hours.push(HourRow { from, planned, bought, bar: 0, past: until <= visit.now });
        }
    }
    let most = hours.iter().map(|hour| hour.planned.max(hour.bought)).max().unwrap_or(0).max(1);
    for hour in &mut hours {
        hour.bar = hour.planned * 100 / most;
    }
    let until = store::bought::find_until(visit.app.db.read(), round.row.id).await;
    let acts =
        desk.signed.role.may_propose() && round.row.voided_at.is_none() && visit.now < round.row.ends_at;
    Ok(visit.show(&DayPage {
        page: desk.page_at(&format!("/console/rounds/{slug}/day")),
        bar: desk.bar(),
        title: visit.title(&round),
        slug,
        day,
        hours,
        next_hour: begin(&starts, visit.now, visit.now + TimeDelta::hours(1)),
        next_ten: begin(&starts, visit.now, visit.now + TimeDelta::minutes(10)),
        known_until: until.map_err(|error| visit.failed(error))?,
        incidents: incidents(visit, TimeDelta::hours(24)).await.map_err(|error| visit.failed(error))?,
        queues: queues(visit).await?,
        shifts: round
            .shifts
            .iter()
            .map(|shift| (shift.from, shift.by.num_minutes(), shift.reason.clone()))
            .collect(),
        acts: acts && round.row.drawn_at.is_some(),
    }))
}

/// Today; before the first slot its day, after the last one its.
fn shown_day(round: &Round, now: DateTime<Utc>) -> DateTime<Utc> {
    let shown = now.clamp(round.serves_at(), round.row.ends_at.max(round.serves_at()));
    let midnight = shown.with_timezone(&Seoul).date_naive().and_time(NaiveTime::MIN);
    midnight.and_local_timezone(Seoul).earliest().map_or(shown, |local| local.to_utc())
}

/// How many begin at which instant, with every shift: counted in the database, whatever the size of the round.
async fn starts(desk: &Desk, round: &Round) -> Result<Vec<(DateTime<Utc>, u64)>, Answer> {
    let (db, failed) = (desk.visit.app.db.read(), |error| desk.visit.failed(error));
    let drawn = store::assignment::count_starts(db, round.row.id).await.map_err(failed)?;
    let moved = store::offer::count_starts(db, round.row.id).await.map_err(failed)?;
    let all = drawn.into_iter().map(|(at, places)| (0, at, places)).chain(moved);
    let begins = |(offer, at, places): (i64, DateTime<Utc>, i64)| {
        let turn = shifted(Turn::new(at, 0), offer, &round.shifts);
        (turn.starts_at, u64::try_from(places).unwrap_or_default())
    };
    Ok(all.map(begins).collect())
}

/// How many begin from one instant on and before another.
fn begin(starts: &[(DateTime<Utc>, u64)], from: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    starts.iter().filter(|(at, _)| from <= *at && *at < until).map(|(_, places)| places).sum()
}
