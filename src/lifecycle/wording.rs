//! What notices of a round say instead of the usual words: kept, and its digest published in the same transaction.

use chrono::{DateTime, Utc};
use entities::round;
use public_audit::{Digest, journal::Act};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, log};
use crate::store;

/// Sets the words of a round, on the word of two members of staff. Whoever is told something can have the file
/// shown to them and compare: the journal says which one held, and from when.
///
/// # Errors
/// [`LifecycleError`].
pub async fn set(
    txn: &impl ConnectionTrait,
    row: &round::Model,
    text: &str,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    store::wording::set(txn, row.id, text, staff, now).await?;
    log(txn, row, now, Act::Worded { digest: Digest::of(text.as_bytes()) }, staff).await
}
