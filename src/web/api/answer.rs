//! Problems, as documents (RFC 9457): what happened, and what to do next.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    domain::pass::Verdict,
    lifecycle::sale::{Refusal, SaleError, told::instant},
    store,
    web::headers::Cause,
};

/// What went wrong, and what to do next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:jebi:problem:` and one of the words that docs/sellers.md explains.
    #[serde(rename = "type")]
    pub kind: String,
    /// In a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened here.
    pub detail: String,
    /// What to do next.
    pub next: &'static str,
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    fn new(
        status: u16,
        word: &str,
        title: &'static str,
        detail: impl Into<String>,
        next: &'static str,
    ) -> Self {
        let kind = format!("urn:jebi:problem:{word}");
        Self { kind, title, status, detail: detail.into(), next, retry_after: None }
    }

    /// No such address.
    pub fn not_found() -> Self {
        let next = "Compare the address with /openapi.json.";
        Self::new(404, "not_found", "Not found", "There is nothing at this address for you.", next)
    }

    /// The wrong verb.
    pub fn method() -> Self {
        Self::new(405, "method", "Method not allowed", "This address knows other methods.", "See Allow.")
    }

    /// No key, or none that holds.
    pub fn unauthorized() -> Self {
        let next = "Send `Authorization: Bearer KEY`; the city gives you the key (`jebi seller add`).";
        Self::new(401, "unauthorized", "Unauthorized", "No key that holds came with this request.", next)
    }

    /// Less was agreed than was asked for.
    pub fn level(least: u8) -> Self {
        let detail = format!("This needs level {least}, and the round agreed less with you.");
        Self::new(
            403,
            "level",
            "Not agreed",
            detail,
            "Ask the city which level the round was announced with.",
        )
    }

    /// A body or header that cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(400, "malformed", "Malformed request", detail, "Correct the request; nothing was changed.")
    }

    /// Too much.
    pub fn too_large() -> Self {
        let next = "Send what /openapi.json describes, and no more.";
        Self::new(413, "too_large", "Too large", "The body has more than 8 KiB.", next)
    }

    /// Not JSON.
    pub fn media() -> Self {
        Self::new(
            415,
            "media_type",
            "Unsupported media type",
            "The body is not JSON.",
            "Send application/json.",
        )
    }

    /// A field that cannot be.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(422, "invalid", "Invalid request", detail, "Correct the request; nothing was changed.")
    }

    /// A key that was used for something else.
    pub fn key_reused() -> Self {
        let detail = "This Idempotency-Key came with another request before.";
        Self::new(409, "key_reused", "Idempotency-Key reused", detail, "Use a new key for each new request.")
    }

    /// Too often.
    pub fn too_often(seconds: u32) -> Self {
        let next = "Wait as long as Retry-After says. No pass is lost by it.";
        let problem = Self::new(429, "too_often", "Too many requests", "More than was planned.", next);
        Self { retry_after: Some(seconds), ..problem }
    }

    fn busy() -> Self {
        let next = "Repeat the request with the same Idempotency-Key after Retry-After seconds. No pass is lost by it.";
        let problem = Self::new(503, "busy", "Busy", "The database did not answer in time.", next);
        Self { retry_after: Some(5), ..problem }
    }

    fn internal() -> Self {
        let next = "Repeat the request with the same Idempotency-Key; tell the city the X-Request-Id.";
        Self::new(500, "internal", "Our fault", "Something failed on our side; nothing was changed.", next)
    }

    fn of_verdict(verdict: Verdict) -> Self {
        let problem = |word, title, detail: String, next| Self::new(409, word, title, detail, next);
        match verdict {
            Verdict::Valid(_) => Self::internal(),
            Verdict::NotYet(window) => problem(
                "not_yet",
                "Not yet",
                format!("This pass buys from {} on.", instant(window.from)),
                "Ask again then; earlier gives no advantage.",
            ),
            Verdict::Over(window) => problem(
                "over",
                "Over",
                format!("This pass was good until {}.", instant(window.until)),
                "The resident's page says whether there is a second time.",
            ),
            Verdict::Redeemed { amount, at } => problem(
                "redeemed",
                "Bought already",
                format!("{amount} won were bought with it at {}.", instant(at)),
                "If you took money twice, give it back.",
            ),
            Verdict::Returned => problem(
                "returned",
                "Given back",
                "The resident has given this place back.".to_owned(),
                "It can be kept on the resident's page until the next offer.",
            ),
            Verdict::Ineligible => problem(
                "ineligible",
                "Ineligible",
                "Members of staff found this entry ineligible.".to_owned(),
                "Send the resident to the city.",
            ),
            Verdict::NoPlace => problem(
                "no_place",
                "No place",
                "There is no place for this entry now.".to_owned(),
                "The resident's page says what comes next.",
            ),
        }
    }

    fn of_refusal(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAPass => Self::new(
                403,
                "not_a_pass",
                "Not a pass",
                "This is no pass of ours, for this round and for you.",
                "Ask the resident for the pass on their page, and check its signature with /.well-known/jwks.json.",
            ),
            Refusal::Verdict(verdict) => Self::of_verdict(verdict),
            Refusal::Held { until } => Self::new(
                409,
                "held",
                "Being paid",
                format!("Somebody is paying with this pass until {}.", instant(until)),
                "Go on with that reservation, or release it.",
            ),
            Refusal::TooMuch { most } => Self::new(
                409,
                "too_much",
                "More than the pass is for",
                format!("The pass is for {most} won."),
                "Ask for no more than that.",
            ),
            Refusal::NoRoom => Self::new(
                409,
                "ledger_full",
                "The ledger has no room",
                "More purchases were told from elsewhere than were given out.",
                "Take no money, and call the city: this is a mistake that people look at.",
            ),
            Refusal::NoStock => Self::new(
                409,
                "stock",
                "Your stock is used up",
                "Everything that the round says you have is held or bought.",
                "Send the resident to another seller of the round; the pass is good there.",
            ),
            Refusal::NotFound => Self::not_found(),
            Refusal::Settled { state } => Self::new(
                409,
                "settled",
                "Settled already",
                format!("This reservation is {state}."),
                "Reserve again with the same pass.",
            ),
        }
    }
}

impl From<SaleError> for Failed {
    fn from(error: SaleError) -> Self {
        match error {
            SaleError::Database(error) => error.into(),
            SaleError::Refused(refusal) => Self(Problem::of_refusal(refusal), None),
        }
    }
}

impl From<DbErr> for Failed {
    fn from(error: DbErr) -> Self {
        match error {
            error if store::is_away(&error) => Self(Problem::busy(), Some(error.to_string())),
            error => Self(Problem::internal(), Some(error.to_string())),
        }
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem, None)
    }
}

/// A problem with its cause, which only the log reads.
pub struct Failed(Problem, Option<String>);

impl Failed {
    /// Something failed that should not.
    pub fn internal(error: impl ToString) -> Self {
        Self(Problem::internal(), Some(error.to_string()))
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if let Some(cause) = self.1 {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// An answer as kept: a status and a document.
pub fn json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A document.
pub fn text(value: &impl Serialize) -> String {
    // Structs of texts and numbers: this does not fail.
    serde_json::to_string(value).unwrap_or_else(|_| Value::Null.to_string())
}
