//! Keys and everything made with them.
//!
//! One file holds 32 bytes; every key is derived from it for one purpose, so that a leak of one
//! use says nothing about another and an operator has one thing to keep safe. Losing the file
//! loses the sealed addresses and the organiser seeds not yet revealed: back it up apart from the
//! database.

mod jws;
mod keys;
mod password;
mod random;
mod totp;
mod vault;

pub use jws::{Kind as TokenKind, PassKeyError, PassKeys, STATEMENT, open_statement};
pub use keys::{KeyError, Keys, salt};
pub use password::{hash_password, verify_nobody, verify_password};
pub use random::{random_below, random_bytes, random_code, random_id};
pub use totp::{TotpSecret, new_totp_secret, totp_code, totp_now, totp_step, totp_typed, totp_uri};
pub use vault::{Opened, Vault};
