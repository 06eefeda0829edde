//! How often somebody tried a password lately, and how long they wait for it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "slowdown")]
pub struct Model {
    /// Keyed digest of a name and of where it is tried from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub who_key: String,
    pub tries: i32,
    /// Nothing is looked at before.
    pub next_at: DateTimeUtc,
    /// From then on the tries are forgotten.
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
