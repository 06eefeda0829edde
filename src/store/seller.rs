//! Sellers, their keys, and what each round agreed with them.

use chrono::{DateTime, Utc};
use entities::{round_seller, seller, seller_key};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::domain::draft::Terms;

/// Adds a seller. One that is there is a unique violation.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    name: &str,
    webhook_secret_sealed: String,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = seller::ActiveModel {
        name: Set(name.to_owned()),
        made_at: Set(now),
        webhook_secret_sealed: Set(webhook_secret_sealed),
    };
    seller::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// A seller.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<seller::Model>, DbErr> {
    seller::Entity::find_by_id(name.to_owned()).one(db).await
}

/// All sellers with their keys.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<(seller::Model, Vec<seller_key::Model>)>, DbErr> {
    let keys = seller_key::Entity::find().order_by_asc(seller_key::Column::MadeAt).all(db).await?;
    let sellers = seller::Entity::find().order_by_asc(seller::Column::Name).all(db).await?;
    let with_keys = sellers.into_iter().map(|seller| {
        let of = keys.iter().filter(|key| key.seller == seller.name).cloned().collect();
        (seller, of)
    });
    Ok(with_keys.collect())
}

/// When somebody last went to a seller to pay: through the gate, or by its own system.
///
/// # Errors
/// What the database said.
pub async fn find_last_seen(db: &impl ConnectionTrait, name: &str) -> Result<Option<DateTime<Utc>>, DbErr> {
    use entities::{handover, reservation};
    let held = reservation::Entity::find().select_only().column(reservation::Column::MadeAt);
    let held = held.filter(reservation::Column::Seller.eq(name)).order_by_desc(reservation::Column::MadeAt);
    let held: Option<DateTime<Utc>> = held.limit(1).into_tuple().one(db).await?;
    let led = handover::Entity::find().select_only().column(handover::Column::At);
    let led = led.filter(handover::Column::Seller.eq(name)).order_by_desc(handover::Column::At);
    let led: Option<DateTime<Utc>> = led.limit(1).into_tuple().one(db).await?;
    Ok(held.max(led))
}

/// Gives a seller a key, of which only the digest is kept.
///
/// # Errors
/// What the database said.
pub async fn insert_key(
    txn: &impl ConnectionTrait,
    name: &str,
    digest: String,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = seller_key::ActiveModel {
        digest: Set(digest),
        seller: Set(name.to_owned()),
        made_at: Set(now),
        revoked_at: Set(None),
    };
    seller_key::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Whose key it is, if it holds.
///
/// # Errors
/// What the database said.
pub async fn find_by_key(db: &impl ConnectionTrait, digest: &str) -> Result<Option<String>, DbErr> {
    let key = seller_key::Entity::find_by_id(digest.to_owned());
    let key = key.filter(seller_key::Column::RevokedAt.is_null()).one(db).await?;
    Ok(key.map(|key| key.seller))
}

/// Ends a seller's keys whose digest begins so. Returns how many.
///
/// # Errors
/// What the database said.
pub async fn revoke(
    txn: &impl ConnectionTrait,
    name: &str,
    prefix: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let keys = seller_key::Entity::update_many()
        .col_expr(seller_key::Column::RevokedAt, Expr::value(now))
        .filter(seller_key::Column::Seller.eq(name))
        .filter(seller_key::Column::Digest.starts_with(prefix))
        .filter(seller_key::Column::RevokedAt.is_null());
    Ok(keys.exec(txn).await?.rows_affected)
}

/// Keeps what a round agreed with its sellers.
///
/// # Errors
/// What the database said.
pub async fn insert_terms(txn: &impl ConnectionTrait, round_id: i64, terms: &[Terms]) -> Result<(), DbErr> {
    let rows: Result<Vec<_>, DbErr> = terms
        .iter()
        .map(|terms| {
            let json = serde_json::to_string(terms).map_err(|error| DbErr::Custom(error.to_string()))?;
            Ok(round_seller::ActiveModel {
                round_id: Set(round_id),
                name: Set(terms.name.clone()),
                terms: Set(json),
            })
        })
        .collect();
    let rows = rows?;
    if rows.is_empty() {
        return Ok(());
    }
    round_seller::Entity::insert_many(rows).exec_without_returning(txn).await.map(drop)
}

/// What all rounds agreed with their sellers.
///
/// # Errors
/// What the database said.
pub async fn list_terms(db: &impl ConnectionTrait) -> Result<Vec<(i64, Terms)>, DbErr> {
    let rows = round_seller::Entity::find().order_by_asc(round_seller::Column::RoundId).all(db).await?;
    let mut terms: Vec<(i64, Terms)> = Vec::with_capacity(rows.len());
    for row in rows {
        let read = serde_json::from_str(&row.terms);
        terms.push((row.round_id, read.map_err(|error| DbErr::Type(error.to_string()))?));
    }
    terms.sort_by(|(one, a), (other, b)| (one, &a.name).cmp(&(other, &b.name)));
    Ok(terms)
}
