//! Acknowledged but not yet folded: one row per group commit, appended in order, no index but the
//! key. This is the durable end of the entry path; `entry` is made from it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    /// Never reused, also on SQLite: an entry remembers the last event that shaped it.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub written_at: DateTimeUtc,
    /// One event per line, JSON.
    #[sea_orm(column_type = "Text")]
    pub events: String,
}

impl ActiveModelBehavior for ActiveModel {}
