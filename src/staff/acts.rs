//! Acts that take two people: what each would do, and doing it. The same for the web and the command line.

mod error;
mod preview;
mod read;
mod settle;

pub use error::ActError;
pub use preview::{Announcing, Preview, preview};
pub use settle::{Word, announce_looked, settle};
