//! The certificate of what was erased of a round.

use axum::{http::header, response::IntoResponse};

use super::record::FOR_EVER;
use crate::{
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        visit::Visit,
    },
};

/// `GET /rounds/{slug}/erased.txt`
pub async fn certificate(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let found = store::certificate::find(visit.app.db.read(), round.row.id).await;
    let Some(certificate) = found.map_err(|error| visit.failed(error))? else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    let kind = "text/plain; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], certificate.note).into_response())
}
