//! A list of people that a municipality brought along. Of one name several may stand here over time; one
//! of them is current.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    /// `importing`, `complete` (to be confirmed), `current`, `erasing`, `erased`.
    pub state: String,
    /// Keyed digest of the file and of how it was read: an import goes on with the same only.
    pub digest: String,
    /// `phone`, `email` or `name`.
    pub match_by: String,
    /// How many parts of the file are in the database.
    pub parts: i32,
    /// Lines read, without the heading.
    pub lines: i64,
    pub people: i64,
    /// Lines that nobody was made of.
    pub left_out: i64,
    /// Who confirmed it; empty when it replaced nothing.
    pub staff: String,
    pub made_at: DateTimeUtc,
    pub current_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
