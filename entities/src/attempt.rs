//! One call to a vendor, written before it is made: what a power cut leaves open is known.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub claim: i32,
    pub started_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// `accepted`, `rejected`, `hold`, `unknown`; NULL while under way.
    pub outcome: Option<String>,
    /// The vendor's own reference or its words, never the address.
    pub detail: Option<String>,
    /// Who was given it.
    pub vendor: Option<String>,
    /// The vendor's number for it.
    pub reference: Option<String>,
    /// When it reached the handset, if the vendor says so.
    pub delivered_at: Option<DateTimeUtc>,
    /// Keyed digest, of this notice alone, of the mail address that it left for.
    pub sent_to: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
