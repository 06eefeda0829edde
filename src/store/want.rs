//! What people want, and nothing else about them.

use entities::entry::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What the first of a round want, at most so many, in the order in which they entered.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64, most: u64) -> Result<Vec<u64>, DbErr> {
    let entries = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
    let wants = entries.filter(Column::Lead.is_null()).select_only().column(Column::Want);
    let wants = wants.order_by_asc(Column::EnteredAt).order_by_asc(Column::Receipt).limit(most);
    let wants: Vec<i64> = wants.into_tuple().all(db).await?;
    Ok(wants.into_iter().map(|want| u64::try_from(want).unwrap_or(0)).collect())
}
