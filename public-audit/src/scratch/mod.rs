//! Room for what does not fit into memory: written once, and read as often as it is needed.
//!
//! The library itself touches no disk. Whoever calls it says how much memory there is, and where the
//! rest goes: the program `jebi-audit` to temporary files, a test to memory.

mod item;
mod sorter;
mod spool;
mod tape;

use std::fmt;
use std::io;

pub(crate) use item::{Item, array};
pub(crate) use sorter::Sorter;
pub(crate) use spool::Spool;

/// Bytes that are appended, and read from anywhere.
pub trait Tape {
    /// Adds to the end.
    ///
    /// # Errors
    /// When there is no room, or it cannot be written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Reads what begins at `offset`; 0 bytes at the end.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// Where tapes come from.
pub trait Scratch {
    /// A new empty one, which is gone when it is dropped.
    ///
    /// # Errors
    /// When there can be none.
    fn tape(&self) -> io::Result<Box<dyn Tape>>;
}

/// Tapes in memory: for tests, and for who has enough of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct InMemory;

impl Scratch for InMemory {
    fn tape(&self) -> io::Result<Box<dyn Tape>> {
        Ok(Box::new(Vec::new()))
    }
}

impl Tape for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let found = &self[from..self.len().min(from.saturating_add(buffer.len()))];
        buffer[..found.len()].copy_from_slice(found);
        Ok(found.len())
    }
}

/// What there is to work with.
#[derive(Clone, Copy)]
pub struct Desk<'s> {
    /// Bytes that may lie on it at once; what is more goes to the tapes. A few megabytes come on top,
    /// and they do not grow with the number of entries.
    pub memory: usize,
    /// Where tapes come from.
    pub scratch: &'s dyn Scratch,
}

impl Desk<'static> {
    /// All in memory.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { memory: usize::MAX, scratch: &InMemory }
    }
}

impl fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("memory", &self.memory).finish_non_exhaustive()
    }
}
