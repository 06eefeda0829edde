//! What was erased of a round that is over.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// A signed note.
    pub note: String,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
