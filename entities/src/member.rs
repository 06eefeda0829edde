//! Who is in which entry: one person, one entry, whatever door they came through. Only in rounds in
//! which an entry can hold several people.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// The receipt of the person. Of somebody who is entered by another, nothing else is kept.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// The receipt of the entry: that of whoever opened it.
    pub entry: String,
    /// `own`, `joined`, `minor`, `adult`; `household` holds the place of a household and is nobody.
    pub kind: String,
    pub at: DateTimeUtc,
    /// What was acknowledged last, JSON; of `own` only.
    #[sea_orm(column_type = "Text")]
    pub wanted: String,
    /// Keyed digest of the link code, if one was given out; of `own` only.
    #[sea_orm(unique)]
    pub code_key: Option<String>,
    /// The code, sealed, to be shown to whoever opened the entry.
    pub code_sealed: String,
}

impl ActiveModelBehavior for ActiveModel {}
