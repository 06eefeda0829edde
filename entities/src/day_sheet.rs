//! A signed list of one day's times, printed for a counter without network. Receipts, minutes and amounts only: names
//! are never kept in it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "day_sheet")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    /// The day, Korean local.
    pub day: String,
    /// Only entries with this `field=value`; empty for all.
    pub only: String,
    pub made_at: DateTimeUtc,
    pub clerk_id: i64,
    /// Why it was made.
    pub reason: String,
    /// `receipt start amount`, one a line, in the order of starts.
    #[sea_orm(column_type = "Text")]
    pub lines: String,
    /// SHA-256 of the lines.
    pub digest: String,
    /// What was signed, with its signature.
    #[sea_orm(column_type = "Text")]
    pub note: String,
    /// When something that stands on it was taken in last.
    pub settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
