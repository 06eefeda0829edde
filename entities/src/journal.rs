//! What happened, in order, written in the same transaction as its effect. Append only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub at: DateTimeUtc,
    /// `announce`, `close`, `seal`, `reveal`, `pulse`, `draw`, `purge`.
    pub event: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
