//! Words that somebody agreed to. Each version stands here once; entries name it by its digest.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// SHA-256 of `words`, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// As they were shown, in the language they were shown in.
    pub words: String,
    /// When somebody agreed to them first.
    pub said_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
