//! Who has bought, as sellers told us. Such an entry is never moved.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bought")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    pub amount: i64,
    pub at: DateTimeUtc,
    /// Which report it came from.
    pub source: String,
}

impl ActiveModelBehavior for ActiveModel {}
