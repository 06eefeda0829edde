//! The stylesheet and the icon; their names change with their content, so they are kept for ever.

use axum::{http::header, response::IntoResponse};

use crate::web::{
    answer::{Answer, Trouble},
    path::Path,
    view::{FAVICON_PATH, asset},
    visit::Visit,
};

/// `GET /static/{file}`
pub async fn file(visit: Visit, Path(file): Path<String>) -> Answer {
    match asset(&file) {
        Some((kind, content)) => {
            let kept = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], content).into_response()
        }
        None => visit.trouble(Trouble::NotFound),
    }
}

/// `GET /favicon.ico`, which browsers ask for unbidden.
pub async fn favicon(visit: Visit) -> Answer {
    visit.go(&FAVICON_PATH)
}
