//! What it says, as a status.

use axum::http::StatusCode;

/// Bought.
pub const BOUGHT: StatusCode = StatusCode::OK;
/// Bought before, or being paid at this moment: nothing is sold twice.
pub const ALREADY: StatusCode = StatusCode::CONFLICT;
/// Not yet one's time: the page shows no pass.
pub const NOT_YET: StatusCode = StatusCode::TOO_EARLY;
/// More come than it takes.
pub const BUSY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
/// The bank's limit is reached.
pub const BANK: StatusCode = StatusCode::PAYMENT_REQUIRED;
/// The identity check did not answer.
pub const IDENTITY: StatusCode = StatusCode::BAD_GATEWAY;
/// The pass API does not take the pass.
pub const REFUSED: StatusCode = StatusCode::FORBIDDEN;
