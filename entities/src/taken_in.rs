//! What came of a part of a day sheet when it was taken in last: one ticked it, another had seen the same.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taken_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sheet_id: i64,
    /// Which, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i64,
    pub at: DateTimeUtc,
    /// Who ticked.
    pub ticked_by: i64,
    /// Who confirmed.
    pub confirmed_by: i64,
    /// SHA-256 of the ticked lines: whoever sends their word for them again is shown what came of them.
    pub digest: String,
    /// How many were kept, and what was not and why, as JSON; empty of what was taken in before there were parts.
    #[sea_orm(column_type = "Text")]
    pub came: String,
}

impl ActiveModelBehavior for ActiveModel {}
