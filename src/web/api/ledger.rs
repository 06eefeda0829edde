//! `GET /api/v1/rounds/{slug}/ledger`

use axum::response::Response;

use super::{
    answer::{Failed, json, text},
    caller::Caller,
    openapi::Problems,
    shapes::{Account, LedgerAnswer},
};
use crate::{lifecycle::sale, store::ledger};

/// What is held and bought of what there is
#[utoipa::path(
    get, path = "/api/v1/rounds/{slug}/ledger", operation_id = "ledger", tag = "ledger",
    params(("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$")),
    responses((status = 200, description = "In won, and your stock in people", body = LedgerAnswer), Problems),
    security(("key" = [])),
)]
pub async fn show(caller: Caller) -> Result<Response, Failed> {
    caller.at_least(2)?;
    let id = caller.round.row.id;
    if ledger::find(caller.app.db.read(), id, ledger::ROUND).await?.is_none()
        && caller.round.is_buyable(caller.now)
    {
        // Nobody has bought yet.
        let txn = caller.app.db.begin().await?;
        sale::open_ledger(&txn, &caller.round).await?;
        txn.commit().await?;
    }
    let rows = ledger::list(caller.app.db.read(), id).await?;
    let of = |scope: &str| {
        let row = rows.iter().find(|row| row.scope == scope);
        row.map(|row| Account { most: row.most, held: row.held, redeemed: row.redeemed })
    };
    let answer = LedgerAnswer { round: of(ledger::ROUND).unwrap_or_default(), stock: of(&caller.terms.name) };
    Ok(json(200, text(&answer)))
}
