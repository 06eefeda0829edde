//! The record: files that never change, for anybody to check.

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::IntoResponse,
};
use public_audit::record::{AFTER_FILES, FILES, MANIFEST, parse_manifest};
use tokio_util::io::ReaderStream;

use super::round::beacon;
use crate::{
    app::Round,
    lifecycle::record::{self, Early},
    web::{
        answer::{Answer, Trouble},
        held::Hold,
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
    let mut after = Vec::new();
    if let Some(folder) =
        record::after::ensure(&visit.app, &round).await.map_err(|error| visit.failed(error))?
    {
        for name in AFTER_FILES {
            let text = tokio::fs::read(folder.join(name)).await.map_err(failed)?;
            let sha256 = public_audit::Digest::of(&text).to_string();
            after.push(RecordFile { name: name.to_owned(), bytes: text.len() as u64, sha256 });
        }
    }
    Ok(visit.show(&Record {
        page: visit.page_of(&round),
        title: visit.title(&round),
        beacon: beacon(&round),
        files,
        after,
        slug,
    }))
}

/// `GET /rounds/{slug}/record/{file}`
pub async fn file(visit: Visit, Path((slug, file)): Path<(String, String)>) -> Result<Answer, Answer> {
    if let Some(name) = AFTER_FILES.into_iter().find(|name| *name == file) {
        return after_file(&visit, &slug, name).await;
    }
    let name = FILES.into_iter().chain([record::BIAS, MANIFEST]).find(|name| *name == file);
    let Some(name) = name else { return Err(visit.trouble(Trouble::NotFound)) };
    let round = visit.round(&slug).await?;
    let kind = if name.ends_with(".json") { "application/json" } else { "text/plain; charset=utf-8" };
    if !round.is_published(visit.now) {
        let early = record::early(&visit.app, &round, name).await.map_err(|error| visit.failed(error))?;
        return match early {
            None => Err(visit.trouble(Trouble::NotFound)),
            Some(Early::File(path)) => {
                stream(&path, kind, Hold::ForEver).await.map_err(|error| visit.failed(error))
            }
            Some(Early::Text(text)) => {
                let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
                Ok(Hold::ForEver.mark((headers, text).into_response()))
            }
        };
    }
    let folder = record::ensure(&visit.app, &round).await.map_err(|error| visit.failed(error))?;
    stream(&folder.join(name), kind, Hold::ForEver).await.map_err(|error| visit.failed(error))
}

/// One of the files that grow after the draw.
async fn after_file(visit: &Visit, slug: &str, name: &str) -> Result<Answer, Answer> {
    let round = published(visit, slug).await?;
    let folder = record::after::ensure(&visit.app, &round).await.map_err(|error| visit.failed(error))?;
    // Not 404: that there is none yet is no mistake, and browsers would complain of one.
    let Some(folder) = folder else {
        return Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, FOR_A_WHILE)]).into_response());
    };
    let kind = "text/plain; charset=utf-8";
    stream(&folder.join(name), kind, Hold::Second).await.map_err(|error| visit.failed(error))
}

/// `GET /rounds/{slug}/record.zip`
pub async fn archive(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = published(&visit, &slug).await?;
    let path = record::archive(&visit.app, &round).await.map_err(|error| visit.failed(error))?;
    stream(&path, "application/zip", Hold::ForEver).await.map_err(|error| visit.failed(error))
}

/// `GET /rounds/{slug}/verify`: the program that checks it in the reader's own browser. The same file
/// works from a USB stick, and is the only page of ours that runs anything.
pub async fn verifier(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    published(&visit, &slug).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, VERIFIER_POLICY.trim_ascii_end()),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, VERIFIER).into_response())
}

const VERIFIER: &str = include_str!("../../../public-audit/browser/verify.html");
/// What it may do, fixed by the digests of its script and style.
const VERIFIER_POLICY: &str = include_str!("../../../public-audit/browser/verify.csp");

/// A file, in pieces: whoever reads slowly holds one of them. Where it is held in memory it is put together once, for all.
async fn stream(path: &std::path::Path, kind: &str, hold: Hold) -> std::io::Result<Answer> {
    let file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    let caching = if hold == Hold::ForEver { FOR_EVER } else { FOR_A_WHILE };
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, caching.to_owned())];
    let length = [(header::CONTENT_LENGTH, length.to_string())];
    let pieces = ReaderStream::with_capacity(file, PIECE);
    Ok(hold.mark((headers, length, Body::from_stream(pieces)).into_response()))
}

/// Of a long file at once.
const PIECE: usize = 64 << 10;

/// `GET /rounds/{slug}/record/paths/{receipt}`
pub async fn paths(visit: Visit, Path((slug, receipt)): Path<(String, String)>) -> Result<Answer, Answer> {
    let Ok(receipt) = receipt.parse() else { return Err(visit.trouble(Trouble::NotFound)) };
    let round = published(&visit, &slug).await?;
    let found = record::paths(&visit.app, &round, receipt).await.map_err(|error| visit.failed(error))?;
    let Some(text) = found else { return Err(visit.trouble(Trouble::NotFound)) };
    let kind = "text/plain; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], text).into_response())
}

/// What happened after the draw grows.
const FOR_A_WHILE: &str = "public, max-age=30";

/// What is published never changes.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn published(visit: &Visit, slug: &str) -> Result<std::sync::Arc<Round>, Answer> {
    let round = visit.round(slug).await?;
    if round.is_published(visit.now) { Ok(round) } else { Err(visit.trouble(Trouble::NotFound)) }
}
