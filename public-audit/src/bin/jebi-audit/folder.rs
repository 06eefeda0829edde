//! A record in a folder, and the progress bar that its reading moves.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
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

/// How often the bar is drawn: also while the draw is computed, when nothing is read.
const TICK: Duration = Duration::from_millis(200);

/// Reads a record's files. The bar is invisible when standard error is not a terminal.
pub struct Folder {
    dir: PathBuf,
    bar: ProgressBar,
}

impl Folder {
    /// Opens the folder; whoever asked for an answer to be read by a program sees no bar.
    pub fn open(dir: &Path, quiet: bool) -> io::Result<Self> {
        if !fs::metadata(dir).map_err(at(dir))?.is_dir() {
            return Err(at(dir)(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")));
        }
        let size = |name: &&str| fs::metadata(dir.join(name)).map_or(0, |file| file.len());
        // Each file is read for its digest and again for its meaning, some more than once: the pool for
        // its form, the lots and the batches.
        let bytes: u64 = record::FILES.iter().map(|name| 2 * size(name)).sum();
        let again = 2 * size(&record::POOL) + 2 * size(&record::RESULT);
        let again = again + size(&record::BATCHES) + 3 * size(&record::JOURNAL);
        let offers = size(&record::OFFERS);
        let after = 3 * offers + if offers > 0 { size(&record::POOL) + size(&record::JOURNAL) } else { 0 };
        if quiet {
            return Ok(Self { dir: dir.to_owned(), bar: ProgressBar::hidden() });
        }
        let bar = ProgressBar::new(bytes + again + after);
        let style = "{spinner} {msg:20} {wide_bar} {bytes}/{total_bytes} {elapsed}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Ok(Self { dir: dir.to_owned(), bar })
    }

    /// Takes the bar away before the report is printed.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Files for Folder {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        self.bar.set_message(name.to_owned());
        let path = self.dir.join(name);
        match open_regular(&path) {
            Ok(file) => Ok(Some(Box::new(self.bar.wrap_read(Named { path, file })))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let path = self.dir.join(name);
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
