//! What stands in for a lost second factor, each once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// Keyed digest of the code and of whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_key: String,
    pub clerk_id: i64,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
