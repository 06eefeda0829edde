//! A drill without sockets: the people of a round and what they do when, at full size or as a sample, against
//! every limit; and the same people under two other rules.
//!
//! Floating point is fine here: nothing of it is hashed or decides about a person.

mod broke;
mod crowd;
mod deeds;
mod enough;
mod hours;
mod measure;
mod policy;
mod rehearsed;
mod seller;
mod subject;

#[cfg(test)]
mod tests;

pub use broke::Exceeded;
pub use deeds::{Deed, Deeds, deeds};
pub use enough::{IN_PROCESS, Size, could_take_part, rehearsing};
pub use hours::arrivals;
pub use measure::{Measured, can_tell, first_over, measure};
pub use policy::{Curve, Policy, Rule, policies};
pub use rehearsed::{rehearsed, scaled};
pub use seller::Seller;
pub use subject::subject;
