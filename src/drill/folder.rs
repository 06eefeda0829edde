//! The folder of the report. What an earlier drill left in it stays until this one has a report of its own: whoever is
//! refused, or ends it half way, has lost nothing.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::stage::folder;

/// What marks a folder as one of drills.
const MARK: &str = "drill";
/// Where in it a drill makes what it makes, until it has a report.
const NEXT: &str = "next";
/// Where what an earlier one left lies while the new report takes its place.
const BEFORE: &str = "before";
/// The first that leaves its place and the last that takes it: where it is, everything that belongs to it is.
pub const REPORT: &str = "report.json";

/// The folder of a drill that has begun.
pub struct Folder {
    dir: PathBuf,
    next: PathBuf,
    /// Of the mark: it ends with the process, however that ends.
    _lock: File,
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
    /// As [`check`], when another drill is running there, or when the system refuses.
    pub fn begin(dir: &Path) -> anyhow::Result<Self> {
        let dir = folder::own(dir, MARK)?;
        let lock = File::open(folder::marked(&dir, MARK))?;
        // A file system without locks is one without this help.
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            bail!(
                "another drill is running in {}, and nothing was touched: wait until it has ended, or name another \
                 folder with --report",
                dir.display()
            );
        }
        let (next, before) = (dir.join(NEXT), dir.join(BEFORE));
        if !is_there(&dir.join(REPORT)) && is_there(&before) {
            put(&before, &dir).with_context(|| format!("{} cannot be put back", before.display()))?;
        }
        for left in [&next, &before] {
            remove(left).with_context(|| format!("{} cannot be emptied", left.display()))?;
        }
        fs::create_dir(&next).with_context(|| format!("{} cannot be made", next.display()))?;
        Ok(Self { dir, next, _lock: lock })
    }

    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the drill makes what it makes.
    pub fn next(&self) -> &Path {
        &self.next
    }

    /// The drill has its report: what it made takes the place of all that an earlier one left. Whatever ends that in the
    /// middle, one of the two reports is whole, and the drill after it begins beside it.
    ///
    /// # Errors
    /// What the file system said.
    pub fn settle(&self) -> io::Result<()> {
        let (mark, before) = (folder::marked(&self.dir, MARK), self.dir.join(BEFORE));
        fs::create_dir(&before)?;
        let mut earlier = paths(&self.dir)?;
        earlier.retain(|path| ![&self.next, &mark, &before].contains(&path));
        earlier.sort_by_key(|path| !path.ends_with(REPORT));
        for path in earlier {
            shift(&path, &before)?;
        }
        put(&self.next, &self.dir)?;
        // The report is there: what cannot be removed goes with the drill after it.
        let _ = remove(&self.next);
        let _ = remove(&before);
        Ok(())
    }
}

/// Puts everything of one folder into another, in the place of what is called the same there; the report last.
fn put(from: &Path, to: &Path) -> io::Result<()> {
    let mut all = paths(from)?;
    all.sort_by_key(|path| path.ends_with(REPORT));
    all.iter().try_for_each(|path| shift(path, to))
}

fn shift(path: &Path, to: &Path) -> io::Result<()> {
    let Some(name) = path.file_name() else { return Ok(()) };
    let place = to.join(name);
    remove(&place)?;
    fs::rename(path, place)
}

/// Of a link, the link.
fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
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
    fn one_drill_at_a_time_makes_a_report_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let running = drilled(folder.path(), "first");
        let why = Folder::begin(folder.path()).err().unwrap().to_string();
        assert!(why.contains("another drill is running") && why.contains("--report"), "{why}");
        assert_eq!(names(running.next()), ["people.csv", "report.json", "state"]);
        running.settle().unwrap();
        drop(running);
        assert!(Folder::begin(folder.path()).is_ok());
    }

    /// Killed while the new report took the place of the earlier one, after each of the files that are moved.
    #[test]
    fn of_two_reports_one_is_whole_whenever_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("report");
        let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
        let all = ["report.json", "people.csv", "state"];
        drilled(&dir, "first").settle().unwrap();
        for moved in 0..=6 {
            let drill = drilled(&dir, "second");
            fs::create_dir(dir.join(BEFORE)).unwrap();
            for name in all.iter().take(moved) {
                shift(&dir.join(name), &dir.join(BEFORE)).unwrap();
            }
            for name in all.iter().rev().take(moved.saturating_sub(all.len())) {
                shift(&drill.next().join(name), &dir).unwrap();
            }
            drop(drill);
            drop(Folder::begin(&dir).unwrap());
            let whole = if moved == 6 { "second" } else { "first" };
            assert_eq!(names(&dir), [".jebi-drill", NEXT, "people.csv", "report.json", "state"], "{moved}");
            for name in ["report.json", "people.csv", "state/jebi.sqlite"] {
                assert_eq!(read(name), whole, "{moved}: {name}");
            }
        }
    }

    #[test]
    fn no_drill_begins_in_a_folder_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
        assert!(check(folder.path()).is_err() && Folder::begin(folder.path()).is_err());
        assert_eq!(names(folder.path()), ["thesis.txt"]);
    }
}
