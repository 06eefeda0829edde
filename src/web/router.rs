//! Every address there is.

use axum::{
    Router, middleware,
    routing::{get, post},
};

use super::{answer::Trouble, headers, language, pages::*, visit::Visit};
use crate::app::App;

/// The whole site.
pub fn router(app: App) -> Router {
    let round = Router::new()
        .route("/enter", get(identity::show).post(identity::send))
        .route("/code", get(code::show).post(code::check))
        .route("/code/again", post(code::again))
        .route("/details", get(details::show).post(details::note))
        .route("/check", get(check::show))
        .route("/entry", post(check::enter))
        .route("/my", get(mine::show))
        .route("/my/receipt.txt", get(mine::receipt))
        .route("/withdraw", get(withdraw::show).post(withdraw::withdraw))
        .route("/record", get(record::show))
        .route("/record/{file}", get(record::file));
    let site = Router::new()
        .route("/", get(home::show))
        .route("/rounds/{slug}", get(round::show))
        .nest("/rounds/{slug}", round)
        .route("/status", get(status::show))
        .route("/healthz", get(health::process))
        .route("/readyz", get(health::ready))
        .route("/static/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::favicon))
        .fallback(async |visit: Visit| visit.trouble(Trouble::NotFound))
        .method_not_allowed_fallback(async |visit: Visit| visit.trouble(Trouble::Method))
        .layer(middleware::from_fn(language::remember))
        .with_state(app.clone());
    headers::cover(site, app.config.is_https())
}
