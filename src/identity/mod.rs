//! Who a resident is, whichever door they came through.
//!
//! A [`Door`] is shown something that only its owner can have: a code that was sent to an address, the answer of an
//! identity provider. What it gives back is a [`Person`], and a receipt comes from a [`Person`] alone, so that one
//! person has one entry. Two doors know the same person only where they know people by the same thing; which that
//! is says [`crate::config::Config::known_by`].

pub mod again;
mod bridge;
pub mod claims;
pub mod codes;
pub mod helping;
pub mod misuse;
pub mod names;
pub mod network;
mod oidc;
mod person;
mod provider;
mod ringing;
pub mod room;
mod trouble;

use std::future::Future;

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

pub use bridge::{Bridge, Carried, StatementRefused};
pub use codes::Codes;
pub use oidc::Oidc;
pub use person::{Listed, Person, find_listed, helped_key, is_theirs, may_act, person_key};
pub use provider::{Asked, Provider, Returned};

/// A way to show who one is.
pub trait Door {
    /// What somebody brings.
    type Evidence: Send;

    /// Establishes who brings it. The same evidence is worth something once.
    fn admit(
        &self,
        evidence: Self::Evidence,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Person, Refused>> + Send;
}

/// Why nobody came in. None of these says anything about who has entered.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not the code; so many tries are left.
    #[error("not the code")]
    Wrong(u64),
    /// No tries are left.
    #[error("no tries are left")]
    TooMany,
    /// Too late, used before, or of another session.
    #[error("too late, used before, or of another session")]
    Spent,
    /// Brought once already by the same browser: a double tap, whose first may still be on its way.
    #[error("brought before")]
    Twice,
    /// Whoever was asked has let nobody in: most often somebody pressed "cancel" there.
    #[error("declined there")]
    Declined,
    /// What they say does not hold.
    #[error("not proven: {0}")]
    Unproven(&'static str),
    /// Whoever is to be asked does not answer.
    #[error("no answer")]
    Silent,
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}
