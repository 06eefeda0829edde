//! Which account of the city's identity provider a member of staff has.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Keyed digest of issuer, claim and value.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_key: String,
    pub clerk_id: i64,
    pub made_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
