//! What a round with synthetic residents needs on one machine, whoever runs it: a folder and a port of its own, a mail
//! server that receives, residents with a browser, the steps of a round as the clock is moved, the record as
//! anybody fetches it. The demo and the drills are played on it.

pub mod folder;
pub mod mailbox;
pub mod port;
pub mod post;
pub mod record;
mod resident;
pub mod steps;
pub mod verifier;

use std::time::Duration;

pub use resident::{Refused, Resident, Watch};

/// How often it is looked whether something has happened, in real time.
pub const GLANCE: Duration = Duration::from_millis(50);
