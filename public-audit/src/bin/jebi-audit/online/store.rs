//! Files that survive a crash as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::folder::at;

/// Replaces a file: when this returns, the new bytes are on the disk; before, the old ones are.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = dir.join(format!(".{name}.new"));
    let write = || {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        File::open(dir)?.sync_all()
    };
    write().map_err(at(path))
}

/// The text of a file of at most `most` bytes; `None` if there is none.
pub fn read(path: &Path, most: u64) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path)(error)),
        Ok(file) if file.len() > most => {
            Err(io::Error::other(format!("{} is larger than {most} bytes", path.display())))
        }
        Ok(_) => fs::read_to_string(path).map(Some).map_err(at(path)),
    }
}

/// Makes the folder and takes it for this process alone, as long as the file is held.
pub fn lock(dir: &Path) -> io::Result<File> {
    fs::create_dir_all(dir).map_err(at(dir))?;
    let path = dir.join("lock");
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(at(&path))?;
    let taken = |_| io::Error::other(format!("{} is in use by another process", dir.display()));
    file.try_lock().map_err(taken)?;
    Ok(file)
}
