//! A mail that came back, by the notice it was.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bounce")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: i64,
    /// The enhanced status code (RFC 3463): `5.1.1`.
    pub status: String,
    /// Whether the address is to be believed dead.
    pub hard: bool,
    pub read_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
