//! One cycle of a program. There is no state column: the state *is* which instants have passed
//! and which events have happened, so nothing has to be switched over on time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Gap-free within the deployment: a hidden round would leave a hole.
    #[sea_orm(unique)]
    pub number: i32,
    #[sea_orm(unique)]
    pub slug: String,
    pub title_ko: String,
    pub title_en: String,
    /// What a resident pays for goods worth 100; shown, never part of the draw.
    pub price_percent: i32,
    /// The exact bytes of `rules.json`; the digest is taken over them.
    pub rules: String,

    /// What the form asks and allows beside the rules, JSON; empty for nothing.
    pub who: String,

    // The times fixed in the rules, repeated here so that "what is due" is one query.
    pub opens_at: DateTimeUtc,
    pub closes_at: DateTimeUtc,
    pub seals_at: DateTimeUtc,
    pub reveals_at: DateTimeUtc,
    pub pulse_at: DateTimeUtc,
    pub results_at: DateTimeUtc,
    /// End of the last slot and its grace.
    pub ends_at: DateTimeUtc,
    /// Over how many minutes result notices are spread, quiet hours not counted.
    pub spread_minutes: i32,
    /// So many days after `ends_at` the people of the round are erased.
    pub retention_days: i32,
    /// So long after one's minute began, whoever has not bought is told until when; nobody if NULL.
    pub still_open_minutes: Option<i32>,

    /// Sealed at rest; makes the salts of this round's receipts.
    pub round_key_sealed: String,
    /// Sealed at rest until the reveal; no clerk ever sees it before.
    pub organiser_seed_sealed: String,

    // What has happened. Each is set once, by compare-and-swap from NULL.
    pub announced_at: DateTimeUtc,
    /// Set after `closes_at`: from then on no entry can be acknowledged any more.
    pub closed_at: Option<DateTimeUtc>,
    pub sealed_at: Option<DateTimeUtc>,
    pub revealed_at: Option<DateTimeUtc>,
    pub drawn_at: Option<DateTimeUtc>,
    /// Publication waits for two members of staff: the bias guard has seen something.
    pub held_at: Option<DateTimeUtc>,
    /// They have looked.
    pub released_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    /// Everybody who entered a void round is told.
    pub told_at: Option<DateTimeUtc>,
    pub purged_at: Option<DateTimeUtc>,

    pub entrant_count: Option<i64>,
    pub pool_root: Option<String>,
    /// The signed seal, as published.
    pub seal: Option<String>,
    /// Hex; 32 zero bytes when it was not revealed before the pulse.
    pub organiser_seed: Option<String>,
    /// `pulse.json` as published.
    pub pulse: Option<String>,
    pub draw_seed: Option<String>,
    pub result_digest: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
