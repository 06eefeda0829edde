//! A record in a folder, and the progress bar that its reading moves.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use public_audit::record::{self, Files};

/// Reads a record's files; the bar is invisible when standard error is not a terminal.
pub struct Folder {
    dir: PathBuf,
    bar: ProgressBar,
}

impl Folder {
    /// Opens the folder.
    pub fn open(dir: &Path) -> io::Result<Self> {
        if !fs::metadata(dir)?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "not a folder"));
        }
        let size = |name: &&str| fs::metadata(dir.join(name)).map_or(0, |file| file.len());
        // Each file is read for its digest and again for its meaning, the result once more.
        let bytes: u64 = record::FILES.iter().map(|name| 2 * size(name)).sum();
        let bar = ProgressBar::new(bytes + size(&record::RESULT));
        if let Ok(style) = ProgressStyle::with_template("{msg:14} {wide_bar} {bytes}/{total_bytes}") {
            bar.set_style(style);
        }
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
        match File::open(self.dir.join(name)) {
            Ok(file) if file.metadata()?.is_file() => Ok(Some(Box::new(self.bar.wrap_read(file)))),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
