//! The record as files. Every instance can make them from the database, byte for byte alike; they
//! are made once, in a folder that appears whole, and served from there even when the database is
//! away.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use public_audit::{
    Digest,
    record::{self, Pulse},
};

use super::{LifecycleError, draw, refused, seal};
use crate::{
    app::{App, Round},
    store::assignment,
};

/// The folder of a drawn round's record, made if it is not there yet.
///
/// # Errors
/// [`LifecycleError`]; refused when what the database gives is not what was published.
pub async fn ensure(app: &App, round: &Round) -> Result<PathBuf, LifecycleError> {
    let folder = app.record_dir(round.rules.round.as_str());
    if !folder.join(record::MANIFEST).is_file() {
        let files = files(app, round).await?;
        write_whole(&folder, &files).map_err(|error| refused(format!("{}: {error}", folder.display())))?;
    }
    Ok(folder)
}

async fn files(app: &App, round: &Round) -> Result<BTreeMap<String, Vec<u8>>, LifecycleError> {
    let row = &round.row;
    let (Some(pulse), Some(seal_note)) = (&row.pulse, &row.seal) else {
        return Err(refused("the round is not drawn"));
    };
    let pulse = Pulse::parse(pulse).map_err(refused)?;
    let input = draw::seed_input(round, &pulse)?;
    let pool = seal::pool(app.db.read(), round).await?;
    // What residents are shown and told comes from these rows.
    let kept = assignment::list_by_rank(app.db.read(), row.id).await?;
    let (rules, seed) = (round.rules.clone(), input.draw_seed());
    // Recomputed, never copied: what is published is what the draw gives, or nothing is.
    let (pool, drawn) = blocking(move || public_audit::draw(&rules, &pool, &seed).map(|drawn| (pool, drawn)))
        .await?
        .map_err(refused)?;
    let result = public_audit::result::text(&round.rules, &drawn);
    let same = Some(Digest::of(&result).to_string()) == row.result_digest
        && Some(seed.to_string()) == row.draw_seed
        && pool.root() == input.root
        && draw::rows(round, &drawn).eq(kept);
    if !same {
        return Err(refused(
            "the database no longer holds what was drawn: restore it, nothing else is published",
        ));
    }
    let files = record::files(row.rules.as_bytes(), &pool, seal_note, &input, &pulse, &result);
    // The citizen's verifier has the last word, before any citizen runs it.
    let (files, report) = blocking(move || {
        let report = public_audit::verify::verify(&files);
        (files, report)
    })
    .await?;
    let report = report.map_err(refused)?;
    match report.matches {
        true => Ok(files),
        false => Err(refused(format!("the record is not published, it does not verify: {report}"))),
    }
}

/// A long computation, beside the requests instead of among them.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LifecycleError> {
    tokio::task::spawn_blocking(work).await.map_err(refused)
}

/// Writes a folder that is either not there or complete and on disk.
fn write_whole(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    let making = parent.join(format!(".{}", crate::secret::random_id()));
    fs::create_dir_all(&making)?;
    for (name, bytes) in files {
        let mut file = fs::File::create(making.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    fs::File::open(&making)?.sync_all()?;
    match fs::rename(&making, folder) {
        // Another task was faster; its files are the same.
        Err(_) if folder.join(record::MANIFEST).is_file() => fs::remove_dir_all(&making),
        renamed => renamed.and_then(|()| fs::File::open(parent)?.sync_all()),
    }
}
