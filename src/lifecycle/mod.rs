//! The events of a round, one file each, in the order of the protocol (§1).
//!
//! Each writes its effect and its journal entry in one transaction, guarded by compare-and-swap:
//! whoever calls twice, after a crash or from a second instance, changes nothing.

pub mod announce;
pub mod close;
pub mod draw;
pub mod fold;
pub mod pulse;
pub mod purge;
pub mod record;
pub mod results;
pub mod reveal;
pub mod seal;

use sea_orm::DbErr;

/// Why an event of a round did not happen. It is tried again at the next tick.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Something does not fit together that always should; needs a person.
    #[error("{0}")]
    Refused(String),
}

/// A refusal, in words.
fn refused(reason: impl ToString) -> LifecycleError {
    LifecycleError::Refused(reason.to_string())
}
