//! What there is to do: rounds with what comes next, and what waits for whom.

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::web::{
    answer::Answer,
    pages::status::next,
    view::{ConsoleHome, StatusLine},
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console", Who::ALL, show)]
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let line = |round: &std::sync::Arc<crate::app::Round>| StatusLine {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        state: round.state(visit.now),
        next: next(round, visit.now),
    };
    let rounds = rounds.iter().map(line).collect();
    Ok(visit.show(&ConsoleHome { page: desk.page(), bar: desk.bar(), rounds }))
}
