//! The public journal, one event a line, written in the same transaction as its effect. Append only;
//! the Merkle tree of its checkpoints is over these lines in this order.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    /// 0-based, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub index: i64,
    pub round_id: i64,
    /// The kind of event, as in its line.
    pub kind: String,
    /// What is published, byte for byte.
    #[sea_orm(column_type = "Text")]
    pub line: String,
    /// Who did it; not published. Empty for what the clock did.
    pub staff: String,
}

impl ActiveModelBehavior for ActiveModel {}
