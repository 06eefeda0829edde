//! The journal as C2SP tlog-tiles (<https://c2sp.org/tlog-tiles>): a checkpoint, and files that never
//! change.

use axum::{http::header, response::IntoResponse};
use public_audit::journal::tiles::{self, TilePath};

use super::record::FOR_EVER;
use crate::{
    store,
    web::{
        answer::{Answer, Trouble},
        held::Hold,
        path::Path,
        visit::Visit,
    },
};

/// `GET /journal/checkpoint`
pub async fn checkpoint(visit: Visit) -> Result<Answer, Answer> {
    let latest = store::checkpoint::find_latest(visit.app.db.read()).await;
    let Some(latest) = latest.map_err(|error| visit.failed(error))? else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    // It grows: a newer one is seen when the second is over.
    Ok(Hold::Second.mark((headers, latest.note).into_response()))
}

/// `GET /journal/tile/{*path}`
pub async fn tile(visit: Visit, Path(path): Path<String>) -> Result<Answer, Answer> {
    let Ok(path) = format!("tile/{path}").parse::<TilePath>() else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    // Only what is signed: a tile is kept for ever, and must never turn out otherwise.
    let signed = store::checkpoint::find_latest(visit.app.db.read()).await;
    let signed = signed.map_err(|error| visit.failed(error))?.map_or(0, |latest| latest.size.unsigned_abs());
    visit.app.tree.refresh().await.map_err(|error| visit.failed(error))?;
    let bytes = match path {
        TilePath::Hashes { level, index, width } => visit.app.tree.with(|tree| {
            let leaves = tree.leaves().get(..usize::try_from(signed).ok()?)?;
            tiles::tile(leaves, level, index, width)
        }),
        TilePath::Entries { index, width } => {
            let from = index.saturating_mul(256);
            let all = from.saturating_add(u64::from(width)) <= signed;
            match i64::try_from(from) {
                Ok(from) if all => {
                    let lines = store::journal::list_lines(visit.app.db.read(), from, u64::from(width)).await;
                    let lines = lines.map_err(|error| visit.failed(error))?;
                    tiles::bundle(lines.iter().map(String::as_str))
                }
                _ => None,
            }
        }
    };
    let Some(bytes) = bytes else { return Err(visit.trouble(Trouble::NotFound)) };
    let kind = "application/octet-stream";
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
    Ok(Hold::ForEver.mark((headers, bytes).into_response()))
}

/// `GET /rounds/{slug}/batches/{number}`
pub async fn batch(visit: Visit, Path((slug, number)): Path<(String, i64)>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let found = store::batch::find(visit.app.db.read(), round.row.id, number).await;
    let Some(text) = found.map_err(|error| visit.failed(error))? else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    let kind = "text/plain; charset=utf-8";
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
    Ok(Hold::ForEver.mark((headers, text).into_response()))
}
