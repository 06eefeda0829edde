//! Every address there is.

use axum::{
    Router, middleware,
    routing::{get, post},
};

use super::{answer::Trouble, api, console, headers, language, pages::*, visit::Visit};
use crate::app::App;

/// The whole site.
pub fn router(app: App) -> Router {
    let site = Router::new()
        .route("/", get(home::show))
        .route("/rounds/{slug}", get(round::show))
        .route("/rounds/{slug}/enter", get(identity::show).post(identity::send))
        .route("/identity/back", get(elsewhere::back))
        .route("/identity/bridge", post(elsewhere::statement))
        .route("/identity/bridge/{ticket}", get(elsewhere::ticket))
        .route("/rounds/{slug}/code", get(code::show).post(code::check))
        .route("/rounds/{slug}/code/again", post(code::again))
        .route("/rounds/{slug}/about", get(about::show).post(about::note))
        .route("/rounds/{slug}/roster", get(roster::show).post(roster::check))
        .route("/rounds/{slug}/details", get(details::show).post(details::note))
        .route("/rounds/{slug}/check", get(check::show))
        .route("/rounds/{slug}/entry", post(check::enter))
        .route("/rounds/{slug}/my", get(mine::show))
        .route("/rounds/{slug}/my/receipt.txt", get(mine::receipt))
        .route("/rounds/{slug}/my/leave", get(leave::back).post(leave::leave))
        .route("/rounds/{slug}/my/return", get(leave::back).post(place::give_back))
        .route("/rounds/{slug}/my/keep", get(leave::back).post(place::keep))
        .route("/rounds/{slug}/my/why", get(why::show))
        .route("/rounds/{slug}/moment", get(gate::moment))
        .route("/rounds/{slug}/gate", get(gate::pass_first))
        .route("/rounds/{slug}/gate/{seller}", get(gate::pass_to))
        .route("/rounds/{slug}/gate/wait/{lang}", get(gate::wait))
        .route("/rounds/{slug}/people", get(people::show).post(people::change))
        .route("/rounds/{slug}/join", get(join::show).post(join::join))
        .route("/rounds/{slug}/withdraw", get(withdraw::show).post(withdraw::withdraw))
        .route("/rounds/{slug}/record", get(record::show))
        .route("/rounds/{slug}/record.zip", get(record::archive))
        .route("/rounds/{slug}/verify", get(record::verifier))
        .route("/rounds/{slug}/record/{file}", get(record::file))
        .route("/rounds/{slug}/record/paths/{receipt}", get(record::paths))
        .route("/rounds/{slug}/batches/{number}", get(journal::batch))
        .route("/journal/checkpoint", get(journal::checkpoint))
        .route("/journal/tile/{*path}", get(journal::tile))
        .route("/sent", get(sent::show).post(sent::check))
        .route("/unsubscribe/{tag}", get(unsubscribe::show).post(unsubscribe::stop))
        .route("/status", get(status::show))
        .route("/privacy", get(plain::privacy))
        .route("/accessibility", get(plain::accessibility))
        .route("/consent/{digest}", get(consent::show))
        .route("/healthz", get(health::process))
        .route("/readyz", get(health::ready))
        .route("/static/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::favicon))
        .merge(console::router(&app))
        .fallback(async |visit: Visit| visit.trouble(Trouble::NotFound))
        .method_not_allowed_fallback(async |visit: Visit| visit.trouble(Trouble::Method))
        .layer(middleware::from_fn(language::remember))
        // Programs: no cookies, no languages, no pages.
        .merge(api::router())
        .with_state(app.clone());
    headers::cover(site, app.config.is_https(), app.answers.clone())
}
