//! One participation in one round.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Derived from round and person: the same person always lands on the same row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    pub seats: i32,
    pub want: i64,
    pub weight: i32,
    pub wish: String,
    /// Further `key=value` fields of the pool line, in the order of the rules.
    pub fields: String,
    /// Person key and address, sealed at rest.
    pub person_sealed: String,
    pub channel: String,
    pub lang: String,
    pub entered_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    /// How often this entry was told something: the version of its notices.
    pub version: i32,
    /// The inbox row that shaped this entry last; older ones change nothing.
    pub inbox_id: i64,
    /// The receipt of the joint entry of which this person is a member: their place is its place,
    /// and they have no line in the pool.
    pub lead: Option<String>,
    /// Under which pseudonym a miss is remembered; empty if the entrant did not ask for it.
    pub miss_key: String,
    /// What they agreed to, in `consent`; empty for whoever was entered from a roster.
    pub consent_digest: String,
    /// Whether it stands as a counter said it last; not, once whoever it is of says the same themselves.
    pub attended: bool,
}

impl ActiveModelBehavior for ActiveModel {}
