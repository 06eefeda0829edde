//! Who has bought, and up to when sellers have told us so.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{bought, entry, sales};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement,
};

use super::BATCH_BINDS;

/// Rows of one statement: five columns each.
const BATCH: usize = BATCH_BINDS / 5;

/// What purchases at a seller are said to come from, whether its system told of them or its list did.
pub fn source_of(seller: &str) -> String {
    format!("seller {seller}")
}

/// What one entry bought.
///
/// # Errors
/// What the database said.
pub async fn find(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<bought::Model>, DbErr> {
    bought::Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// What several entries bought, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, bought::Model>, DbErr> {
    let mut found = HashMap::new();
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let query = bought::Entity::find().filter(bought::Column::RoundId.eq(round_id));
        let query = query.filter(bought::Column::Receipt.is_in(some));
        found.extend(query.all(db).await?.into_iter().map(|row| (row.receipt.clone(), row)));
    }
    Ok(found)
}

/// The receipts of all who bought.
///
/// # Errors
/// What the database said.
pub async fn list_receipts(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<String>, DbErr> {
    let receipts = bought::Entity::find().select_only().column(bought::Column::Receipt);
    receipts.filter(bought::Column::RoundId.eq(round_id)).into_tuple().all(db).await
}

/// The same, to be asked in another question.
pub(super) fn receipts(round_id: i64) -> SelectStatement {
    let receipts = bought::Entity::find().select_only().column(bought::Column::Receipt);
    QueryTrait::into_query(receipts.filter(bought::Column::RoundId.eq(round_id)))
}

/// All purchases of a round, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_all(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<bought::Model>, DbErr> {
    bought::Entity::find().filter(bought::Column::RoundId.eq(round_id)).all(db).await
}

/// Won bought in all.
///
/// # Errors
/// What the database said.
pub async fn sum(db: &impl ConnectionTrait, round_id: i64) -> Result<i64, DbErr> {
    let all = bought::Entity::find().select_only().filter(bought::Column::RoundId.eq(round_id));
    // What PostgreSQL sums of whole numbers is none.
    let sum = all.column_as(bought::Column::Amount.sum().cast_as("bigint"), "sum");
    Ok(sum.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or(0))
}

/// How many have bought.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    bought::Entity::find().filter(bought::Column::RoundId.eq(round_id)).count(db).await
}

/// How many bought according to one source.
///
/// # Errors
/// What the database said.
pub async fn count_from(db: &impl ConnectionTrait, round_id: i64, source: &str) -> Result<u64, DbErr> {
    let some = bought::Entity::find().filter(bought::Column::RoundId.eq(round_id));
    some.filter(bought::Column::Source.eq(source)).count(db).await
}

/// How many people have bought according to one source: a joint entry is several.
///
/// # Errors
/// What the database said.
pub async fn count_people_from(db: &impl ConnectionTrait, round_id: i64, source: &str) -> Result<i64, DbErr> {
    let mut receipts = receipts(round_id);
    receipts.and_where(bought::Column::Source.eq(source));
    let all = entry::Entity::find().select_only().filter(entry::Column::RoundId.eq(round_id));
    let all = all.filter(entry::Column::Receipt.in_subquery(receipts));
    let sum = all.column_as(entry::Column::Seats.sum().cast_as("bigint"), "people");
    Ok(sum.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or(0))
}

/// How many bought from one instant on and before another.
///
/// # Errors
/// What the database said.
pub async fn count_between(
    db: &impl ConnectionTrait,
    round_id: i64,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let some = bought::Entity::find().filter(bought::Column::RoundId.eq(round_id));
    some.filter(bought::Column::At.gte(from)).filter(bought::Column::At.lt(until)).count(db).await
}

/// When people bought, from one instant on and before another; at most so many.
///
/// # Errors
/// What the database said.
pub async fn list_times(
    db: &impl ConnectionTrait,
    round_id: i64,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Result<Vec<DateTime<Utc>>, DbErr> {
    let some = bought::Entity::find().select_only().column(bought::Column::At);
    let some = some.filter(bought::Column::RoundId.eq(round_id));
    let some = some.filter(bought::Column::At.gte(from)).filter(bought::Column::At.lt(until));
    some.limit(most).into_tuple().all(db).await
}

/// Keeps purchases. One of an entry that has bought already is a unique violation.
///
/// # Errors
/// What the database said.
pub async fn insert_all(txn: &impl ConnectionTrait, rows: Vec<bought::Model>) -> Result<(), DbErr> {
    let mut rows = rows
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .map(bought::ActiveModel::reset_all)
        .peekable();
    while rows.peek().is_some() {
        let batch: Vec<bought::ActiveModel> = rows.by_ref().take(BATCH).collect();
        bought::Entity::insert_many(batch).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Sellers say that no purchase before `until` is missing any more.
///
/// # Errors
/// What the database said.
pub async fn insert_sales(
    txn: &impl ConnectionTrait,
    round_id: i64,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
    source: &str,
) -> Result<(), DbErr> {
    let row = sales::ActiveModel {
        round_id: Set(round_id),
        at: Set(at),
        until_at: Set(until),
        source: Set(source.to_owned()),
        ..Default::default()
    };
    sales::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Up to when every purchase is known; `None` while nobody has said. Each seller that does not tell at once has to have
/// said so, or somebody for all of them: on the word of one nobody has missed a time who may have bought at another.
///
/// # Errors
/// What the database said.
pub async fn find_until(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<DateTime<Utc>>, DbErr> {
    let told = sales::Entity::find().filter(sales::Column::RoundId.eq(round_id)).all(db).await?;
    let terms = super::seller::list_terms(db).await?;
    let slow = terms.iter().filter(|(round, terms)| *round == round_id && terms.level < 3);
    let sources: Vec<String> = terms
        .iter()
        .filter(|(round, _)| *round == round_id)
        .map(|(_, terms)| source_of(&terms.name))
        .collect();
    let for_all = told.iter().filter(|row| !sources.contains(&row.source)).map(|row| row.until_at).max();
    let of = |source: &str| told.iter().filter(|row| row.source == source).map(|row| row.until_at).max();
    let each = slow.map(|(_, terms)| Ord::max(of(&source_of(&terms.name)), for_all)).min();
    Ok(each.unwrap_or_else(|| told.iter().map(|row| row.until_at).max()))
}
