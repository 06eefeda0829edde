//! The record: files that never change, for anybody to check.

use axum::{body::Body, http::header, response::IntoResponse};
use public_audit::record::{FILES, MANIFEST, parse_manifest};
use tokio_util::io::ReaderStream;

use super::round::beacon;
use crate::{
    app::Round,
    lifecycle::record,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{Record, RecordFile},
        visit::Visit,
    },
};

/// `GET /rounds/{slug}/record`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = published(&visit, &slug).await?;
    let folder = record::ensure(&visit.app, &round).await.map_err(|error| visit.failed(error))?;
    let failed = |error: std::io::Error| visit.failed(error);
    let manifest = tokio::fs::read_to_string(folder.join(MANIFEST)).await.map_err(failed)?;
    let mut files = Vec::new();
    for (name, digest) in parse_manifest(&manifest).map_err(|error| visit.failed(error))? {
        let bytes = tokio::fs::metadata(folder.join(name)).await.map_err(failed)?.len();
        files.push(RecordFile { name: name.to_owned(), bytes, sha256: digest.to_string() });
    }
    let manifest_file = RecordFile {
        name: MANIFEST.to_owned(),
        bytes: manifest.len() as u64,
        sha256: public_audit::Digest::of(&manifest).to_string(),
    };
    files.push(manifest_file);
    Ok(visit.show(&Record {
        page: visit.page_of(&round),
        title: visit.title(&round),
        beacon: beacon(&round),
        files,
        slug,
    }))
}

/// `GET /rounds/{slug}/record/{file}`
pub async fn file(visit: Visit, Path((slug, file)): Path<(String, String)>) -> Result<Answer, Answer> {
    let name = FILES.into_iter().chain([MANIFEST]).find(|name| *name == file);
    let Some(name) = name else { return Err(visit.trouble(Trouble::NotFound)) };
    let round = visit.round(&slug).await?;
    let kind = if name.ends_with(".json") { "application/json" } else { "text/plain; charset=utf-8" };
    if !round.is_published(visit.now) {
        let early = record::early(&visit.app, &round, name).await.map_err(|error| visit.failed(error))?;
        let Some(bytes) = early else { return Err(visit.trouble(Trouble::NotFound)) };
        return Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response());
    }
    let folder = record::ensure(&visit.app, &round).await.map_err(|error| visit.failed(error))?;
    let file = tokio::fs::File::open(folder.join(name)).await.map_err(|error| visit.failed(error))?;
    let length = file.metadata().await.map_err(|error| visit.failed(error))?.len();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// What is published never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn published(visit: &Visit, slug: &str) -> Result<std::sync::Arc<Round>, Answer> {
    let round = visit.round(slug).await?;
    if round.is_published(visit.now) { Ok(round) } else { Err(visit.trouble(Trouble::NotFound)) }
}
