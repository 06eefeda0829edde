//! An entry that is not told anything by mail any more: it was asked for, or mail comes back.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unmailed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// `asked` or `bounced`.
    pub cause: String,
    pub since_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
