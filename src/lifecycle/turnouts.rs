//! Who came to buy in past rounds. Places and purchases stay when people are erased, as receipts that lead to nobody.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::round::Model;
use public_audit::Rules;

use super::{
    LifecycleError,
    arrivals::{ENOUGH, ROUNDS, is_as_earnest},
};
use crate::{
    app::{App, Round},
    domain::plan::Turnout,
};

/// What came of the places of each earlier round that tells something of this one, the latest first.
///
/// # Errors
/// [`LifecycleError`].
pub async fn turnouts(
    app: &App,
    round: &Model,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Vec<Turnout>, LifecycleError> {
    let all = app.rounds.list().await?;
    let served = all.iter().any(|one| one.row.id == round.id && one.is_served());
    let before = all.iter().filter(|past| past.row.id != round.id && past.is_served() == served);
    let telling: Vec<&Arc<Round>> = before.filter(|past| tells(past, rules, now)).take(ROUNDS).collect();
    let mut turnouts = Vec::new();
    for past in telling {
        let turnout = app.turnouts.of(&app.db, past, now).await?;
        turnouts.extend(turnout.filter(|turnout| turnout.placed >= ENOUGH));
    }
    Ok(turnouts)
}

/// Whether people came to buy in `past` as they may in a round of these rules: whoever entered wanted to, and of a roster
/// nobody was asked.
fn tells(past: &Round, rules: &Rules, now: DateTime<Utc>) -> bool {
    let over = past.is_published(now) && past.row.ends_at <= now && past.row.voided_at.is_none();
    over && is_as_earnest(&past.rules, rules)
}
