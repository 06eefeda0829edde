//! What people and staff said about a place, in order; append only, and the last of an entry counts.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fact")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub receipt: String,
    /// `returned`, `kept` (after all) or `ineligible`.
    pub kind: String,
    pub at: DateTimeUtc,
    /// Why ineligible, one of a few public words; else empty.
    pub category: String,
    /// Who said so; empty for the entrant.
    pub staff: String,
}

impl ActiveModelBehavior for ActiveModel {}
