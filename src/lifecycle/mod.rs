//! The events of a round, one file each, in the order of the protocol (§1).
//!
//! Each writes its effect and its journal entry in one transaction, guarded by compare-and-swap:
//! whoever calls twice, after a crash or from a second instance, changes nothing.

pub mod advice;
pub mod after;
pub mod announce;
pub mod arrivals;
pub mod batch;
pub mod cells;
pub mod checkpoint;
pub mod close;
pub mod confirm;
pub mod counter;
pub mod day_part;
pub mod day_sheet;
pub mod draw;
pub mod drilled;
pub mod enrol;
pub mod fold;
mod folded;
pub mod forecast;
pub mod guard;
pub mod helped;
pub mod incidents;
pub mod leased;
pub mod misses;
pub mod pulse;
pub mod purge;
pub mod readdressed;
pub mod record;
pub mod release;
pub mod remind;
pub mod replaced;
pub mod results;
pub mod reveal;
pub mod rosters;
pub mod sale;
pub mod seal;
pub mod strike;
pub mod tell;
pub mod telling;
pub mod ticked;
pub mod together;
pub mod turnouts;
pub mod two;
pub mod unheard;
pub mod void;
pub mod wording;

use chrono::{DateTime, Utc};
use entities::round;
use public_audit::journal::{Act, Event};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::{instant, utc},
    domain::because::Because,
    store::{journal, lease},
};

/// Why an event of a round did not happen. It is tried again at the next tick.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Something does not fit together that always should; needs a person.
    #[error("{0}")]
    Refused(Because),
}

/// Writes an act into the journal, in the transaction of its effect. `staff` is for the municipality
/// alone; empty for what the clock does.
async fn log(
    txn: &impl ConnectionTrait,
    round: &round::Model,
    now: DateTime<Utc>,
    act: Act,
    staff: &str,
) -> Result<(), LifecycleError> {
    let event = Event { at: instant(now), round: round.slug.parse().map_err(refused)?, act };
    // In the queue first: what is read here must still be the last when this is appended.
    lease::queue(txn, "journal").await?;
    // Verifiers insist that time does not run backwards in a round, and so do we before they have to.
    if let Some(last) = journal::find_last(txn, round.id).await? {
        let last: Event = last.line.parse().map_err(refused)?;
        if last.at > event.at {
            let (journal, machine) = (utc(last.at), utc(event.at));
            return Err(because(Because::Clock { journal, machine }));
        }
    }
    Ok(journal::append(txn, round.id, &event, staff).await?)
}

/// A refusal that staff can meet.
fn because(reason: Because) -> LifecycleError {
    LifecycleError::Refused(reason)
}

/// One that only happens where something else is broken, in words.
fn refused(reason: impl ToString) -> LifecycleError {
    because(Because::Other(reason.to_string()))
}
