//! The day of purchase, on a phone: who was to begin in which hour, what was bought, what comes next, what waits.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;

use super::{
    begun::{begun, coming},
    desk::Desk,
    round::queues,
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::{
        plan::{Inputs, ahead},
        standing::shifted,
        status::Turn,
    },
    store,
    web::{
        answer::Answer,
        pages::status::incidents,
        path::Path,
        view::{AheadRow, DayPage, HourRow, LedgerView, MinutesView, SellerRow, ahead_row, minutes_view},
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
    let begun = begun(&desk, &round).await?;
    let ahead = limits_ahead(&desk, &round, &starts, begun.map_or(0, |begun| begun.lately)).await?;
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
        begun: begun.map(|begun| begun.people),
        minutes: minutes(&desk, &round, &starts).await?,
        ahead,
        known_until: until.map_err(|error| visit.failed(error))?,
        incidents: incidents(visit, TimeDelta::hours(24)).await.map_err(|error| visit.failed(error))?,
        sellers: sellers(&desk, &round).await?,
        ledger: ledger(&desk, &round).await?,
        queues: queues(visit).await?,
        shifts: round
            .shifts
            .iter()
            .map(|shift| (shift.from, shift.by.num_minutes(), shift.reason.clone()))
            .collect(),
        paused_until: round.paused_until(visit.now),
        acts: acts && round.row.drawn_at.is_some(),
    }))
}

/// An hour back and an hour on. Nothing where nobody begins or has bought in it.
async fn minutes(
    desk: &Desk,
    round: &Round,
    starts: &[(DateTime<Utc>, u64)],
) -> Result<Option<MinutesView>, Answer> {
    let visit = &desk.visit;
    let now = visit.now.timestamp().div_euclid(60) * 60;
    let from = DateTime::from_timestamp(now, 0).unwrap_or(visit.now) - TimeDelta::hours(1);
    let until = from + TimeDelta::hours(2);
    let times = store::bought::list_times(visit.app.db.read(), round.row.id, (from, until), MOST).await;
    let times = times.map_err(|error| visit.failed(error))?;
    let (mut planned, mut bought) = (vec![0; 120], vec![0; 120]);
    let count = |row: &mut Vec<u64>, at: DateTime<Utc>, people: u64| {
        let minute = usize::try_from((at - from).num_seconds().div_euclid(60)).ok();
        if let Some(sum) = minute.and_then(|minute| row.get_mut(minute)) {
            *sum += people;
        }
    };
    for (at, people) in starts {
        count(&mut planned, *at, *people);
    }
    for at in times {
        count(&mut bought, at, 1);
    }
    let any = planned.iter().chain(&bought).any(|people| *people > 0);
    Ok(any.then(|| minutes_view(from, &planned, &bought)))
}

/// Purchases that are counted one by one: more than any seller makes in two hours.
const MOST: u64 = 200_000;

/// Each limit of buying in the hour to come, with what the round was planned with, and with those who wait since lately.
async fn limits_ahead(
    desk: &Desk,
    round: &Round,
    starts: &[(DateTime<Utc>, u64)],
    lately: u64,
) -> Result<Vec<AheadRow>, Answer> {
    let plan = store::plan::find(desk.visit.app.db.read(), round.row.id).await;
    let plan = plan.map_err(|error| desk.visit.failed(error))?;
    let inputs: Option<Inputs> = plan.and_then(|plan| serde_json::from_str(&plan.inputs).ok());
    let now = desk.visit.now;
    let coming = coming(starts, lately, now, round.paused_until(now).unwrap_or(now));
    let found = inputs.map(|inputs| ahead(&inputs, &coming, now, 60)).unwrap_or_default();
    Ok(found.iter().map(ahead_row).collect())
}

/// Who sells, and what is known of it now.
async fn sellers(desk: &Desk, round: &Round) -> Result<Vec<SellerRow>, Answer> {
    let (visit, id) = (&desk.visit, round.row.id);
    let (db, failed) = (visit.app.db.read(), |error| visit.failed(error));
    let mut rows = Vec::new();
    for terms in &round.sellers {
        let (mut passed, mut bought, mut untold) = (None, None, None);
        if terms.level == 1 {
            passed = Some(store::handover::count(db, id, &terms.name).await.map_err(failed)?);
        }
        if terms.level == 3 {
            let source = store::bought::source_of(&terms.name);
            bought = Some(store::bought::count_from(db, id, &source).await.map_err(failed)?);
        }
        if terms.webhook.is_some() {
            untold = Some(store::webhook::count_untold(db, id, &terms.name).await.map_err(failed)?);
        }
        let per_minute = u64::try_from(terms.per_minute_at(visit.now)).unwrap_or_default();
        rows.push(SellerRow {
            name: terms.name.clone(),
            level: terms.level,
            per_minute,
            passed,
            bought,
            untold,
        });
    }
    Ok(rows)
}

async fn ledger(desk: &Desk, round: &Round) -> Result<Option<LedgerView>, Answer> {
    let row = store::ledger::find(desk.visit.app.db.read(), round.row.id, store::ledger::ROUND).await;
    let row = row.map_err(|error| desk.visit.failed(error))?;
    Ok(row.map(|row| LedgerView {
        most: row.most.unsigned_abs(),
        held: row.held.unsigned_abs(),
        redeemed: row.redeemed.unsigned_abs(),
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
