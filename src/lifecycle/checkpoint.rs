//! Checkpoints: the journal's size and root, signed. What is signed is never unsaid.
//!
//! Two histories under one name would be worse than none. So each instance also remembers, in a file
//! beside its keys and not in the database, the last checkpoint it has seen signed: after a database
//! was restored from a backup, nothing is signed that contradicts it.

use std::{fs, io, path::Path};

use entities::checkpoint::Model;
use public_audit::{Digest, journal::Checkpoint};

use super::{LifecycleError, refused};
use crate::{
    app::{App, REMEMBERED},
    store,
};

/// Signs the journal as it is now, unless that was done. `None` while nothing has happened yet.
///
/// # Errors
/// [`LifecycleError`]; refused when the journal is not a continuation of what was signed before.
pub async fn sign(app: &App) -> Result<Option<Model>, LifecycleError> {
    let size = app.tree.refresh().await?;
    let latest = store::checkpoint::find_latest(app.db.read()).await?;
    let signed = latest.as_ref().map_or(0, |latest| usize::try_from(latest.size).unwrap_or(usize::MAX));
    let remembered = app.config.state_dir.join(REMEMBERED);
    if let Some((size, root)) = read(&remembered).map_err(refused)? {
        continues(app, size, &root)?;
    }
    if signed == size {
        return Ok(latest);
    }
    if let Some(latest) = &latest {
        continues(app, latest.size, &latest.root)?;
    }
    let checkpoint = at(app, size).await?;
    let row = Model {
        size: i64::try_from(size).map_err(refused)?,
        root: checkpoint.root.to_string(),
        note: note(app, &checkpoint)?,
    };
    // Remembered before anybody can see it.
    write(&remembered, &row).map_err(|error| refused(format!("{}: {error}", remembered.display())))?;
    let txn = app.db.begin().await?;
    let row = store::checkpoint::settle(&txn, row).await?;
    txn.commit().await?;
    Ok(Some(row))
}

/// The checkpoint over the first `size` events, the same on every instance and whenever it is asked
/// for: Ed25519 signatures are deterministic, so a record can be made again byte for byte.
///
/// # Errors
/// [`LifecycleError`].
pub async fn at(app: &App, size: usize) -> Result<Checkpoint, LifecycleError> {
    let root = app.tree.root(size).ok_or_else(|| refused("the journal has fewer events than that"))?;
    Ok(Checkpoint { origin: origin(app).await?, size: size as u64, root })
}

/// A checkpoint with our signature.
///
/// # Errors
/// [`LifecycleError`].
pub fn note(app: &App, checkpoint: &Checkpoint) -> Result<String, LifecycleError> {
    let signer = app.keys.signer(&checkpoint.origin).map_err(refused)?;
    checkpoint.sign(&signer).map_err(refused)
}

/// The name the journal bears, and the keys of all rounds: the public address without its scheme
/// (C2SP: a schema-less URL) as it was when the first checkpoint was signed. An address may change, the
/// journal may not.
///
/// # Errors
/// [`LifecycleError`].
pub async fn origin(app: &App) -> Result<String, LifecycleError> {
    let first = store::checkpoint::find_latest(app.db.read()).await?;
    Ok(match first.as_ref().and_then(|row| row.note.lines().next()) {
        Some(origin) => origin.to_owned(),
        None => {
            let url = app.config.public_url.as_str();
            url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned()
        }
    })
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

fn write(path: &Path, row: &Model) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = fs::File::create(&new)?;
    io::Write::write_all(&mut file, format!("{} {}\n", row.size, row.root).as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}
