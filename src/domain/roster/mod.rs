//! Rosters: lists of people that a municipality brings along. What a cell says, who a line is, and
//! what is wrong with it; nothing here reads a file or keeps anything.

pub mod birth;
pub mod columns;
pub mod fields;
pub mod line;
pub mod listed;
pub mod registration;
pub mod spelling;
mod words;

#[cfg(test)]
mod tests;

pub use columns::{Column, Columns, ColumnsError};
pub use line::{Member, MemberKey, Wrong, name_key, read};
pub use words::Reason;

use std::str::FromStr;

/// By what somebody on a roster is known when they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchBy {
    /// The mobile number that a code was sent to.
    Phone,
    /// The mail address that a code was sent to.
    Email,
    /// Name and birth date, typed.
    Name,
}

impl MatchBy {
    /// As in tables and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Name => "name",
        }
    }
}

impl FromStr for MatchBy {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, String> {
        [Self::Phone, Self::Email, Self::Name]
            .into_iter()
            .find(|by| by.key() == key)
            .ok_or_else(|| "people are matched by `phone`, `email` or `name` (with birth date)".to_owned())
    }
}

/// Whether a roster can bear this name: it stands in drafts and file names.
pub fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    plain && (1..=64).contains(&name.len()) && !name.starts_with('-') && !name.ends_with('-')
}
