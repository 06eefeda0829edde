//! The counter: somebody is entered, finds out when, or buys on a day without network.

mod case;
mod check;
mod code;
mod enter;
mod find;
mod paper;
mod people;
mod read;
mod seen;
mod sheet;
mod slip;
mod ticked;
mod undo;
mod whose;

use std::sync::Arc;

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::state::State,
    web::{
        answer::{Answer, Trouble},
        view::{CounterHome, CounterRound},
    },
};

/// What this folder answers.
pub fn routes() -> Vec<Route> {
    let own = vec![Route::show("/console/counter", Who::COUNTER, show)];
    let all = [
        own,
        enter::routes(),
        check::routes(),
        paper::routes(),
        slip::routes(),
        undo::routes(),
        code::routes(),
        people::routes(),
        find::routes(),
        sheet::routes(),
        ticked::routes(),
    ];
    all.into_iter().flatten().collect()
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let line = |round: &Arc<Round>| CounterRound {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        state: round.state(visit.now),
        closes_at: round.row.closes_at,
        is_published: round.is_published(visit.now),
    };
    // Those at which something can be done.
    let is_live = |round: &&Arc<Round>| !matches!(round.state(visit.now), State::Archived | State::Voided);
    let rounds = rounds.iter().filter(is_live).map(line).collect();
    Ok(visit.show(&CounterHome { page: desk.page(), bar: desk.bar(), rounds }))
}

/// A round that takes entries now.
async fn open_round(desk: &Desk, slug: &str) -> Result<Arc<Round>, Answer> {
    let round = desk.visit.round(slug).await?;
    match round.state(desk.visit.now) {
        State::Open => Ok(round),
        State::Announced => Err(desk.visit.trouble(Trouble::NotOpen(&round))),
        _ => Err(desk.visit.ended(&round, Trouble::CounterClosed(&round)).await),
    }
}
