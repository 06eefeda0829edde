//! Whole tables page by page, for files that staff take away: at most [`PAGE`] rows are in memory at once.

use chrono::{DateTime, Utc};
use entities::{access, bought, entry, notice, reservation};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

/// Rows of one page.
pub const PAGE: u64 = 5_000;

/// An entry without who entered it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Entered {
    /// Its public code.
    pub receipt: String,
    /// People.
    pub seats: i32,
    /// Won.
    pub want: i64,
    /// Lots.
    pub weight: i32,
    /// Day parts, best first.
    pub wish: String,
    /// Cohort and reserve fields, `key=value`.
    pub fields: String,
    /// How it is told things; empty is on paper.
    pub channel: String,
    /// In which language.
    pub lang: String,
    /// When it was entered first.
    pub entered_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The joint entry of which it is a member.
    pub lead: Option<String>,
}

/// The next entries of a round after a receipt, withdrawn ones and members of joint ones too.
///
/// # Errors
/// What the database said.
pub async fn list_entered_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<Entered>, DbErr> {
    use entry::Column::{
        Channel, EnteredAt, Fields, Lang, Lead, Receipt, RoundId, Seats, Want, Weight, Wish, WithdrawnAt,
    };
    let some = entry::Entity::find().select_only().columns([
        Receipt,
        Seats,
        Want,
        Weight,
        Wish,
        Fields,
        Channel,
        Lang,
        EnteredAt,
        WithdrawnAt,
        Lead,
    ]);
    let some = some.filter(RoundId.eq(round_id)).filter(Receipt.gt(after));
    some.order_by_asc(Receipt).limit(PAGE).into_model().all(db).await
}

/// Receipt, language and sealed person of the next entries that take part, after a receipt.
///
/// # Errors
/// What the database said.
pub async fn list_people_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<(String, String, String)>, DbErr> {
    use entry::Column::{Lang, PersonSealed, Receipt, RoundId, WithdrawnAt};
    let some = entry::Entity::find().select_only().columns([Receipt, Lang, PersonSealed]);
    let some = some.filter(RoundId.eq(round_id)).filter(WithdrawnAt.is_null()).filter(Receipt.gt(after));
    some.order_by_asc(Receipt).limit(PAGE).into_tuple().all(db).await
}

/// The next purchases of a round after a receipt.
///
/// # Errors
/// What the database said.
pub async fn list_bought_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<bought::Model>, DbErr> {
    let some = bought::Entity::find().filter(bought::Column::RoundId.eq(round_id));
    let some = some.filter(bought::Column::Receipt.gt(after));
    some.order_by_asc(bought::Column::Receipt).limit(PAGE).all(db).await
}

/// The next reservations of a round after one.
///
/// # Errors
/// What the database said.
pub async fn list_reserved_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<reservation::Model>, DbErr> {
    let some = reservation::Entity::find().filter(reservation::Column::RoundId.eq(round_id));
    let some = some.filter(reservation::Column::Id.gt(after));
    some.order_by_asc(reservation::Column::Id).limit(PAGE).all(db).await
}

/// The next notices of a round after one; codes are no notices to anybody else.
///
/// # Errors
/// What the database said.
pub async fn list_notices_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: i64,
) -> Result<Vec<notice::Model>, DbErr> {
    let some = notice::Entity::find().filter(notice::Column::RoundId.eq(round_id));
    let some = some.filter(notice::Column::Class.ne("auth")).filter(notice::Column::Id.gt(after));
    some.order_by_asc(notice::Column::Id).limit(PAGE).all(db).await
}

/// The next lines of the access log after one, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_access_after(db: &impl ConnectionTrait, after: i64) -> Result<Vec<access::Model>, DbErr> {
    let some = access::Entity::find().filter(access::Column::Id.gt(after));
    some.order_by_asc(access::Column::Id).limit(PAGE).all(db).await
}
