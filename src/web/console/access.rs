//! What staff did: signed in, were held off, changed, looked at.

use std::collections::HashMap;

use axum::extract::{Query, rejection::QueryRejection};
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
    Ok(desk.visit.show(&AccessPage { page: desk.page(), bar: desk.bar(), lines: lines.collect(), older }))
}
