//! A place held for longer than drawn: somebody began to pay in time, and it failed. Append only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extension")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub receipt: String,
    pub until_at: DateTimeUtc,
    pub at: DateTimeUtc,
    /// `payment`, or `shift` where time stood still meanwhile.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
