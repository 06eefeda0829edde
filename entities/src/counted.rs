//! What was counted for the statistics of a round.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counted")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// What happened before it is counted: a midnight.
    #[sea_orm(primary_key, auto_increment = false)]
    pub until_at: DateTimeUtc,
    /// JSON: the tables that are published, no small number in them, and what they were made of, to tell how much has changed.
    #[sea_orm(column_type = "Text")]
    pub tables: String,
}

impl ActiveModelBehavior for ActiveModel {}
