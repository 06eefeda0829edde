//! Every address there is.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodRouter, get, post},
};

use super::{answer::Trouble, api, console, headers, pages::*, visit::Visit};
use crate::app::App;

/// An address of residents or verifiers, a verb, and what answers there. Those of staff have a rule besides
/// ([`console::routes`]).
pub struct Address {
    /// GET or POST.
    pub method: Method,
    /// As axum writes it.
    pub path: &'static str,
    page: MethodRouter<App>,
}

fn show<H: Handler<T, App>, T: 'static>(path: &'static str, page: H) -> Address {
    Address { method: Method::GET, path, page: get(page) }
}

fn take<H: Handler<T, App>, T: 'static>(path: &'static str, page: H) -> Address {
    Address { method: Method::POST, path, page: post(page) }
}

/// Every address of residents and verifiers. What each may weigh and ask of the database is stated in
/// `docs/pages.md`: a new one needs a line there.
pub fn addresses() -> Vec<Address> {
    vec![
        show("/", home::show),
        show("/rounds/{slug}", round::show),
        show("/rounds/{slug}/enter", identity::show),
        take("/rounds/{slug}/enter", identity::send),
        show("/identity/away", elsewhere::cross),
        show("/identity/back", elsewhere::back),
        take("/identity/bridge", elsewhere::statement),
        show("/identity/bridge/{ticket}", elsewhere::ticket),
        show("/rounds/{slug}/code", code::show),
        take("/rounds/{slug}/code", code::check),
        take("/rounds/{slug}/code/again", code::again),
        show("/rounds/{slug}/about", about::show),
        take("/rounds/{slug}/about", about::note),
        show("/rounds/{slug}/roster", roster::show),
        take("/rounds/{slug}/roster", roster::check),
        show("/rounds/{slug}/details", details::show),
        take("/rounds/{slug}/details", details::note),
        show("/rounds/{slug}/check", check::show),
        take("/rounds/{slug}/entry", check::enter),
        show("/rounds/{slug}/my", mine::show),
        show("/rounds/{slug}/my/receipt.txt", mine::receipt),
        show("/rounds/{slug}/my/leave", forget::back),
        take("/rounds/{slug}/my/leave", forget::forget),
        show("/rounds/{slug}/my/return", forget::back),
        take("/rounds/{slug}/my/return", place::give_back),
        show("/rounds/{slug}/my/keep", forget::back),
        take("/rounds/{slug}/my/keep", place::keep),
        show("/rounds/{slug}/my/why", why::show),
        show("/rounds/{slug}/moment", moment::show),
        show("/rounds/{slug}/gate", gate::pass_first),
        show("/rounds/{slug}/gate/{seller}", gate::pass_to),
        show("/rounds/{slug}/gate/wait/{lang}", gate::wait),
        show("/rounds/{slug}/people", people::show),
        take("/rounds/{slug}/people", people::change),
        show("/rounds/{slug}/join", join::show),
        take("/rounds/{slug}/join", join::join),
        show("/rounds/{slug}/withdraw", withdraw::show),
        take("/rounds/{slug}/withdraw", withdraw::withdraw),
        show("/rounds/{slug}/pool", pool::show),
        take("/rounds/{slug}/pool", pool::look),
        show("/rounds/{slug}/record", record::show),
        show("/rounds/{slug}/record.zip", record::archive),
        show("/rounds/{slug}/verify", record::verifier),
        show("/rounds/{slug}/record/{file}", record::file),
        show("/rounds/{slug}/record/paths/{receipt}", record::paths),
        show("/rounds/{slug}/batches/{number}", journal::batch),
        show("/journal/checkpoint", journal::checkpoint),
        show("/journal/tile/{*path}", journal::tile),
        show("/sent", sent::show),
        take("/sent", sent::check),
        show("/unsubscribe/{tag}", unsubscribe::show),
        take("/unsubscribe/{tag}", unsubscribe::stop),
        show("/status", status::show),
        show("/privacy", plain::privacy),
        show("/accessibility", plain::accessibility),
        show("/consent/{digest}", consent::show),
        show("/rounds/{slug}/erased.txt", erased::certificate),
        show("/stay", stay::show),
        take("/stay", stay::stay),
        show("/healthz", health::process),
        show("/readyz", health::ready),
        show("/static/{file}", assets::file),
        show("/favicon.ico", assets::favicon),
    ]
}

/// The whole site.
pub fn router(app: App) -> Router {
    let pages = addresses().into_iter();
    let site = pages
        .fold(Router::new(), |site, address| site.route(address.path, address.page))
        .merge(console::router(&app))
        .fallback(async |visit: Visit| visit.trouble(Trouble::NotFound))
        .method_not_allowed_fallback(async |visit: Visit| visit.trouble(Trouble::Method))
        // Programs: no cookies, no languages, no pages.
        .merge(api::router())
        .with_state(app.clone());
    headers::cover(site, app.config.is_https(), app.answers.clone())
}
