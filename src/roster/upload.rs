//! Lists of people that are uploaded lie on the disk for as long as they are read, and no longer.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{
    import::spool_folder,
    spool::{beside, lock},
};

/// A list that lies on the disk while it is read.
pub struct Upload {
    folder: PathBuf,
    lock: File,
}

impl Upload {
    /// Puts a list where nobody else on this machine reads it, and where no other instance takes it for left over.
    ///
    /// # Errors
    /// What the disk said.
    pub fn put(state: &Path, name: &str, id: &str, list: &[u8]) -> io::Result<Self> {
        let folder = upload_folder(state, name, id);
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent)?;
        }
        let upload = Self { lock: lock(&folder)?, folder };
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&upload.folder).and_then(|()| fs::write(upload.list(), list)) {
            Ok(()) => Ok(upload),
            Err(error) => {
                let _ = upload.end();
                Err(error)
            }
        }
    }

    /// The list.
    pub fn list(&self) -> PathBuf {
        self.folder.join("list")
    }

    /// Where its spool may lie, if nothing of it is kept.
    pub fn spool(&self) -> PathBuf {
        self.folder.join("spool")
    }

    /// Whatever came of it: no list of people stays.
    ///
    /// # Errors
    /// What the disk said.
    pub fn end(self) -> io::Result<()> {
        fs::remove_dir_all(&self.folder)?;
        drop(self.lock);
        fs::remove_file(beside(&self.folder))
    }
}

/// No name of a roster holds a point.
fn upload_folder(state: &Path, name: &str, id: &str) -> PathBuf {
    spool_folder(state, &format!("{name}.{id}"))
}

/// Removes lists that were being read when the service was killed. What `jebi roster import` can go on with stays, and so does
/// what another instance on the same disk is reading.
///
/// # Errors
/// What the disk said.
pub fn sweep_uploads(state: &Path) -> io::Result<()> {
    let folders = match fs::read_dir(state.join("roster")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        folders => folders?,
    };
    for folder in folders {
        let folder = folder?;
        // Another instance may be sweeping, too, or have ended what it was reading.
        let is_there = folder.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_there || !folder.file_name().to_string_lossy().contains('.') {
            continue;
        }
        match lock(&folder.path()) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
            Err(error) => return Err(error),
            Ok(lock) => Upload { folder: folder.path(), lock }.end().or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_was_being_read_goes_and_what_is_being_read_stays() {
        let state = tempfile::tempdir().unwrap();
        sweep_uploads(state.path()).unwrap();
        let (left, spool) = (upload_folder(state.path(), "list", "0f3a"), spool_folder(state.path(), "list"));
        for folder in [&left, &spool] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("list"), "name").unwrap();
        }
        // Another instance on the same disk starts while this one reads.
        let upload = Upload::put(state.path(), "list", "77", b"name").unwrap();
        sweep_uploads(state.path()).unwrap();
        assert!(!left.exists() && spool.join("list").exists());
        assert_eq!(fs::read(upload.list()).unwrap(), b"name");
        upload.end().unwrap();
        let rest: Vec<_> =
            fs::read_dir(state.path().join("roster")).unwrap().map(|one| one.unwrap().path()).collect();
        assert_eq!(rest, [spool]);
    }
}
