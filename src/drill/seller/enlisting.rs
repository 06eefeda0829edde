//! How it comes to sell for a round: its terms in the draft, and its key.

use crate::{
    app::App,
    domain::draft,
    lifecycle::sale::{SELLER_KEY, WEBHOOK_SECRET},
    secret::random_id,
    store,
};

/// Its name in the draft: whom passes are for.
const NAME: &str = "stand-in";

/// As the round's draft names it.
pub fn terms(per_second: f64) -> draft::Seller {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "people")]
    let per_minute = (per_second * 60.0).ceil().clamp(1.0, f64::from(u32::MAX)) as u32;
    draft::Seller { name: NAME.to_owned(), per_minute, level: 3, ..draft::Seller::default() }
}

/// Gives it a key, as `jebi seller add` does.
///
/// # Errors
/// What the database said.
pub async fn enlist(app: &App) -> anyhow::Result<String> {
    let txn = app.db.begin().await?;
    let secret = app.keys.people().seal(WEBHOOK_SECRET, &format!("whsec_{}", random_id()));
    store::seller::insert(&txn, NAME, secret, app.clock.now()).await?;
    let key = format!("jebi_{}{}", random_id(), random_id());
    store::seller::insert_key(&txn, NAME, app.keys.digest(SELLER_KEY, &key), app.clock.now()).await?;
    txn.commit().await?;
    Ok(key)
}
