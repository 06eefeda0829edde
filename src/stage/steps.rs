//! The steps of a round, waited for while the service takes them.

use anyhow::bail;

use super::GLANCE;
use crate::{
    app::{App, Round},
    clock::Clock,
    store,
};

/// Until the round, as the database has it, is where it should be.
///
/// # Errors
/// When it is not within a minute.
pub async fn reached(app: &App, slug: &str, there: impl Fn(&Round) -> bool) -> anyhow::Result<()> {
    for _ in 0..20 * 60 {
        app.rounds.forget();
        if app.rounds.find(slug).await?.is_some_and(|round| there(&round)) {
            return Ok(());
        }
        Clock::pause(GLANCE).await;
    }
    bail!("the round did not move on within a minute; see the log")
}

/// Until what was entered is folded and its confirmations have left: before that the clock is not moved.
///
/// # Errors
/// What the database said.
pub async fn confirmed(app: &App, round_id: i64) -> anyhow::Result<()> {
    loop {
        let db = app.db.read();
        let mut open = 0;
        for reason in ["entered", "withdrawn", "code"] {
            for state in ["planned", "sending"] {
                open += store::notice::count(db, round_id, reason, state).await?;
            }
        }
        if open == 0 && store::inbox::is_empty(db).await? {
            return Ok(());
        }
        Clock::pause(GLANCE).await;
    }
}

/// Until everybody's notice is planned: that happens after the draw, not in it.
///
/// # Errors
/// What the database said.
pub async fn planned(app: &App, round_id: i64) -> anyhow::Result<()> {
    while !store::telling::is_done(app.db.read(), round_id).await? {
        Clock::pause(GLANCE).await;
    }
    Ok(())
}
