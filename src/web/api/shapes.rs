//! What is asked and answered, as JSON. The document is made from these.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use entities::reservation::Model;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

use crate::lifecycle::sale::told::instant;

/// A pass, as its holder shows it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The pass: the text of the QR code.
    #[schema(
        min_length = 16,
        max_length = 4096,
        pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
    )]
    pub pass: String,
}

/// What a pass is worth now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckAnswer {
    /// `valid`, `not_yet`, `over`, `redeemed`, `returned`, `ineligible` or `no_place`.
    pub status: &'static str,
    /// The entry's public code.
    pub receipt: String,
    /// Won that it buys, or has bought.
    pub amount: Option<u64>,
    /// People in the entry.
    pub people: u32,
    /// Not a second earlier.
    #[schema(format = DateTime)]
    pub from: Option<String>,
    /// And not from then on. It may be later than the pass itself says: after an outage or a failed payment.
    #[schema(format = DateTime)]
    pub until: Option<String>,
}

/// An amount to be held while somebody pays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReserveRequest {
    /// The pass: the text of the QR code.
    #[schema(
        min_length = 16,
        max_length = 4096,
        pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
    )]
    pub pass: String,
    /// Won; all that the pass is for if left out.
    #[schema(minimum = 1, maximum = 9_000_000_000_000_000_u64)]
    #[serde(default, deserialize_with = "whole")]
    pub amount: Option<u64>,
    /// How long to hold it; 600 if left out.
    #[schema(minimum = 30, maximum = 3600)]
    #[serde(default, deserialize_with = "whole")]
    pub hold_seconds: Option<u32>,
    /// Your own word for it, such as an order number. No personal data.
    #[schema(max_length = 64, pattern = r"^[A-Za-z0-9._:-]*$")]
    pub reference: Option<String>,
}

/// A whole number, as JSON has them: 600, 600.0 and 6e2 are the same.
fn whole<'de, D: Deserializer<'de>, T: FromStr>(value: D) -> Result<Option<T>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(value)? else { return Ok(None) };
    let text = number.to_string();
    let plain = text.strip_suffix(".0").unwrap_or(&text);
    plain
        .parse()
        .map(Some)
        .map_err(|_| D::Error::custom(format!("{text} is not a whole number in its bounds")))
}

/// What is held, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reservation {
    /// Its name in later requests.
    pub id: String,
    /// `held`, `redeemed`, `released`, `failed` or `expired`.
    pub state: String,
    /// The entry's public code.
    pub receipt: String,
    /// Won.
    pub amount: i64,
    /// People in the entry.
    pub people: i64,
    /// Your own word for it.
    pub reference: String,
    /// Held until then.
    #[schema(format = DateTime)]
    pub held_until: String,
    /// After a failed payment: the same pass is good until then.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_until: Option<String>,
}

impl Reservation {
    /// A row, as its seller reads it.
    pub fn of(row: Model, pass_until: Option<DateTime<Utc>>) -> Self {
        Self {
            id: row.id,
            state: row.state,
            receipt: row.receipt,
            amount: row.amount,
            people: row.people,
            reference: row.reference,
            held_until: instant(row.until_at),
            pass_until: pass_until.map(instant),
        }
    }
}

/// What is held and bought of what there is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerAnswer {
    /// The round, in won.
    pub round: Account,
    /// Your stock, in people, if the round knows one.
    pub stock: Option<Account>,
}

/// One account: held and redeemed together are never more than `most`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Account {
    /// What there is.
    pub most: i64,
    /// Held while somebody pays.
    pub held: i64,
    /// Bought.
    pub redeemed: i64,
}
