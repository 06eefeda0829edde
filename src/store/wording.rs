//! The clerks' own words, a file for each round.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::wording;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};

/// Sets the words of a round; those before are gone.
///
/// # Errors
/// What the database said.
pub async fn set(
    txn: &impl ConnectionTrait,
    round_id: i64,
    text: &str,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    use wording::Column;
    let row = wording::ActiveModel {
        round_id: Set(round_id),
        text: Set(text.to_owned()),
        staff: Set(staff.to_owned()),
        set_at: Set(now),
    };
    let newest = OnConflict::column(Column::RoundId)
        .update_columns([Column::Text, Column::Staff, Column::SetAt])
        .to_owned();
    wording::Entity::insert(row).on_conflict(newest).exec_without_returning(txn).await.map(drop)
}

/// The words of some rounds.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_ids: &[i64]) -> Result<HashMap<i64, String>, DbErr> {
    let rows = wording::Entity::find().filter(wording::Column::RoundId.is_in(round_ids.iter().copied()));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.round_id, row.text)).collect())
}
