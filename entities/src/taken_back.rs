//! A purchase that was taken in wrongly and that two took back. Whoever it was of may buy again.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taken_back")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// When it was taken back.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: DateTimeUtc,
    /// Won that had been told.
    pub amount: i64,
    /// When it had been bought, by what was told.
    pub bought_at: DateTimeUtc,
    /// Which report it had come from.
    pub source: String,
    /// The two.
    pub staff: String,
}

impl ActiveModelBehavior for ActiveModel {}
