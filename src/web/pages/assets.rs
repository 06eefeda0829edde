//! The stylesheet and the icon; their names change with their content, so they are kept for ever.

use axum::{http::header, response::IntoResponse};

use crate::web::{
    answer::{Answer, Trouble},
    held::Hold,
    path::Path,
    view::asset,
    visit::Visit,
};

/// `GET /static/{file}`
pub async fn file(visit: Visit, Path(file): Path<String>) -> Answer {
    let kept =
        |kind| [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    if let Some((kind, content)) = asset(&file) {
        return Hold::ForEver.mark((kept(kind), content).into_response());
    }
    let own = visit.app.theme.as_ref().and_then(|theme| theme.find(&format!("/static/{file}")));
    match own {
        Some(own) => Hold::ForEver.mark((kept(own.kind), own.bytes.clone()).into_response()),
        None => visit.trouble(Trouble::NotFound),
    }
}

/// `GET /favicon.ico`, which browsers ask for unbidden.
pub async fn favicon(visit: Visit) -> Answer {
    visit.go(visit.page().icon())
}
