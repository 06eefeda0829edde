//! Tapes that are files without a name: nothing of them is left, whatever happens.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use public_audit::scratch::{Scratch, Tape};

/// Makes them in this folder.
pub struct Tapes(pub PathBuf);

impl Scratch for Tapes {
    fn tape(&self) -> io::Result<Box<dyn Tape>> {
        let path = self.0.join("tape");
        let file = File::options().read(true).append(true).create_new(true).open(&path)?;
        fs::remove_file(path)?;
        Ok(Box::new(Unnamed(file)))
    }
}

struct Unnamed(File);

impl Tape for Unnamed {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
}
