//! A member of staff who is signed in at one browser.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in")]
pub struct Model {
    /// SHA-256 of the random token in the browser's cookie: whoever reads this table is nobody.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_key: String,
    pub clerk_id: i64,
    /// `enrol` (password only, no second factor yet), `code` (account elsewhere, second factor not shown), `codes` (is shown recovery codes), `in`.
    pub stage: String,
    /// Recovery codes until they were seen.
    pub shown_sealed: String,
    pub made_at: DateTimeUtc,
    /// Used last, to the minute.
    pub seen_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
