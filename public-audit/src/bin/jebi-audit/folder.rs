//! A record in a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use public_audit::record::{self, Files};

/// Puts the path before an error, which by itself does not know it.
pub fn at(path: &Path) -> impl Fn(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Opens a regular file or a symlink to one; a pipe or a device could keep its reader for ever.
pub fn open_regular(path: &Path) -> io::Result<File> {
    if !fs::metadata(path).map_err(at(path))?.is_file() {
        return Err(at(path)(io::Error::other("not a regular file")));
    }
    File::open(path).map_err(at(path))
}

/// A whole file of a record.
pub fn read_file(dir: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = dir.join(name);
    let file = open_regular(&path)?;
    let (most, size) = (record::most(name).unwrap_or(u64::MAX), file.metadata().map_err(at(&path))?.len());
    if size > most {
        return Err(at(&path)(io::Error::other(format!("{size} bytes, and at most {most} are allowed"))));
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(at(&path))?;
    Ok(bytes)
}

/// Reads a record's files.
pub struct Folder(PathBuf);

impl Folder {
    /// Opens the folder.
    pub fn open(dir: &Path) -> io::Result<Self> {
        if fs::metadata(dir).map_err(at(dir))?.is_dir() {
            return Ok(Self(dir.to_owned()));
        }
        Err(at(dir)(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")))
    }
}

impl Files for Folder {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let path = self.0.join(name);
        match open_regular(&path) {
            Ok(file) => Ok(Some(Box::new(Named { path, file }))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let path = self.0.join(name);
        match fs::metadata(&path) {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path)(error)),
        }
    }
}

/// A file whose errors name it.
struct Named {
    path: PathBuf,
    file: File,
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer).map_err(at(&self.path))
    }
}
