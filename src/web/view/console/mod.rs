//! The pages of staff.

mod access;
mod bar;
mod enter;
mod home;
mod me;
#[cfg(test)]
pub(super) mod samples;

pub use access::{AccessLine, AccessPage};
pub use bar::Bar;
pub use enter::{Enrol, RecoveryCodes, SignIn, square};
pub use home::ConsoleHome;
pub use me::Me;
