//! A one-time code on its way to an address. Only its keyed digest outlives the sending.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code")]
pub struct Model {
    /// Random; also in the visitor's sealed cookie, which binds the code to that session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub round_id: i64,
    /// Keyed digest of the address: counts codes per address without storing it in the clear.
    pub address_key: String,
    pub address_sealed: String,
    pub channel: String,
    pub lang: String,
    pub code_key: String,
    /// For the sender; emptied once the notice is out of our hands.
    pub code_sealed: String,
    pub tries: i32,
    pub made_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    /// Keyed digest of the network it was asked for from; empty where nobody knows.
    pub caller_key: String,
}

impl ActiveModelBehavior for ActiveModel {}
