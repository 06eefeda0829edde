//! Checkpoints: the journal's size and root, signed. What is signed is never unsaid.
//!
//! Two histories under one name would be worse than none. So each instance also remembers, in a file
//! beside its keys and not in the database, the last checkpoint it has seen signed: after a database
//! was restored from a backup, nothing is signed that contradicts it.

use std::{fs, io, path::Path};

use entities::checkpoint::Model;
use public_audit::{
    Digest, Rules,
    journal::{Checkpoint, cosignature::Witness, witness},
    note::Verifier,
};

use super::{LifecycleError, refused};
use crate::{
    app::{App, REMEMBERED},
    secret::random_id,
    store,
};

/// Signs the journal as it is now, unless that was done. `None` while nothing has happened yet.
///
/// # Errors
/// [`LifecycleError`]; refused when the journal is not a continuation of what was signed before.
pub async fn sign(app: &App) -> Result<Option<Model>, LifecycleError> {
    let size = app.tree.refresh().await?;
    let latest = store::checkpoint::find_latest(app.db.read()).await?;
    if latest.is_none() && size == 0 {
        return Ok(None);
    }
    let signed = latest.as_ref().map_or(0, |latest| usize::try_from(latest.size).unwrap_or(usize::MAX));
    // Also when there is nothing to sign: what is served must not be contradicted unseen.
    let (checkpoint, note) = at(app, size).await?;
    if signed == size {
        return Ok(latest);
    }
    let row = Model { size: i64::try_from(size).map_err(refused)?, root: checkpoint.root.to_string(), note };
    let txn = app.db.begin().await?;
    let row = store::checkpoint::settle(&txn, row).await?;
    txn.commit().await?;
    Ok(Some(row))
}

/// The signed checkpoint over the first `size` events, the same on every instance and whenever it is
/// asked for: Ed25519 signatures are deterministic, so a record can be made again byte for byte. It is
/// remembered before anybody can see it.
///
/// # Errors
/// [`LifecycleError`]; refused when the journal is not a continuation of what was signed before.
pub async fn at(app: &App, size: usize) -> Result<(Checkpoint, String), LifecycleError> {
    app.tree.refresh().await?;
    let path = app.config.state_dir.join(REMEMBERED);
    let remembered = read(&path).map_err(refused)?;
    if let Some((size, root)) = &remembered {
        continues(app, *size, root)?;
    }
    if let Some(latest) = store::checkpoint::find_latest(app.db.read()).await? {
        continues(app, latest.size, &latest.root)?;
    }
    let root = app.tree.root(size).ok_or_else(|| refused("the journal has fewer events than that"))?;
    let checkpoint = Checkpoint { origin: origin(app).await?, size: size as u64, root };
    let signer = app.keys.signer(&checkpoint.origin).map_err(refused)?;
    let note = checkpoint.sign(&signer).map_err(refused)?;
    let size = i64::try_from(size).map_err(refused)?;
    if remembered.is_none_or(|(remembered, _)| remembered < size) {
        write(&path, size, &root).map_err(|error| refused(format!("{}: {error}", path.display())))?;
    }
    Ok((checkpoint, note))
}

/// What a witness is asked: to cosign this checkpoint as a continuation of the `old` events it cosigned
/// before. `None` if there are not that many.
///
/// # Errors
/// [`LifecycleError`].
pub async fn request(app: &App, signed: &Model, old: u64) -> Result<Option<String>, LifecycleError> {
    app.tree.refresh().await?;
    let proof = app.tree.with(|tree| tree.consistency(old, signed.size.unsigned_abs()));
    Ok(proof.map(|proof| witness::request(old, &proof, &signed.note)))
}

/// Adds a cosignature to a checkpoint: a line that [`Witness::pick`] took out of an answer.
///
/// Others may be adding theirs, and another instance the same one.
///
/// # Errors
/// [`LifecycleError`].
pub async fn cosign(app: &App, size: i64, by: &Witness, line: &str) -> Result<(), LifecycleError> {
    loop {
        let txn = app.db.begin().await?;
        let Some(row) = store::checkpoint::find(&txn, size).await? else { return Ok(()) };
        if by.open(&row.note).is_ok() {
            return Ok(());
        }
        let kept = store::checkpoint::cosign(&txn, &row, &format!("{}{line}", row.note)).await?;
        txn.commit().await?;
        if kept {
            return Ok(());
        }
    }
}

/// The name the journal bears, and the keys of all rounds: the public address without its scheme
/// (C2SP: a schema-less URL) as it was when the first round was announced. An address may change, the
/// journal may not.
///
/// # Errors
/// [`LifecycleError`].
pub async fn origin(app: &App) -> Result<String, LifecycleError> {
    let rounds = store::round::list(app.db.read()).await?;
    let Some(first) = rounds.last() else {
        let url = app.config.public_url.as_str();
        return Ok(url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned());
    };
    let rules = Rules::parse(first.rules.as_bytes()).map_err(refused)?;
    Ok(Verifier::parse(&rules.signing_key).map_err(refused)?.name().to_owned())
}

fn continues(app: &App, size: i64, root: &str) -> Result<(), LifecycleError> {
    let size = usize::try_from(size).map_err(refused)?;
    if app.tree.root(size).is_some_and(|ours| ours.to_string() == root) {
        return Ok(());
    }
    Err(refused(format!(
        "the journal no longer holds the {size} events that were signed: the database was restored from a backup or \
         changed. Nothing is signed until the newer database is back; a second history would be seen by every \
         witness"
    )))
}

fn read(path: &Path) -> io::Result<Option<(i64, String)>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    let mut words = text.split_whitespace();
    let size = words.next().and_then(|size| size.parse().ok());
    let root = words.next().filter(|root| root.parse::<Digest>().is_ok());
    match (size, root) {
        (Some(size), Some(root)) => Ok(Some((size, root.to_owned()))),
        _ => Err(io::Error::other(format!("{} holds no size and root", path.display()))),
    }
}

/// Under a name of its own first: two who write at once would move each other's away.
fn write(path: &Path, size: i64, root: &Digest) -> io::Result<()> {
    let new = path.with_extension(random_id());
    let written = put(&new, &format!("{size} {root}\n")).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What is left of it would only lie about.
        drop(fs::remove_file(&new));
    }
    written
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_write_at_once_and_what_stands_there_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(REMEMBERED);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let path = &path;
                scope.spawn(move || (0..50).for_each(|_| write(path, writer, &Digest::ZERO).unwrap()));
            }
        });
        assert!((0..8).contains(&read(&path).unwrap().unwrap().0));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
