//! What staff did: signed in, were held off, changed, looked at.

use std::collections::HashMap;

use axum::extract::{Query, rejection::QueryRejection};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    store,
    web::{
        answer::Answer,
        view::{AccessLine, AccessPage},
    },
};

/// Lines of a page.
const LINES: u64 = 50;

/// What was taken back at counters is counted over so long.
const WEEK: TimeDelta = TimeDelta::days(7);

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/access", Who::AUDIT, show)]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct From {
    before: Option<i64>,
}

async fn show(desk: Desk, from: Result<Query<From>, QueryRejection>) -> Result<Answer, Answer> {
    let before = from.ok().and_then(|Query(from)| from.before);
    let db = desk.visit.app.db.read();
    let failed = |error| desk.visit.failed(error);
    let people = store::clerk::list(db).await.map_err(failed)?;
    let names: HashMap<i64, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let undone = match before {
        None => store::access::list_undone(db, desk.visit.now - WEEK).await.map_err(failed)?,
        Some(_) => Vec::new(),
    };
    let lines = store::access::list(db, before, LINES).await.map_err(failed)?;
    let older = lines.last().map(|line| line.id).filter(|_| lines.len() as u64 == LINES);
    let lines = lines.into_iter().map(|line| AccessLine {
        at: line.at,
        name: line.clerk_id.and_then(|id| names.get(&id)).cloned(),
        kind: line.kind,
        about: line.about,
        address: line.address,
        reason: line.reason,
    });
    let lines = lines.collect();
    Ok(desk.visit.show(&AccessPage {
        page: desk.page(),
        bar: desk.bar(),
        undone: by_day(undone, &names),
        lines,
        older,
    }))
}

/// How often each of them did on each day, Korean local, the latest day first.
fn by_day(
    undone: Vec<(Option<i64>, DateTime<Utc>)>,
    names: &HashMap<i64, String>,
) -> Vec<(DateTime<Utc>, String, u64)> {
    let mut days: Vec<(DateTime<Utc>, String, u64)> = Vec::new();
    for (clerk_id, at) in undone {
        let name = clerk_id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        let day = at.with_timezone(&Seoul).date_naive();
        let same = |(other, by, _): &(DateTime<Utc>, String, u64)| {
            other.with_timezone(&Seoul).date_naive() == day && *by == name
        };
        match days.iter().position(same) {
            Some(found) => days[found].2 += 1,
            None => days.push((at, name, 1)),
        }
    }
    days
}
