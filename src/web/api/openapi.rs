//! The API's description (OpenAPI 3.1), made from the code; `docs/openapi.json` is the same, and a test says so.

use std::sync::LazyLock;

use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{answer::Problem, ledger, list, passes, reservations};

/// As served at `/openapi.json`.
pub static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_pretty_json().map(|text| text + "\n").unwrap_or_default());

#[derive(OpenApi)]
#[openapi(
    info(
        title = "jebi, for sellers",
        version = "1",
        description = "Check a pass, hold its amount while somebody pays, and say what came of it. Nobody buys a \
                       second before their own time, nobody loses a place to a failed payment, and held and bought \
                       together are never more than the budget. docs/sellers.md says which level to build.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    paths(
        passes::check,
        reservations::reserve,
        reservations::find,
        reservations::redeem,
        reservations::fail,
        reservations::release,
        list::show,
        ledger::show,
    ),
    components(schemas(Problem)),
    modifiers(&Key),
    tags(
        (name = "passes", description = "Level 3"),
        (name = "reservations", description = "Level 3"),
        (name = "lists", description = "Level 2 and 3"),
        (name = "ledger", description = "Level 2 and 3"),
    ),
)]
struct Api;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// What any request can come to. Each is a problem document with what to do next.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only described")]
pub enum Problems {
    /// A body or header that cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// No key that holds.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// Not a pass, or less was agreed than was asked for.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// No such round or reservation of yours.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The address knows other methods.
    #[response(status = 405, content_type = "application/problem+json")]
    Method(Problem),
    /// It does not fit what is: not yet, over, bought, held by another; or the key came with another request before.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// More than 8 KiB.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(Problem),
    /// A field that cannot be.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// More than was planned: wait as long as `Retry-After` says.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// The database did not answer: repeat with the same key.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `JEBI_OPENAPI=write cargo test -p jebi --lib openapi` writes it anew.
    #[test]
    fn the_document_in_docs_is_the_one_that_is_served() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
        if std::env::var_os("JEBI_OPENAPI").is_some() {
            std::fs::write(path, DOCUMENT.as_str()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), *DOCUMENT);
    }
}
