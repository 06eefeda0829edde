//! Somebody on a roster: who they are as keyed digests, where they are told things sealed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub roster_id: i64,
    /// Keyed digest of what they are known by.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_key: String,
    /// Keyed digest of their household; empty if none is known.
    pub household_key: String,
    /// Coarse, one `name=value` a line.
    #[sea_orm(column_type = "Text")]
    pub fields: String,
    /// Empty when they cannot be told anything.
    pub contact_sealed: String,
    /// `email`, `sms` or empty.
    pub channel: String,
    pub lang: String,
    /// Where in the file.
    pub line: i64,
}

impl ActiveModelBehavior for ActiveModel {}
