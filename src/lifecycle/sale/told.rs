//! What sellers are told, planned in the transaction of its cause: whoever asked for it hears of it once at least,
//! and knows a repetition by its id.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Asia::Seoul;
use entities::{reservation, webhook};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

use crate::{
    app::{App, Round},
    domain::draft::Terms,
    secret::random_id,
    store::{self, webhook::PLANNED},
};

/// An instant as sellers read it: Korean time with its offset.
pub fn instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&Seoul).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What is said of a reservation.
pub(super) fn of(round: &Round, row: &reservation::Model) -> Value {
    json!({
        "round": round.row.slug, "reservation": row.id, "receipt": row.receipt, "amount": row.amount,
        "state": row.state, "reference": row.reference,
    })
}

/// Plans telling one seller, or all of the round that want to be told.
///
/// # Errors
/// What the database said.
pub async fn tell(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: Option<&Terms>,
    kind: &str,
    data: Value,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let concerned =
        round.sellers.iter().filter(|terms| seller.is_none_or(|seller| seller.name == terms.name));
    let mut planned = false;
    for terms in concerned.filter(|terms| terms.webhook.is_some()) {
        let body = json!({ "type": kind, "timestamp": instant(now), "data": data });
        let row = webhook::Model {
            id: format!("msg_{}", random_id()),
            round_id: round.row.id,
            seller: terms.name.clone(),
            kind: kind.to_owned(),
            body: body.to_string(),
            state: PLANNED.to_owned(),
            tries: 0,
            made_at: now,
            due_at: now,
            said: String::new(),
        };
        store::webhook::insert(txn, row).await?;
        planned = true;
    }
    if planned {
        app.webhooks.notify_one();
    }
    Ok(())
}
