//! How things stand, for everybody.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use crate::{
    app::Round,
    domain::{incident::Kind, state::State},
    store,
    web::{
        answer::Answer,
        view::{IncidentLine, NextEvent, Status, StatusLine, incident_words},
        visit::Visit,
    },
};

/// What is over is shown for so long.
const KEPT: TimeDelta = TimeDelta::days(14);
/// More would be no page.
const MOST: u64 = 50;

/// `GET /status`. Shown even when the database is away: that is what it is for.
pub async fn show(visit: Visit) -> Answer {
    if let Some(seen) = visit.seen() {
        return seen;
    }
    let rounds = visit.app.rounds.list().await;
    let database_ok = rounds.is_ok() && visit.app.db.ping().await.is_ok();
    let lines = rounds
        .unwrap_or_default()
        .iter()
        .take(super::home::MOST)
        .map(|round| StatusLine {
            slug: round.row.slug.clone(),
            title: visit.title(round),
            state: round.state(visit.now),
            next: next(round, visit.now),
        })
        .collect();
    let incidents = incidents(&visit, KEPT).await.unwrap_or_default();
    visit.show_all(&Status { page: visit.page(), rounds: lines, incidents, database_ok })
}

/// What went wrong in so long, and what goes wrong.
///
/// # Errors
/// What the database said.
pub async fn incidents(visit: &Visit, long: TimeDelta) -> Result<Vec<IncidentLine>, DbErr> {
    let app = &visit.app;
    let rounds = app.rounds.list().await?;
    let rows = store::incident::list(app.db.read(), visit.now - long, MOST).await?;
    let line = |row: entities::incident::Model| {
        let words = words_of(visit, &rounds, &row)?;
        Some(IncidentLine { words, began_at: row.began_at, ended_at: row.ended_at })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// One of them, in words; `None` for what another version of this program has noted.
pub fn words_of(visit: &Visit, rounds: &[Arc<Round>], row: &entities::incident::Model) -> Option<String> {
    let title = |slug: &str| {
        let round = rounds.iter().find(|round| round.row.slug == slug)?;
        Some(visit.title(round))
    };
    Some(incident_words(Kind::from_key(&row.kind)?, &row.about, title, &visit.page()))
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
