//! Sellers and their keys, given and ended by an approver on the web or by whoever operates the server. Both secrets are
//! shown once; the database keeps digests and what is sealed.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, SqlErr};

use crate::{
    app::App,
    lifecycle::sale::{SELLER_KEY, WEBHOOK_SECRET},
    secret::{random_bytes, random_id},
    store::{self, access::Access},
};

/// What a seller is given, once.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// The secret of its webhooks, if it is new.
    pub secret: Option<String>,
}

/// Why nothing was given.
#[derive(Debug, thiserror::Error)]
pub enum SellerError {
    /// No name for a seller.
    #[error("a name has 1 to 64 characters, without / \\ and .")]
    Name,
    /// It has a key.
    #[error("there is a seller `{0}` already: `jebi seller key` gives it another key")]
    There(String),
    /// Nobody is called so.
    #[error("there is no seller `{0}`: `jebi seller add` makes one")]
    Missing(String),
    /// No key, or several.
    #[error("{0} keys begin so: see `jebi seller list`")]
    Keys(u64),
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Adds a seller with its first key.
///
/// # Errors
/// [`SellerError`].
pub async fn add(app: &App, name: &str, by: Access<'_>, now: DateTime<Utc>) -> Result<Given, SellerError> {
    let plain =
        name.trim() == name && !name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\' | '.'));
    if !plain || !(1..=64).contains(&name.chars().count()) {
        return Err(SellerError::Name);
    }
    let secret = format!("whsec_{}", BASE64_STANDARD.encode(random_bytes::<32>()));
    let txn = app.db.begin().await?;
    let sealed = app.keys.people().seal(WEBHOOK_SECRET, &secret);
    match store::seller::insert(&txn, name, sealed, now).await {
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            return Err(SellerError::There(name.to_owned()));
        }
        inserted => inserted?,
    }
    let key = given(app, &txn, name, by, now).await?;
    txn.commit().await?;
    Ok(Given { name: name.to_owned(), key, secret: Some(secret) })
}

/// Gives a seller another key, beside those it has.
///
/// # Errors
/// [`SellerError`].
pub async fn another(
    app: &App,
    name: &str,
    by: Access<'_>,
    now: DateTime<Utc>,
) -> Result<Given, SellerError> {
    let txn = app.db.begin().await?;
    if store::seller::find(&txn, name).await?.is_none() {
        return Err(SellerError::Missing(name.to_owned()));
    }
    let key = given(app, &txn, name, by, now).await?;
    txn.commit().await?;
    Ok(Given { name: name.to_owned(), key, secret: None })
}

/// Ends the key of a seller whose digest begins so.
///
/// # Errors
/// [`SellerError`].
pub async fn end(
    app: &App,
    name: &str,
    id: &str,
    by: Access<'_>,
    now: DateTime<Utc>,
) -> Result<(), SellerError> {
    if id.len() < 4 {
        return Err(SellerError::Keys(0));
    }
    let txn = app.db.begin().await?;
    let ended = store::seller::revoke(&txn, name, id, now).await?;
    if ended != 1 {
        return Err(SellerError::Keys(ended));
    }
    let about = format!("{name} {id}");
    store::access::insert(&txn, now, Access { kind: "key_ended", about: &about, ..by }).await?;
    Ok(txn.commit().await?)
}

async fn given(
    app: &App,
    txn: &impl ConnectionTrait,
    name: &str,
    by: Access<'_>,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let key = format!("jebi_{}{}", random_id(), random_id());
    store::seller::insert_key(txn, name, app.keys.digest(SELLER_KEY, &key), now).await?;
    store::access::insert(txn, now, Access { kind: "key_given", about: name, ..by }).await?;
    Ok(key)
}
