//! The folder of the report. What an earlier drill left in it stays until this one has a report of its own: whoever is
//! refused, or ends it half way, has lost nothing.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::stage::folder;

/// What marks a folder as one of drills.
const MARK: &str = "drill";
/// Where in it a drill makes what it makes, until it has a report.
const NEXT: &str = "next";

/// The folder of a drill that has begun.
pub struct Folder {
    dir: PathBuf,
    next: PathBuf,
}

/// Whether a drill may begin in this folder. Nothing is touched.
///
/// # Errors
/// As [`folder::check`].
pub fn check(dir: &Path) -> anyhow::Result<()> {
    folder::check(dir, MARK)
}

impl Folder {
    /// Begins a drill beside what an earlier one left. What one made that came to no report goes.
    ///
    /// # Errors
    /// As [`check`], or when the system refuses.
    pub fn begin(dir: &Path) -> anyhow::Result<Self> {
        let dir = folder::own(dir, MARK)?;
        let next = dir.join(NEXT);
        if next.exists() {
            fs::remove_dir_all(&next).with_context(|| format!("{} cannot be emptied", next.display()))?;
        }
        fs::create_dir(&next).with_context(|| format!("{} cannot be made", next.display()))?;
        Ok(Self { dir, next })
    }

    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the drill makes what it makes.
    pub fn next(&self) -> &Path {
        &self.next
    }

    /// The drill has its report: what it made takes the place of all that an earlier one left.
    ///
    /// # Errors
    /// What the file system said.
    pub fn settle(&self) -> io::Result<()> {
        let mark = folder::marked(&self.dir, MARK);
        for path in paths(&self.dir)?.into_iter().filter(|path| *path != self.next && *path != mark) {
            // Of a link, the link.
            match fs::symlink_metadata(&path)?.is_dir() {
                true => fs::remove_dir_all(&path)?,
                false => fs::remove_file(&path)?,
            }
        }
        for path in paths(&self.next)? {
            if let Some(name) = path.file_name() {
                fs::rename(&path, self.dir.join(name))?;
            }
        }
        fs::remove_dir_all(&self.next)
    }
}

fn paths(dir: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drill that left a report, a list of people, and the state of its service.
    fn drilled(dir: &Path, report: &str) -> Folder {
        let folder = Folder::begin(dir).unwrap();
        fs::write(folder.next().join("report.json"), report).unwrap();
        fs::write(folder.next().join("people.csv"), report).unwrap();
        fs::create_dir(folder.next().join("state")).unwrap();
        fs::write(folder.next().join("state/jebi.sqlite"), report).unwrap();
        folder
    }

    fn names(dir: &Path) -> Vec<String> {
        let all = paths(dir).unwrap().into_iter();
        let mut names: Vec<String> =
            all.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_an_earlier_drill_left_stays_until_there_is_another_report() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("report");
        let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
        drilled(&dir, "first").settle().unwrap();
        let whole = [".jebi-drill", "people.csv", "report.json", "state"];
        assert_eq!(names(&dir), whole);
        assert_eq!([read("report.json"), read("state/jebi.sqlite")], ["first", "first"]);
        // One that is ended half way takes nothing away, however often that happens.
        for _ in 0..2 {
            drilled(&dir, "half");
            assert_eq!([read("report.json"), read("state/jebi.sqlite")], ["first", "first"]);
        }
        // What is not there any more was the other one's, and nothing is left of what came to no report.
        let folder = Folder::begin(&dir).unwrap();
        assert_eq!(names(folder.next()), Vec::<String>::new());
        fs::write(folder.next().join("report.json"), "second").unwrap();
        folder.settle().unwrap();
        assert_eq!(names(&dir), [".jebi-drill", "report.json"]);
        assert_eq!(read("report.json"), "second");
    }

    #[test]
    fn no_drill_begins_in_a_folder_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
        assert!(check(folder.path()).is_err() && Folder::begin(folder.path()).is_err());
        assert_eq!(names(folder.path()), ["thesis.txt"]);
    }
}
