//! The outbox: one message, one entrant, one channel, one reason. Holds no words and no address;
//! both are looked up when it is sent, so personal data stands in one place only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    /// The receipt it is about, or the id of the one-time code.
    pub about: String,
    /// `code`, `entered`, `withdrawn`, `result`.
    pub reason: String,
    pub version: i32,
    pub channel: String,
    /// `auth` (never waits for the morning), `notice` or `ad`.
    pub class: String,
    /// Its own second, fixed when it was planned.
    pub planned_at: DateTimeUtc,
    /// Not before this: `planned_at` at first, later after each retry.
    pub due_at: DateTimeUtc,
    /// The minute in which its round's rate has a place for it; `None` if it has to ask.
    pub promised_at: Option<DateTimeUtc>,
    /// After this it would be pointless and is not sent any more.
    pub deadline_at: DateTimeUtc,
    /// `planned`, `sending`, `accepted`, `rejected`, `undelivered`, `unknown` (looked up at `due_at`),
    /// `unresolved` (nobody will ever know), `expired`.
    pub state: String,
    /// Counts claims; whoever holds an older one may not send (fencing).
    pub claim: i32,
    pub claimed_until: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    /// How often it was sent once more without knowing whether it had arrived.
    pub risks: i32,
}

impl ActiveModelBehavior for ActiveModel {}
