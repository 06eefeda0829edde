//! After the draw: who missed, gave back or was not entitled, who catches up, and to whom is offered
//! what became free (protocol §7).
//!
//! * [`Course`] – where everybody is, event after event: the same code for the service that moves
//!   people and for the verifier that recomputes it,
//! * [`Offer`] – one block of `offers.txt`: the municipality claims *facts*, the *moves* follow.
//!
//! ```text
//! offer 1
//! - pa6e-cngm-31jc-c23t missed
//! + pa6e-cngm-31jc-c23t caught_up late 2026-12-03T00:00:00Z 180000
//! ```

mod course;
mod offer;
mod text;

pub use course::{Course, Place};
pub use offer::OfferError;
pub(crate) use text::{Blocks, Said};
pub use text::{Fact, FactKind, MAX_CHANGES, Move, Offer, Offers, OffersError, Outcome, read};
