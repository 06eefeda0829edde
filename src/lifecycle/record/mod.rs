//! The record as files. Every instance can make them from the database, byte for byte alike; they
//! are made once, in a folder that appears whole, and served from there even when the database is
//! away.

pub mod after;
mod archive;
mod paths;
mod tree;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use public_audit::{
    Digest, Receipt,
    journal::{Act, Excerpt, Logged, Paths},
    record::{self, Journal, Pulse},
};

use super::{LifecycleError, checkpoint, draw, guard, refused, seal};
use crate::{
    app::{App, Round},
    domain::bias,
    store::{self, assignment},
};

/// The bias guard's table: no part of the protocol, and listed in the manifest.
pub const BIAS: &str = "bias.txt";

/// One at a time: a crowd that asks for a new record waits for the first who makes it.
static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The folder of a drawn round's record, made if it is not there yet.
///
/// # Errors
/// [`LifecycleError`]; refused when what the database gives is not what was published.
pub async fn ensure(app: &App, round: &Arc<Round>) -> Result<PathBuf, LifecycleError> {
    let folder = app.record_dir(round.rules.round.as_str());
    if is_of(&folder, round) && paths::is_there(&folder) {
        return Ok(folder);
    }
    let (app, round) = (app.clone(), round.clone());
    // A task of its own: who asked may hang up, the record is made all the same.
    let making = tokio::spawn(async move {
        let _one = MAKING.lock().await;
        if is_of(&folder, &round) {
            let to = folder.clone();
            blocking(move || paths::ensure(&to)).await?.map_err(refused)?;
        } else {
            let files = files(&app, &round).await?;
            let (to, failed) = (folder.clone(), folder.display().to_string());
            let written =
                blocking(move || write_whole(&to, &files).and_then(|()| paths::ensure(&to))).await?;
            written.map_err(|error| refused(format!("{failed}: {error}")))?;
        }
        Ok(folder)
    });
    making.await.map_err(refused)?
}

/// Whether a folder holds the record of this very round: one left by another database that used
/// the same name must never be served as this one's.
fn is_of(folder: &Path, round: &Round) -> bool {
    let manifest = fs::read_to_string(folder.join(record::MANIFEST)).unwrap_or_default();
    let Ok(files) = record::parse_manifest(&manifest) else { return false };
    let has = |name: &str, digest: &str| files.iter().any(|(n, d)| *n == name && d.to_string() == digest);
    has(record::RULES, &Digest::of(&round.row.rules).to_string())
        && round.row.result_digest.as_ref().is_some_and(|digest| has(record::RESULT, digest))
}

/// What can be published before the draw: the rules from the announcement on, the signed seal and
/// the list it fixes from the seal on. Whoever keeps a copy can prove any later change.
///
/// # Errors
/// [`LifecycleError`]; refused when the entries are not those that were sealed.
pub async fn early(app: &App, round: &Round, name: &str) -> Result<Option<Vec<u8>>, LifecycleError> {
    match (name, &round.row.seal) {
        (record::RULES, _) => Ok(Some(round.row.rules.clone().into_bytes())),
        (record::SEAL, Some(seal)) => Ok(Some(seal.clone().into_bytes())),
        (record::POOL, Some(_)) => {
            let _one = MAKING.lock().await;
            let pool = seal::pool(app.db.read(), round).await?;
            match Some(pool.root().to_string()) == round.row.pool_root {
                true => Ok(Some(pool.text().into_bytes())),
                false => Err(refused("the entries are not those that were sealed: restore the database")),
            }
        }
        _ => Ok(None),
    }
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
    let journal = journal(app, round).await?;
    let mut files = record::files(row.rules.as_bytes(), &pool, seal_note, &input, &pulse, &result, &journal);
    let tests = guard::table(app.db.read(), round, &seed).await?;
    add(&mut files, BIAS, bias::text(round.rules.round.as_str(), &tests));
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

/// What the journal says of a round up to its draw, under the checkpoint that ends with it: the same on
/// every instance, whatever has happened since.
async fn journal(app: &App, round: &Round) -> Result<Journal, LifecycleError> {
    let mut rows = Vec::new();
    let mut drawn = false;
    for row in store::journal::list(app.db.read(), round.row.id).await? {
        let event: public_audit::journal::Event = row.line.parse().map_err(refused)?;
        // Nothing of the draw depends on it (SPEC §12).
        if matches!(event.act, Act::Worded { .. }) {
            continue;
        }
        let index = u64::try_from(row.index).map_err(refused)?;
        drawn = matches!(event.act, Act::Drawn { .. });
        rows.push((index, event));
        if drawn {
            break;
        }
    }
    let last = rows.last().filter(|_| drawn).ok_or_else(|| refused("the journal knows of no draw"))?.0;
    let size = usize::try_from(last).map_err(refused)? + 1;
    let (_, signed) = checkpoint::at(app, size).await?;
    let events = app.tree.with(|tree| {
        let path = |index: u64| tree.path(index, size as u64);
        let logged = rows.into_iter().map(|(index, event)| Some(Logged { index, path: path(index)?, event }));
        logged.collect::<Option<Vec<Logged>>>()
    });
    let events = events.ok_or_else(|| refused("the journal is shorter than it was"))?;
    Ok(Journal {
        excerpt: Excerpt { events }.text(),
        batches: store::batch::text(app.db.read(), round.row.id).await?,
        checkpoint: signed,
    })
}

/// A published record as one file.
///
/// # Errors
/// [`LifecycleError`].
pub async fn archive(app: &App, round: &Arc<Round>) -> Result<PathBuf, LifecycleError> {
    Ok(paths::archive(&ensure(app, round).await?))
}

/// What a phone needs to check one entry of a published record, as text; `None` for a receipt that is
/// not in it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn paths(
    app: &App,
    round: &Arc<Round>,
    receipt: Receipt,
) -> Result<Option<String>, LifecycleError> {
    let folder = ensure(app, round).await?;
    let slug = round.rules.round.clone();
    blocking(move || {
        let Some((pool, result)) = paths::find(&folder, &receipt)? else { return Ok(None) };
        let journal = fs::read_to_string(folder.join(record::JOURNAL))?;
        let drawn = journal.lines().last().unwrap_or_default();
        let drawn = drawn.parse::<Logged>().map_err(io::Error::other)?;
        Ok(Some(Paths { round: slug, pool, drawn: Some((result, drawn)) }.text()))
    })
    .await?
    .map_err(|error: io::Error| refused(error))
}

/// One more file, in the manifest like the others.
fn add(files: &mut BTreeMap<String, Vec<u8>>, name: &str, text: String) {
    files.insert(name.to_owned(), text.into_bytes());
    files.remove(record::MANIFEST);
    let digests = files.iter().map(|(name, bytes)| (name.as_str(), Digest::of(bytes))).collect();
    let manifest = record::manifest_of_digests(&digests);
    files.insert(record::MANIFEST.to_owned(), manifest.into_bytes());
}

/// A long computation, beside the requests instead of among them.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LifecycleError> {
    tokio::task::spawn_blocking(work).await.map_err(refused)
}

/// Writes a folder that is either not there or complete and on disk.
fn write_whole(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    // What is there under this name belongs to another round: it is not ours to serve.
    paths::forget(folder)?;
    if folder.exists() {
        fs::rename(folder, folder.with_file_name(format!(".{}", crate::secret::random_id())))?;
    }
    write_files(folder, files)
}

/// The same for one that is not there.
fn write_files(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    let making = parent.join(format!(".{}", crate::secret::random_id()));
    fs::create_dir_all(&making)?;
    for (name, bytes) in files {
        let mut file = fs::File::create(making.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    fs::File::open(&making)?.sync_all()?;
    fs::rename(&making, folder)?;
    fs::File::open(parent)?.sync_all()
}
