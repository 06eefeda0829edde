//! Whoever makes files of records does so alone: of all in this process, and of all processes that have this state folder,
//! as `jebi pack` has beside `jebi serve`. What lies half made there is then nobody's any more, and thrown away.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use public_audit::{record, seed::SeedInput};
use tokio::sync::{Mutex, MutexGuard};

use super::{blocking, folder};
use crate::{
    clock::Clock,
    lifecycle::{LifecycleError, refused},
};

/// How often it is looked whether another process is done.
const LOOK: Duration = Duration::from_millis(100);

/// One at a time: a crowd that asks for a new record waits for the first who makes it.
static HERE: Mutex<()> = Mutex::const_new(());

/// As long as it is kept, nobody else makes anything. The system lets go for whoever is killed.
pub struct Alone {
    _everywhere: Option<File>,
    _here: MutexGuard<'static, ()>,
}

/// Waits until nobody makes anything in the folder in which `record` lies, or is to lie.
///
/// # Errors
/// Refused when there can be no such folder.
pub async fn alone(record: &Path) -> Result<Alone, LifecycleError> {
    let here = HERE.lock().await;
    let all = record.parent().unwrap_or(Path::new(".")).to_owned();
    let failed = |error: io::Error| refused(format!("{}: {error}", all.display()));
    fs::create_dir_all(&all).map_err(failed)?;
    let lock = File::open(&all).map_err(failed)?;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            // Not in the system's own queue: a process that is to end would stay for as long as the other takes.
            Err(TryLockError::WouldBlock) => Clock::pause(LOOK).await,
            // Some network file systems know no such locks. Then only this process waits for itself, and leaves everything
            // where it lies: it may be another's.
            Err(TryLockError::Error(_)) => return Ok(Alone { _everywhere: None, _here: here }),
        }
    }
    blocking(move || clear(&all)).await?;
    Ok(Alone { _everywhere: Some(lock), _here: here })
}

/// Throws away what somebody was killed in the middle of, and lists that were published by themselves until their round's
/// record was. What cannot be thrown away stays: nobody is served it.
fn clear(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(hidden) = name.strip_prefix('.') else { continue };
        if folder::is_half(&path) {
            folder::throw_away(&path);
        } else if hidden.ends_with(".after") {
            clear(&path);
        } else if let Some((slug, root)) = hidden.split_once(".pool.")
            && has_pool(&all.join(slug), root.strip_suffix(".lines").unwrap_or(root))
        {
            folder::throw_away(&path);
        }
    }
}

/// Whether the list whose root begins like this is in a record. One that another database left under the same name has another
/// list, and this one is still asked for.
fn has_pool(record: &Path, root: &str) -> bool {
    let input = fs::read_to_string(record.join(record::SEED_INPUT)).unwrap_or_default();
    SeedInput::parse(&input).is_ok_and(|input| input.root.to_string().starts_with(root))
}

#[cfg(test)]
mod tests {
    use public_audit::Digest;

    use super::*;

    #[test]
    fn only_what_is_half_made_or_published_twice_is_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let kept = [
            "spring/manifest.txt",
            // Of another database.
            ".spring.pool.ff00",
            ".spring.pool.ff00.lines",
            ".spring.paths/record.zip",
            ".spring.after/000001-ab/offers.txt",
            ".autumn.pool.00ff",
            ".autumn.pool.00ff.lines",
            ".0a1b/manifest.txt",
        ];
        let gone = [
            ".2c3d.making/pool.txt",
            ".spring.making/pool.tree",
            ".spring.after/.4e5f.making/offers.txt",
            ".spring.pool.00ee",
            ".spring.pool.00ee.lines",
            ".6a7b.making",
        ];
        for name in kept.iter().chain(&gone) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let input = SeedInput {
            round: "spring".parse().unwrap(),
            rules_digest: Digest::ZERO,
            root: format!("00ee{}", "0".repeat(60)).parse().unwrap(),
            organiser_seed: Digest::ZERO,
            dice: None,
            pulse: Digest::ZERO,
        };
        fs::write(folder.path().join("spring").join(record::SEED_INPUT), input.to_text()).unwrap();
        clear(folder.path());
        for name in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        for name in gone {
            let first = name.rsplit_once('/').map_or(name, |(folder, _)| folder);
            assert!(!folder.path().join(first).exists(), "{name}");
        }
    }
}
