//! Files of a record on disk: written line by line, their digests known when they are, and read like that by
//! the verifier. A record of millions is never in memory as a whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use public_audit::{Digest, record::Files};
use sha2::{Digest as _, Sha256};

/// What lies in several folders, as if it were one.
pub struct Folders(pub Vec<PathBuf>);

impl Folders {
    fn find(&self, name: &str) -> io::Result<Option<File>> {
        for folder in &self.0 {
            match File::open(folder.join(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                opened => return opened.map(Some),
            }
        }
        Ok(None)
    }
}

impl Files for Folders {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(self.find(name)?.map(|file| Box::new(file) as Box<dyn Read>))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        self.find(name)?.map(|file| Ok(file.metadata()?.len())).transpose()
    }
}

/// A file that is being written.
pub struct Writing {
    file: BufWriter<File>,
    sum: Sha256,
}

impl Writing {
    /// Begins a file.
    pub fn begin(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(1 << 16, File::create(path)?), sum: Sha256::new() })
    }

    /// Ends it, on disk, and says its digest.
    pub fn end(self) -> io::Result<Digest> {
        self.file.into_inner()?.sync_all()?;
        Ok(Digest(self.sum.finalize().into()))
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file with this text.
pub fn write(path: &Path, text: &[u8]) -> io::Result<Digest> {
    let mut file = Writing::begin(path)?;
    file.write_all(text)?;
    file.end()
}

/// A file of these lines, each of which is given without its LF.
pub fn write_lines(path: &Path, lines: impl Iterator<Item = String>) -> io::Result<Digest> {
    let mut file = Writing::begin(path)?;
    for mut line in lines {
        line.push('\n');
        file.write_all(line.as_bytes())?;
    }
    file.end()
}

/// A name that nobody sees, in the folder in which something is to appear whole.
pub fn beside(to: &Path) -> PathBuf {
    to.with_file_name(format!(".{}", crate::secret::random_id()))
}

/// What was written in `making` appears as `to`, on disk.
pub fn appear(making: &Path, to: &Path) -> io::Result<()> {
    File::open(making)?.sync_all()?;
    fs::rename(making, to)?;
    File::open(to.parent().unwrap_or(Path::new(".")))?.sync_all()
}
