//! Tapes that are temporary files: in the system's folder for them, on Unix without a name there, so that
//! nothing stays behind whatever happens.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use public_audit::scratch::{Scratch, Tape};

use crate::folder::at;

/// Makes them in `TMPDIR`, or what is usual.
pub struct TemporaryFiles;

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Scratch for TemporaryFiles {
    fn tape(&self) -> io::Result<Box<dyn Tape>> {
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("jebi-audit-{}-{number}.tape", process::id()));
            // Never one that is there already: whose it is nobody knows.
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let path =
                        if cfg!(unix) { fs::remove_file(&path).map(|()| None) } else { Ok(Some(path)) };
                    return Ok(Box::new(Temporary { file, end: 0, path: path? }));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(at(&path)(error)),
            }
        }
    }
}

struct Temporary {
    file: File,
    end: u64,
    /// Where it cannot be removed while it is open.
    path: Option<PathBuf>,
}

impl Temporary {
    fn seek(&self, offset: u64) -> io::Result<&File> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    }
}

/// So that who has no room there knows where.
fn named(error: io::Error) -> io::Error {
    at(&env::temp_dir())(error)
}

impl Tape for Temporary {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.seek(self.end).and_then(|mut file| file.write_all(bytes)).map_err(named)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.seek(offset).and_then(|mut file| file.read(buffer)).map_err(named)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = fs::remove_file(path);
        }
    }
}
