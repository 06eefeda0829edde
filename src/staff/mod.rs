//! Staff on the web: who they are, what two of them decide, and what they take away.
//!
//! Who signs in proves two things, a password and a code that is used once. Whoever guesses is slowed down where
//! they guess from, so that a stranger can keep nobody out.

pub mod account;
pub mod acts;
pub mod before;
pub mod ceremony;
pub mod clone;
pub mod diff;
pub mod enrol;
pub mod export;
pub mod pack;
pub mod people;
pub mod proposals;
pub mod reconciled;
pub mod roles;
pub mod sellers;
pub mod sign_in;
pub mod signed_in;
pub mod standing;
pub mod statistics;
pub mod step_up;
mod strangers;

pub use sign_in::{Outcome, Try, sign_in};
pub use signed_in::{SignedIn, Stage};
