//! Keys and everything made with them.
//!
//! One file holds 32 bytes; every key is derived from it for one purpose, so that a leak of one
//! use says nothing about another and an operator has one thing to keep safe. Losing the file
//! loses the sealed addresses and the organiser seeds not yet revealed: back it up apart from the
//! database.

mod keys;
mod password;
mod random;
mod vault;

pub use keys::{KeyError, Keys, salt};
pub use password::{hash_password, verify_password};
pub use random::{random_below, random_bytes, random_code, random_id};
pub use vault::{Opened, Vault};
