//! A folder of one's own, which may be emptied without asking because it is marked, and the configuration that lives in it.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use crate::config::{self, Config, DatabaseUrl};

/// Whether it may be one's [`own`]: it bears the mark, or nothing is in it. Nothing is touched.
///
/// # Errors
/// When something else is in it, or the system does not let us look.
pub fn check(dir: &Path, mark: &str) -> anyhow::Result<()> {
    if marked(dir, mark).is_file() {
        return Ok(());
    }
    let is_empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        // Whoever may not look does not know that nothing is in it.
        Err(error) => {
            return Err(error).with_context(|| {
                format!("{} cannot be read: name another folder, or see who may read it", dir.display())
            });
        }
    };
    ensure!(
        is_empty,
        "{} is not empty and was not made by `jebi {mark}`: name another folder",
        dir.display()
    );
    Ok(())
}

/// The folder, marked, and made if it is not there. What is in it stays.
///
/// # Errors
/// As [`check`], or when the system refuses.
pub fn own(dir: &Path, mark: &str) -> anyhow::Result<PathBuf> {
    check(dir, mark)?;
    fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let says =
        format!("Everything in this folder was made by `jebi {mark}` and is emptied by the next one.\n");
    fs::write(marked(dir, mark), says).with_context(|| format!("{} cannot be written", dir.display()))?;
    Ok(dir.canonicalize()?)
}

/// The folder, marked and empty. One without the mark is never touched.
///
/// # Errors
/// As [`own`].
pub fn fresh(dir: &Path, mark: &str) -> anyhow::Result<PathBuf> {
    check(dir, mark)?;
    if marked(dir, mark).is_file() {
        fs::remove_dir_all(dir).with_context(|| format!("{} cannot be emptied", dir.display()))?;
    }
    own(dir, mark)
}

/// The mark.
pub fn marked(dir: &Path, mark: &str) -> PathBuf {
    dir.join(format!(".jebi-{mark}"))
}

/// A deployment in that folder, whose mail server is ours.
pub fn config(dir: &Path, site: &str, mail_port: u16, mark: &str) -> Config {
    let state_dir = dir.join("state");
    let database = state_dir.join("jebi.sqlite");
    Config {
        public_url: site.to_owned(),
        database_url: Some(DatabaseUrl::new(format!("sqlite://{}?mode=rwc", database.display()))),
        state_dir,
        municipality: config::Municipality {
            name: "통영시 (모의)".to_owned(),
            contact: "055-000-0000".to_owned(),
            site_in_words: format!("jebi {mark}"),
        },
        mail: Some(config::Mail {
            host: "127.0.0.1".to_owned(),
            port: mail_port,
            tls: config::Tls::None,
            from: format!("jebi {mark} <jebi@{mark}.invalid>"),
            connections: 16,
            per_second: 5_000,
            // Half of the time would go into a second mail for each resident.
            send_seal: false,
            ..config::Mail::default()
        }),
        log: config::LogConfig { level: "warn".to_owned(), ..config::LogConfig::default() },
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_bears_the_mark_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("report");
        let made = fresh(&dir, "drill").unwrap();
        fs::write(made.join("report.json"), "{}").unwrap();
        check(&dir, "drill").unwrap();
        assert!(made.join("report.json").is_file(), "to look empties nothing");
        let other = fresh(&dir, "demo").unwrap_err().to_string();
        assert!(other.contains("was not made by `jebi demo`"), "{other}");
        assert!(made.join("report.json").is_file());
        fresh(&dir, "drill").unwrap();
        assert!(!made.join("report.json").exists() && made.join(".jebi-drill").is_file());
    }

    /// A file in its place, or a folder that we may not read, is not an empty folder.
    #[test]
    fn what_cannot_be_looked_into_is_not_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report");
        fs::write(&file, "somebody's").unwrap();
        for dir in [file.clone(), file.join("below")] {
            let said = fresh(&dir, "drill").unwrap_err().to_string();
            assert!(said.contains("cannot be read: name another folder"), "{said}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "somebody's");
    }
}
