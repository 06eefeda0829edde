//! What there is to do: rounds with what comes next, and what waits for whom.

use super::{
    desk::Desk,
    proposals::lines,
    rule::{Route, Who},
};
use crate::{
    domain::{proposal::Outcome, staff::Role},
    store,
    web::{
        answer::Answer,
        pages::status::next,
        view::{ConsoleHome, FieldError, StatusLine},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console", Who::ALL, show)]
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, Vec::new()).await?))
}

/// The page, with what kept a roster from being replaced.
pub(super) async fn page(desk: &Desk, errors: Vec<FieldError>) -> Result<ConsoleHome, Answer> {
    let visit = &desk.visit;
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let line = |round: &std::sync::Arc<crate::app::Round>| StatusLine {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        state: round.state(visit.now),
        next: next(round, visit.now),
    };
    let rounds = rounds.iter().map(line).collect();
    let office = matches!(desk.signed.role, Role::Clerk | Role::Approver | Role::Auditor);
    let waiting = if office { lines(desk, &[Outcome::Waiting, Outcome::Noted]).await? } else { Vec::new() };
    let mut rosters = Vec::new();
    if desk.signed.role.may_propose() {
        let all = store::roster::list(visit.app.db.read()).await.map_err(|error| visit.failed(error))?;
        let complete = all.into_iter().filter(|roster| roster.state == "complete");
        rosters.extend(complete.map(|one| (one.name, u64::try_from(one.people).unwrap_or_default())));
    }
    let sees_rounds = !desk.signed.role.is_told_times();
    let (page, bar) = (desk.page_at("/console"), desk.bar());
    Ok(ConsoleHome { page, bar, waiting, rosters, rounds, sees_rounds, errors })
}
