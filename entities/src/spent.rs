//! What somebody has shown once and cannot show again: the state of a sign-in elsewhere, the number of a statement.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent")]
pub struct Model {
    /// Keyed digest of what was shown.
    #[sea_orm(primary_key, auto_increment = false)]
    pub what_key: String,
    /// From then on it would be too late anyway.
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
