//! The audit pack: everything about a round that may outlive its people, in one file. Made of what the database and
//! the record say, without a time of its own: as long as nothing more happens it is the same to the byte.

mod files;
mod looked;
mod money;
mod readme;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Cursor, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::export::{self, ExportError, Exported, Taker, blocking, nameless};
use crate::app::{App, Round};

/// Where the digests of all others stand, as `sha256sum -c` reads them.
pub const SUMS: &str = "SHA256SUMS";

/// A file of the pack: made now, or lying in a folder.
pub(super) enum Content {
    Text(String),
    Lies(PathBuf),
}

/// Makes the pack of a round, and notes who took it.
///
/// # Errors
/// [`ExportError`].
pub async fn pack(
    app: &App,
    round: &Arc<Round>,
    taker: Taker<'_>,
    now: DateTime<Utc>,
) -> Result<Exported, ExportError> {
    let contents = files::of(app, round, now).await?;
    let rows = contents.len() as u64;
    let (state_dir, slug) = (app.config.state_dir.clone(), round.row.slug.clone());
    let (file, bytes) = blocking(move || {
        let mut file = nameless(&state_dir)?;
        write(&slug, contents, &mut file)?;
        let bytes = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        Ok::<_, io::Error>((file, bytes))
    })
    .await??;
    let name = format!("{}-audit-pack.zip", round.row.slug);
    export::note(app, taker, &name, now).await?;
    Ok(Exported { file, name, bytes, rows })
}

/// Sorted by name, without times, and the digests of all at the end.
fn write(slug: &str, contents: BTreeMap<String, Content>, to: &mut File) -> io::Result<()> {
    let mut archive = ZipWriter::new(BufWriter::with_capacity(1 << 16, to));
    let mut sums = String::new();
    for (name, content) in contents {
        let (mut read, size): (Box<dyn Read>, u64) = match content {
            Content::Text(text) => {
                let size = text.len() as u64;
                (Box::new(Cursor::new(text.into_bytes())), size)
            }
            Content::Lies(path) => {
                let file = File::open(path)?;
                let size = file.metadata()?.len();
                (Box::new(file), size)
            }
        };
        begin(&mut archive, &format!("{slug}/{name}"), size)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = read.read(&mut buffer)?;
            let some = buffer.get(..count).unwrap_or_default();
            if some.is_empty() {
                break;
            }
            digest.update(some);
            archive.write_all(some)?;
        }
        let digest = public_audit::Digest(digest.finalize().into());
        sums += &format!("{digest}  {name}\n");
    }
    begin(&mut archive, &format!("{slug}/{SUMS}"), sums.len() as u64)?;
    archive.write_all(sums.as_bytes())?;
    archive.finish().map_err(io::Error::other)?.into_inner().map_err(|error| error.into_error())?;
    Ok(())
}

fn begin<W: Write + Seek>(archive: &mut ZipWriter<W>, name: &str, size: u64) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(size > u64::from(u32::MAX) / 2);
    archive.start_file(name, options).map_err(io::Error::other)
}
