//! The reports of drills that are kept, the latest first: where somebody finds one without knowing its number.

use axum::extract::{Query, rejection::QueryRejection};
use serde::Deserialize;

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    store::{self, drill::Listed},
    web::{
        answer::Answer,
        view::{CameOf, DrillLine, DrillsPage},
    },
};

/// Lines of a page.
const LINES: u64 = 50;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/drills", Who::ROUND, list)]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct From {
    before: Option<i64>,
}

async fn list(desk: Desk, from: Result<Query<From>, QueryRejection>) -> Result<Answer, Answer> {
    let before = from.ok().and_then(|Query(from)| from.before);
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let failed = |error| visit.failed(error);
    // One more than is shown says whether there are older ones.
    let mut kept = store::drill::list(app.db.read(), before, LINES + 1).await.map_err(failed)?;
    let older = match kept.len() as u64 > LINES {
        true => kept.pop().and_then(|_| kept.last()).map(|last| last.id),
        false => None,
    };
    let rounds = app.rounds.list().await.map_err(failed)?;
    let line = |one: Listed| {
        let (ko, en) = one.titles;
        let round = rounds.iter().find(|round| Some(round.row.id) == one.round_id);
        DrillLine {
            id: one.id,
            title: if visit.lang.is_korean() { ko } else { en },
            at: one.made_at,
            version: one.version,
            came_of: match (one.held, one.halted) {
                (true, _) => CameOf::Held,
                (false, true) => CameOf::Halted,
                (false, false) => CameOf::NotHeld,
            },
            round: round.map(|round| (round.row.slug.clone(), visit.title(round))),
        }
    };
    let drills = kept.into_iter().map(line).collect();
    Ok(visit.show(&DrillsPage { page: desk.page(), bar: desk.bar(), drills, older }))
}
