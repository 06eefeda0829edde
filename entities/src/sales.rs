//! Up to when sellers have told us everything: only on their word has anybody missed a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sales")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub at: DateTimeUtc,
    /// Nothing bought before is missing.
    pub until_at: DateTimeUtc,
    pub source: String,
}

impl ActiveModelBehavior for ActiveModel {}
