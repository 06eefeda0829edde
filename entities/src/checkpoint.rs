//! Signed checkpoints of the journal.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkpoint")]
pub struct Model {
    /// How many events the tree has.
    #[sea_orm(primary_key, auto_increment = false)]
    pub size: i64,
    /// Hex.
    pub root: String,
    /// The signed note, cosignatures of witnesses included.
    #[sea_orm(column_type = "Text")]
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
