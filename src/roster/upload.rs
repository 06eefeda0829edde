//! Lists of people that are uploaded lie on the disk for as long as they are read, and no longer.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::import::spool_folder;

/// Where a list lies while it is read: no name of a roster holds a point.
pub fn upload_folder(state: &Path, name: &str, id: &str) -> PathBuf {
    spool_folder(state, &format!("{name}.{id}"))
}

/// Removes lists that were being read when the service was killed. What `jebi roster import` can go on with stays.
///
/// # Errors
/// What the disk said.
pub fn sweep_uploads(state: &Path) -> io::Result<()> {
    let folders = match std::fs::read_dir(state.join("roster")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        folders => folders?,
    };
    for folder in folders {
        let folder = folder?;
        if folder.file_name().to_string_lossy().contains('.') && folder.file_type()?.is_dir() {
            std::fs::remove_dir_all(folder.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_was_being_read_goes_and_an_import_that_can_go_on_stays() {
        let state = tempfile::tempdir().unwrap();
        sweep_uploads(state.path()).unwrap();
        let (left, spool) = (upload_folder(state.path(), "list", "0f3a"), spool_folder(state.path(), "list"));
        for folder in [&left, &spool] {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("list"), "name").unwrap();
        }
        sweep_uploads(state.path()).unwrap();
        assert!(!left.exists() && spool.join("list").exists());
    }
}
