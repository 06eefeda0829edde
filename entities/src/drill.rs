//! A drill's report: what a round was rehearsed with before it was announced.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drill")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The digest of the rules and the plan's inputs.
    pub subject: String,
    /// Whether the round held.
    pub held: bool,
    pub made_at: DateTimeUtc,
    /// The figures, JSON.
    pub report: String,
    /// The same for people, HTML.
    pub page: String,
    /// The signed note over the digests of both.
    pub note: String,
    /// The round that was announced on it.
    pub round_id: Option<i64>,
    /// People over sockets; 0 of a drill of which it was not kept.
    pub over_sockets: i64,
    /// People drawn in process.
    pub in_process: i64,
    /// Whether all the trouble that was made met somebody.
    pub all_met: bool,
    /// The draft's titles; empty of a drill of which they were not kept.
    pub title_ko: String,
    pub title_en: String,
    /// Which jebi drilled; empty likewise.
    pub version: String,
    /// Whether it came to a halt.
    pub halted: bool,
}

impl ActiveModelBehavior for ActiveModel {}
