//! What is on offer.

use crate::web::{
    answer::Answer,
    view::{Home, RoundLine},
    visit::Visit,
};

/// `GET /`
pub async fn show(visit: Visit) -> Answer {
    let rounds = match visit.app.rounds.list().await {
        Ok(rounds) => rounds,
        Err(error) => return visit.failed(error),
    };
    let lines = rounds.iter().map(|round| RoundLine {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        state: round.state(visit.now),
        opens_at: round.row.opens_at,
        closes_at: round.row.closes_at,
    });
    visit.show(&Home { page: visit.page(), rounds: lines.collect() })
}
