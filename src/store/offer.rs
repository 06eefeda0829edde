//! Offers after the draw: their blocks as published, and what each did to whom.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{assignment, moved, offer};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::BATCH_BINDS;
use crate::domain::standing::{Outcome, Step};

/// Rows of one statement: seven columns each.
const BATCH: usize = BATCH_BINDS / 7;

/// Keeps an offer. One made twice is a unique violation.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    offer: offer::Model,
    moves: Vec<moved::Model>,
) -> Result<(), DbErr> {
    let offer = offer.into_active_model().reset_all();
    offer::Entity::insert(offer).exec_without_returning(txn).await?;
    let mut rows = moves
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .map(moved::ActiveModel::reset_all)
        .peekable();
    while rows.peek().is_some() {
        let batch: Vec<moved::ActiveModel> = rows.by_ref().take(BATCH).collect();
        moved::Entity::insert_many(batch).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// How many offers of a round were made.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    offer::Entity::find().filter(offer::Column::RoundId.eq(round_id)).count(db).await
}

/// The offers of a round with their blocks, in order.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<offer::Model>, DbErr> {
    let offers = offer::Entity::find().filter(offer::Column::RoundId.eq(round_id));
    offers.order_by_asc(offer::Column::Number).all(db).await
}

/// An offer as everybody may read of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Made {
    /// Of which round.
    pub round_id: i64,
    /// From 1.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who missed a time and has a second one.
    pub caught_up: i64,
    /// Who waited and has a place.
    pub assigned: i64,
    /// Whose amount went on.
    pub lapsed: i64,
    /// Who gave a place back.
    pub returned: i64,
    /// Who was found ineligible.
    pub ineligible: i64,
}

/// All offers of all rounds, without their blocks.
///
/// # Errors
/// What the database said.
pub async fn list_made(db: &impl ConnectionTrait) -> Result<Vec<Made>, DbErr> {
    use offer::Column::{Assigned, At, CaughtUp, Ineligible, Lapsed, Number, Returned, RoundId};
    let offers = offer::Entity::find().select_only();
    let offers = offers.columns([RoundId, Number, At, CaughtUp, Assigned, Lapsed, Returned, Ineligible]);
    offers.order_by_asc(Number).into_model().all(db).await
}

/// What offers did to one entry, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_moves(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Vec<moved::Model>, DbErr> {
    let moves = moved::Entity::find().filter(moved::Column::RoundId.eq(round_id));
    let moves = moves.filter(moved::Column::Receipt.eq(receipt));
    moves.order_by_asc(moved::Column::Offer).all(db).await
}

/// What offers did to several entries, or to all of a round; by receipt, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_all_moves(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: Option<&[String]>,
) -> Result<HashMap<String, Vec<moved::Model>>, DbErr> {
    let of_round = || moved::Entity::find().filter(moved::Column::RoundId.eq(round_id));
    let mut rows = Vec::new();
    match receipts {
        None => rows = of_round().all(db).await?,
        Some(receipts) => {
            for some in receipts.chunks(BATCH_BINDS - 1) {
                rows.extend(of_round().filter(moved::Column::Receipt.is_in(some)).all(db).await?);
            }
        }
    }
    let mut moves: HashMap<String, Vec<moved::Model>> = HashMap::new();
    for row in rows {
        moves.entry(row.receipt.clone()).or_default().push(row);
    }
    moves.values_mut().for_each(|moves| moves.sort_by_key(|row| row.offer));
    Ok(moves)
}

/// Who was given a start after one instant and not after another; shifts are not in it.
///
/// # Errors
/// What the database said.
pub async fn list_starting(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let moves = moved::Entity::find().select_only().column(moved::Column::Receipt).distinct();
    let moves = moves.filter(moved::Column::RoundId.eq(round_id));
    let moves = moves.filter(moved::Column::StartsAt.gt(after)).filter(moved::Column::StartsAt.lte(until));
    moves.into_tuple().all(db).await
}

/// What offers gave a start at which instant, of which offer, to how many; shifts are not in it.
///
/// # Errors
/// What the database said.
pub async fn count_starts(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<Vec<(i64, DateTime<Utc>, i64)>, DbErr> {
    let moves = moved::Entity::find().filter(moved::Column::RoundId.eq(round_id));
    let moves = moves.filter(moved::Column::StartsAt.is_not_null()).select_only();
    let starts = moves.columns([moved::Column::Offer, moved::Column::StartsAt]);
    let starts = starts.column_as(moved::Column::StartsAt.count(), "places");
    starts.group_by(moved::Column::Offer).group_by(moved::Column::StartsAt).into_tuple().all(db).await
}

/// The same of those that have not bought, and whose places are not given back or taken away.
///
/// # Errors
/// What the database said.
pub async fn count_unbought(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<Vec<(i64, DateTime<Utc>, i64)>, DbErr> {
    let moves = moved::Entity::find().filter(moved::Column::RoundId.eq(round_id));
    let moves = moves.filter(moved::Column::StartsAt.is_not_null()).select_only();
    let moves = moves.filter(moved::Column::Receipt.not_in_subquery(super::bought::receipts(round_id)));
    let moves = moves.filter(moved::Column::Receipt.not_in_subquery(super::fact::gone(round_id)));
    let starts = moves.columns([moved::Column::Offer, moved::Column::StartsAt]);
    let starts = starts.column_as(moved::Column::StartsAt.count(), "places");
    starts.group_by(moved::Column::Offer).group_by(moved::Column::StartsAt).into_tuple().all(db).await
}

/// What the draw and then each offer said about an entry.
pub fn steps(drawn: &assignment::Model, moves: &[moved::Model]) -> Vec<Step> {
    let won = |amount: i64| u64::try_from(amount).unwrap_or_default();
    let drawn = Step { offer: 0, outcome: None, starts_at: drawn.starts_at, amount: won(drawn.amount) };
    let moves = moves.iter().map(|row| Step {
        offer: row.offer,
        outcome: Outcome::from_key(&row.outcome),
        starts_at: row.starts_at,
        amount: won(row.amount),
    });
    std::iter::once(drawn).chain(moves).collect()
}
