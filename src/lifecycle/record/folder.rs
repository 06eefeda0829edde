//! Files of a record on disk: written line by line, their digests known when they are, and read like that by
//! the verifier. A record of millions is never in memory as a whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use public_audit::{Digest, record::Files};
use sha2::{Digest as _, Sha256};

use crate::secret::random_id;

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

/// How names end of what is only being made.
const HALF: &str = ".making";

/// Something that is being made under a name that nobody sees, beside where it is to be. It is thrown away with this, unless
/// it has appeared; of whoever is killed it stays, until the next who makes something.
pub struct Making(PathBuf);

impl Making {
    /// Of what is to be `to`.
    pub fn beside(to: &Path) -> Self {
        Self(to.with_file_name(format!(".{}{HALF}", random_id())))
    }

    /// Where it is made.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// It appears as `to`, whole and on disk.
    pub fn appear(self, to: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        fs::rename(&self.0, to)?;
        File::open(to.parent().unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        throw_away(&self.0);
    }
}

/// Whether something is only being made, by its name.
pub fn is_half(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(HALF)
}

/// A file or a folder, if it is there.
pub fn throw_away(path: &Path) {
    if fs::remove_file(path).is_err() {
        let _ = fs::remove_dir_all(path);
    }
}

/// A name under which something is kept that is not ours to serve, nor to throw away.
pub fn aside(of: &Path) -> PathBuf {
    of.with_file_name(format!(".{}", random_id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_appears_whole_or_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let names = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let to = folder.path().join("spring");
        for (is_folder, appears) in [(true, false), (false, false), (true, true)] {
            let making = Making::beside(&to);
            assert!(is_half(making.path()) && !is_half(&to));
            let mut file = making.path().to_owned();
            if is_folder {
                fs::create_dir(&file).unwrap();
                file.push("pool.txt");
            }
            write(&file, b"a line\n").unwrap();
            assert!(!to.exists());
            match appears {
                true => making.appear(&to).unwrap(),
                false => drop(making),
            }
            assert_eq!(names().count(), usize::from(appears));
        }
        assert_eq!(fs::read(to.join("pool.txt")).unwrap(), b"a line\n");
    }
}
