//! What somebody ticked on a part of a day sheet that came back: put forward, and bought only once somebody else has seen the same.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticked")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sheet_id: i64,
    /// Which part of it, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i64,
    /// As on the sheet: `receipt start amount`, one a line, with the time and amount that were written on the paper.
    #[sea_orm(column_type = "Text")]
    pub lines: String,
    /// SHA-256 of the lines: what is confirmed is what was seen.
    pub digest: String,
    /// Who ticked.
    pub clerk_id: i64,
    pub at: DateTimeUtc,
    /// Why it was sent back, if it was; then it waits for whoever puts it right.
    pub sent_back: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
