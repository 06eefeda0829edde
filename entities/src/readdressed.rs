//! Where the notices of an entry went before they went elsewhere: kept until whoever is there has been told so, and no
//! longer.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "readdressed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// Of the entry, from which on its notices go elsewhere; also that of the notice which says so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// When it was changed.
    pub at: DateTimeUtc,
    /// The address before, sealed.
    pub address_sealed: String,
    /// The language of notices before.
    pub lang: String,
}

impl ActiveModelBehavior for ActiveModel {}
