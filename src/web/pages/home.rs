//! What is on offer.

use axum::extract::{Query, rejection::QueryRejection};
use serde::Deserialize;

use crate::web::{
    answer::Answer,
    held::Hold,
    view::{Home, RoundLine},
    visit::Visit,
};

/// So many rounds are one page, however many years a city has had them.
pub const MOST: usize = 20;

/// Which page of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    /// Only rounds announced before this one.
    before: Option<i32>,
}

/// `GET /`
pub async fn show(visit: Visit, aim: Result<Query<Aim>, QueryRejection>) -> Answer {
    let mut rounds = match visit.app.rounds.list().await {
        Ok(rounds) => rounds,
        Err(error) => return visit.failed(error),
    };
    if let Some(before) = aim.ok().and_then(|Query(aim)| aim.before) {
        rounds.retain(|round| round.row.number < before);
    }
    let more = rounds.len() > MOST;
    rounds.truncate(MOST);
    let older = rounds.last().filter(|_| more).map(|round| round.row.number);
    let lines = rounds.iter().map(|round| RoundLine {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        state: round.state(visit.now),
        opens_at: round.row.opens_at,
        closes_at: round.row.closes_at,
    });
    Hold::Second.mark(visit.show(&Home { page: visit.page(), rounds: lines.collect(), older }))
}
