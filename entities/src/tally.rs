//! How many were planned, attempted, accepted … in a minute. No personal data, so it outlives a round's people.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: DateTimeUtc,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    /// Empty where no vendor is meant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub vendor: String,
    /// `planned`, `attempted`, an outcome, `passed_on`, `duplicate`, `risk`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub outcome: String,
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
