//! What `jebi-audit` does over the network. Whoever answers there, or asks, is not trusted: every
//! answer has a largest size and a latest time before anything is done with it.

mod client;
mod download;
mod serve;
mod store;
pub mod watch;
pub mod witness;

pub use download::download;

use std::io;

/// Why a command ends, and its exit code.
#[derive(Debug)]
pub enum Trouble {
    /// 2: it could not be read, reached or written.
    Unreadable(String),
    /// 1: what was read does not match.
    Wrong(String),
    /// 3: there are two histories, or the past was changed.
    Split(String),
}

impl Trouble {
    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Wrong(_) => 1,
            Self::Unreadable(_) => 2,
            Self::Split(_) => 3,
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(reason) | Self::Wrong(reason) => f.write_str(reason),
            Self::Split(reason) => write!(f, "THE JOURNAL WAS CHANGED OR HAS TWO HISTORIES: {reason}"),
        }
    }
}

impl From<io::Error> for Trouble {
    /// Data that was refused is wrong, everything else was not readable.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::Wrong(error.to_string()),
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
