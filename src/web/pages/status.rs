//! How things stand, for everybody.

use chrono::{DateTime, Utc};

use crate::{
    app::Round,
    domain::state::State,
    web::{
        answer::Answer,
        view::{NextEvent, Status, StatusLine},
        visit::Visit,
    },
};

/// `GET /status`. Shown even when the database is away: that is what it is for.
pub async fn show(visit: Visit) -> Answer {
    let rounds = visit.app.rounds.list().await;
    let database_ok = rounds.is_ok() && visit.app.db.ping().await.is_ok();
    let lines = rounds
        .unwrap_or_default()
        .iter()
        .map(|round| StatusLine {
            slug: round.row.slug.clone(),
            title: visit.title(round),
            state: round.state(visit.now),
            next: next(round, visit.now),
        })
        .collect();
    visit.show(&Status { page: visit.page(), rounds: lines, database_ok })
}

/// What a round waits for.
pub fn next(round: &Round, now: DateTime<Utc>) -> Option<(NextEvent, DateTime<Utc>)> {
    let row = &round.row;
    let events = [
        (NextEvent::Opens, row.opens_at),
        (NextEvent::Closes, row.closes_at),
        (NextEvent::Seals, row.seals_at),
        (NextEvent::Reveals, row.reveals_at),
        (NextEvent::Pulse, row.pulse_at),
        (NextEvent::Results, row.results_at),
        (NextEvent::FirstSlot, round.serves_at()),
        (NextEvent::LastSlotEnds, row.ends_at),
    ];
    events.into_iter().find(|(_, at)| *at > now && round.state(now) != State::Voided)
}
