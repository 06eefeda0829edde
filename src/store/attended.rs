//! Who was entered at a counter. One person has one row in a round, with or without a phone.

use std::collections::HashMap;

use entities::{
    attended::{Column, Entity, Model},
    entry,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{BATCH_BINDS, erase::Part};

/// The most that one look-up finds.
const MOST: u64 = 20;

/// The row of somebody, by the receipt that name and birth date alone would give.
///
/// # Errors
/// What the database said.
pub async fn find_person(
    db: &impl ConnectionTrait,
    round_id: i64,
    person: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Person.eq(person)).one(db).await
}

/// The rows of some entries, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, Model>, DbErr> {
    let mut found = HashMap::new();
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(some));
        found.extend(query.all(db).await?.into_iter().map(|row| (row.receipt.clone(), row)));
    }
    Ok(found)
}

/// Those with this birth date and these last digits.
///
/// # Errors
/// What the database said.
pub async fn list_by_look(
    db: &impl ConnectionTrait,
    round_id: i64,
    look_key: &str,
) -> Result<Vec<Model>, DbErr> {
    let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::LookKey.eq(look_key));
    query.order_by_asc(Column::Receipt).limit(MOST).all(db).await
}

/// For how many others than `person` somebody has come in a round, and they did not leave again.
///
/// # Errors
/// What the database said.
pub async fn count_helped(
    db: &impl ConnectionTrait,
    round_id: i64,
    helper_key: &str,
    person: &str,
) -> Result<u64, DbErr> {
    let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::HelperKey.eq(helper_key));
    let left = entry::Entity::find().select_only().column(entry::Column::Receipt);
    let left =
        left.filter(entry::Column::RoundId.eq(round_id)).filter(entry::Column::WithdrawnAt.is_not_null());
    let query = query.filter(Column::Receipt.not_in_subquery(left.into_query()));
    query.filter(Column::Person.ne(person)).count(db).await
}

/// Writes the row of a person, in the place of an earlier one of theirs.
///
/// # Errors
/// What the database said.
pub async fn settle(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let theirs = Condition::any().add(Column::Receipt.eq(&row.receipt)).add(Column::Person.eq(&row.person));
    Entity::delete_many().filter(Column::RoundId.eq(row.round_id)).filter(theirs).exec(txn).await?;
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// Forgets who came to counters in a round that is over. Returns how much that was.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let all = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    Ok(all.filter(part.of(Column::Receipt)).exec(txn).await?.rows_affected)
}
