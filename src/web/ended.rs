//! A round that takes no entries: closed, or void, and then its reason is said wherever somebody comes too late for it.

use chrono::{DateTime, Utc};
use public_audit::journal::{Act, Event};
use sea_orm::DbErr;

use super::{
    answer::{Answer, Trouble},
    visit::Visit,
};
use crate::{
    app::{App, Round},
    store,
};

impl Visit {
    /// The answer to whoever would change entries of a round that takes none: that it is void, and why; `otherwise` what
    /// is said of one that is closed. What was last read of a round may be a second old, and may not say yet that it is void.
    pub async fn ended(&self, round: &Round, otherwise: Trouble<'_>) -> Answer {
        match voided(&self.app, round).await {
            Ok(Some((at, reason))) => self.trouble(Trouble::Voided(round, at, reason)),
            Ok(None) => self.trouble(otherwise),
            Err(error) => self.failed(error),
        }
    }
}

async fn voided(app: &App, round: &Round) -> Result<Option<(DateTime<Utc>, String)>, DbErr> {
    let at = match round.row.voided_at {
        Some(at) => Some(at),
        // A crowd that comes too late asks nothing.
        None if app.clock.now() >= round.row.closes_at => None,
        None => store::round::find(app.db.read(), &round.row.slug).await?.and_then(|row| row.voided_at),
    };
    let Some(at) = at else { return Ok(None) };
    Ok(Some((at, void_reason(app, round).await?.unwrap_or_default())))
}

/// Why a round is void, as the journal has it.
///
/// # Errors
/// What the database said.
pub async fn void_reason(app: &App, round: &Round) -> Result<Option<String>, DbErr> {
    let lines = store::journal::list(app.db.read(), round.row.id).await?;
    Ok(lines.iter().find_map(|row| match row.line.parse::<Event>().ok()?.act {
        Act::Voided { reason } => Some(reason),
        _ => None,
    }))
}
