//! 장애: something is out of order, and it concerns somebody's own turn. What they hold is shown as ever beside it.

use chrono::{DateTime, Utc};

use super::status::words_of;
use crate::{
    app::Round,
    domain::{incident::Kind, standing::Shift},
    web::{
        view::{Fault, MineState},
        visit::Visit,
    },
};

/// What is out of order for somebody who stands there now.
pub async fn fault_of(visit: &Visit, round: &Round, state: &MineState) -> Option<Fault> {
    match state {
        MineState::Assigned { starts_at, until, .. } if (*starts_at..*until).contains(&visit.now) => {
            if let Some(fault) = still(round, *starts_at, visit.now) {
                return Some(fault);
            }
            open(visit, |kind, slug, _| {
                kind == Kind::Errors || (kind == Kind::Over && slug == round.row.slug)
            })
            .await
        }
        // Nothing of theirs is late before the close.
        MineState::Entered if visit.now >= round.row.closes_at => {
            open(visit, |kind, slug, step| kind == Kind::Late && slug == round.row.slug && step != "offer")
                .await
        }
        MineState::Waitlisted { .. } | MineState::Missed { .. } => {
            open(visit, |kind, slug, step| kind == Kind::Late && slug == round.row.slug && step == "offer")
                .await
        }
        _ => None,
    }
}

/// Time stands still, for whoever's turn had begun; whose had not begins later, and is told so. Or the sale does, for
/// everybody whose turn it is. An extension is made when it is over.
fn still(round: &Round, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Fault> {
    let goes_on = |shift: &Shift| match (shift.until, shift.closed_until) {
        (_, Some(until)) => Some(until),
        (Some(_), None) => None,
        (None, None) => Some(shift.from + shift.by).filter(|_| starts_at < shift.from),
    };
    round.shifts.iter().find_map(|shift| {
        let until = goes_on(shift).filter(|until| (shift.from..*until).contains(&now))?;
        Some(Fault { words: shift.reason.clone(), until: Some(until) })
    })
}

/// The first incident of a kind that goes on. A page about trouble does not fail for want of its words.
async fn open(visit: &Visit, concerns: impl Fn(Kind, &str, &str) -> bool) -> Option<Fault> {
    let rows = visit.app.gathered.incidents().await.unwrap_or_default();
    let row = rows.iter().find(|row| {
        let (slug, of) = row.about.split_once(' ').unwrap_or((&row.about, ""));
        Kind::from_key(&row.kind).is_some_and(|kind| concerns(kind, slug, of))
    })?;
    let rounds = visit.app.rounds.list().await.unwrap_or_default();
    Some(Fault { words: words_of(visit, &rounds, row)?, until: None })
}
