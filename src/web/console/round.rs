//! One round as staff see it: who has entered, what is forecast, what it was planned with, what waits, what was done.

use public_audit::{journal::Event, rules};

use super::{
    desk::Desk,
    public_notice,
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::{
        draft::Serves,
        plan::{Inputs, look},
        state::State,
        who::cohort,
    },
    lifecycle::{forecast, strike},
    notify::queue,
    staff::statistics,
    store::{self, entry},
    web::{
        answer::Answer,
        pages::status::next,
        path::Path,
        view::{
            FillRow, JournalLine, QueueRow, RoundDesk, StatusLine, forecast_view, group_label, no_forecast,
            plan_drawn, queue_row,
        },
        visit::Visit,
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}", Who::ROUND, show),
        Route::show("/console/rounds/{slug}/notice", Who::ROUND, notice),
    ]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let failed = |error| visit.failed(error);
    let round = visit.round(&slug).await?;
    let db = visit.app.db.read();
    let groups = entry::list_groups(db, round.row.id).await.map_err(failed)?;
    let entered = groups.iter().map(|(_, entries, _)| *entries).sum();
    let plan = store::plan::find(db, round.row.id).await.map_err(failed)?;
    let inputs: Option<Inputs> = plan.as_ref().and_then(|plan| serde_json::from_str(&plan.inputs).ok());
    let planned = inputs.and_then(|inputs| {
        let plan = look(&round.rules, &inputs).ok()?;
        Some(plan_drawn(&plan, &round.rules, &inputs, &desk.page()))
    });
    let is_open = round.state(visit.now) == State::Open;
    let forecast = match plan.filter(|_| is_open) {
        Some(plan) => forecast::made_lately(&visit.app, &plan, &round.row, visit.now).await.ok(),
        None => None,
    };
    let (forecast, nothing) = match forecast {
        Some(Ok(planned)) => (Some(planned), None),
        Some(Err(why)) => (None, Some(no_forecast(why, visit.lang))),
        None => (None, None),
    };
    let journal = store::journal::list(db, round.row.id).await.map_err(failed)?;
    // Of a round with many batches only what people did is worth a line.
    let journal = journal.into_iter().filter(|line| line.kind != "batch").filter_map(|line| {
        let event: Event = line.line.parse().ok()?;
        Some(JournalLine { at: crate::app::utc(event.at), line: line.line, staff: line.staff })
    });
    let page = RoundDesk {
        page: desk.page_at(&format!("/console/rounds/{slug}")),
        bar: desk.bar(),
        line: StatusLine {
            slug: slug.clone(),
            title: visit.title(&round),
            state: round.state(visit.now),
            next: next(&round, visit.now),
        },
        entered,
        fills: fills(&desk, &round, &groups),
        forecast: forecast.map(|planned| forecast_view(&planned, &desk.page())),
        no_forecast: nothing,
        plan: planned,
        drill: store::drill::find_of(db, round.row.id).await.map_err(failed)?,
        queues: queues(visit).await?,
        bias: held_table(&desk, &round).await?,
        journal: journal.collect(),
        erased: round.row.purged_at.is_some(),
        takes_files: !round.knows_purchases(),
        forms: forms(&desk, &round),
    };
    Ok(visit.show(&page))
}

/// What could be proposed now.
fn forms(desk: &Desk, round: &Round) -> Vec<&'static str> {
    if !desk.signed.role.may_propose() {
        return Vec::new();
    }
    let row = &round.row;
    let (is_void, is_drawn) = (row.voided_at.is_some(), row.drawn_at.is_some());
    let mut forms = Vec::new();
    if is_drawn && !is_void && desk.visit.now < row.ends_at {
        forms.extend(["shift", "extend", "ineligible"]);
    }
    // A purchase can be found to be wrong after the last time to buy, too, as long as anybody is known.
    if round.is_published(desk.visit.now) && !is_void && row.purged_at.is_none() {
        forms.push("take-back");
    }
    if round.is_held() {
        forms.push("release");
    }
    let declared = matches!(round.rules.beacon, rules::Beacon::Declared { .. });
    if declared && row.revealed_at.is_some() && row.pulse.is_none() && desk.visit.now >= row.pulse_at {
        forms.push("declare");
    }
    if strike::is_open(row, desk.visit.now) {
        forms.push("strike");
    }
    if !is_void && !is_drawn {
        forms.push("void");
    }
    forms
}

fn fills(desk: &Desk, round: &Round, groups: &[(String, u64, u64)]) -> Vec<FillRow> {
    // Who looks on sees how full it is, and that in steps of several people: what one of them adds is theirs.
    let (counts, few) = (desk.signed.role.may_propose(), statistics::least(round));
    let shown = |seats: u64| if counts { seats } else { seats / few * few };
    let row = |fill: cohort::Fill| FillRow {
        whom: fill
            .cohort
            .as_ref()
            .map_or("-".to_owned(), |cohort| group_label(&round.who, cohort, desk.visit.lang)),
        people: counts.then_some(fill.seats),
        seats: fill.capacity,
        percent: (shown(fill.seats) * 100).checked_div(fill.capacity).unwrap_or(100),
    };
    cohort::fill(&round.rules, groups).into_iter().map(row).collect()
}

/// What waits to be sent, and why: as in the live view.
pub async fn queues(visit: &Visit) -> Result<Vec<QueueRow>, Answer> {
    let state = queue::state(&visit.app).await.map_err(|error| visit.failed(error))?;
    Ok(state.queues.iter().map(|queue| queue_row(queue, visit.lang)).collect())
}

/// Why a result is held: what is beyond chance.
pub async fn held_table(desk: &Desk, round: &Round) -> Result<Vec<String>, Answer> {
    let seed = round.row.draw_seed.as_deref().and_then(|seed| seed.parse().ok());
    let Some(seed) = seed.filter(|_| round.is_held()) else { return Ok(Vec::new()) };
    let tests = crate::lifecycle::guard::table(desk.visit.app.db.read(), round, &seed).await;
    let tests = tests.map_err(|error| desk.visit.failed(error))?;
    Ok(crate::domain::bias::text(&round.row.slug, &tests).lines().map(str::to_owned).collect())
}

async fn notice(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    let percent = u64::try_from(round.row.price_percent).unwrap_or(100);
    let used = store::round_roster::find(desk.visit.app.db.read(), round.row.id).await;
    let used = used.map_err(|error| desk.visit.failed(error))?;
    let beside = public_notice::Beside {
        title: round.row.title_ko.clone(),
        price_percent: percent,
        listed: used.is_some(),
        served: used.is_some_and(|used| used.serves == Serves::Roster.key()),
        sellers: round.sellers.iter().map(|terms| terms.name.clone()).collect(),
        asks: !round.sellers.is_empty() && round.sellers.iter().all(|terms| terms.level == 3),
        retention_days: u64::try_from(round.row.retention_days).unwrap_or_default(),
    };
    let page = public_notice::page(&desk, &round.rules, &round.who, beside);
    Ok(desk.visit.show(&page))
}
