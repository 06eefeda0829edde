//! Equal shares, a lottery and first come, compared for the people of a round: above all, how many get nothing.

use public_audit::Rules;
use tokio::task::spawn_blocking;

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    domain::{
        compare::{MOST, compare_sample},
        plan::Inputs,
    },
    store::{self, entry},
    web::{
        answer::Answer,
        path::Path,
        view::{ComparePage, CompareView, compare_view},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/rounds/{slug}/compare", Who::ROUND, show)]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let failed = |error| visit.failed(error);
    let round = visit.round(&slug).await?;
    let entered = entry::count(visit.app.db.read(), round.row.id).await.map_err(failed)?;
    let (wants, people) = if entered > 0 {
        let most = u64::try_from(MOST).unwrap_or(u64::MAX);
        let wants = store::want::list(visit.app.db.read(), round.row.id, most).await.map_err(failed)?;
        (wants, entered)
    } else {
        // Nobody has entered yet: as many as were expected, each wanting all that one may.
        let plan = store::plan::find(visit.app.db.read(), round.row.id).await.map_err(failed)?;
        let inputs: Option<Inputs> = plan.and_then(|plan| serde_json::from_str(&plan.inputs).ok());
        expected(&round.rules, inputs.and_then(|inputs| inputs.expect.entrants).unwrap_or(0))
    };
    Ok(visit.show(&ComparePage {
        page: desk.page_at(&format!("/console/rounds/{slug}/compare")),
        bar: desk.bar(),
        title: visit.title(&round),
        slug,
        entered,
        compared: compared(&desk, &round.rules, wants, people).await,
    }))
}

/// The wants of people who are expected only: all that one may.
pub fn expected(rules: &Rules, people: u64) -> (Vec<u64>, u64) {
    let some = usize::try_from(people).unwrap_or(MOST).min(MOST);
    (vec![rules.goods.cap; some], people)
}

/// The three ways side by side; nothing where nobody is known of, or where the draw would not take such wants.
pub async fn compared(desk: &Desk, rules: &Rules, wants: Vec<u64>, people: u64) -> Option<CompareView> {
    let rules = rules.clone();
    let is_part = people > u64::try_from(wants.len()).unwrap_or(u64::MAX);
    let found = spawn_blocking(move || compare_sample(&rules, &wants, people)).await.ok()?.ok()?;
    (found.people > 0).then(|| compare_view(&found, is_part, &desk.page()))
}
