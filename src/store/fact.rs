//! What people and staff said about places. Append only: the last about an entry counts.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::fact::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::SelectStatement,
};

/// A place was given back.
pub const RETURNED: &str = "returned";
/// It was kept after all.
pub const KEPT: &str = "kept";
/// Two members of staff found the entry ineligible.
pub const INELIGIBLE: &str = "ineligible";
/// Two members of staff took the entry out before the seal.
pub const STRUCK: &str = "struck";

/// Keeps a fact; `category` and `staff` are empty for what entrants say themselves.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    kind: &str,
    at: DateTime<Utc>,
    [category, staff]: [&str; 2],
) -> Result<(), DbErr> {
    let row = ActiveModel {
        round_id: Set(round_id),
        receipt: Set(receipt.to_owned()),
        kind: Set(kind.to_owned()),
        at: Set(at),
        category: Set(category.to_owned()),
        staff: Set(staff.to_owned()),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The last fact about an entry.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    let facts = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.eq(receipt));
    facts.order_by_desc(Column::Id).one(db).await
}

/// The last fact about each of some entries, or of all of a round.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: Option<&[String]>,
) -> Result<HashMap<String, Model>, DbErr> {
    let of_round = || Entity::find().filter(Column::RoundId.eq(round_id)).order_by_asc(Column::Id);
    let mut facts = Vec::new();
    match receipts {
        None => facts = of_round().all(db).await?,
        Some(receipts) => {
            for some in receipts.chunks(super::BATCH_BINDS - 1) {
                facts.extend(of_round().filter(Column::Receipt.is_in(some)).all(db).await?);
            }
        }
    }
    Ok(facts.into_iter().map(|fact| (fact.receipt.clone(), fact)).collect())
}

/// The entries whose places go on at the next offer whatever their end, to be asked in another question: given back and not
/// kept after all, or found ineligible.
pub(super) fn gone(round_id: i64) -> SelectStatement {
    let last = Entity::find().select_only().column_as(Column::Id.max(), "last");
    let last = last.filter(Column::RoundId.eq(round_id)).group_by(Column::Receipt);
    let gone = Entity::find().select_only().column(Column::Receipt).filter(Column::RoundId.eq(round_id));
    let gone = gone.filter(Column::Id.in_subquery(QueryTrait::into_query(last)));
    QueryTrait::into_query(gone.filter(Column::Kind.ne(KEPT)))
}

/// The entries of which this was said last.
///
/// # Errors
/// What the database said.
pub async fn list_of_kind(
    db: &impl ConnectionTrait,
    round_id: i64,
    kind: &str,
) -> Result<HashSet<String>, DbErr> {
    let last = list(db, round_id, None).await?;
    Ok(last.into_iter().filter(|(_, fact)| fact.kind == kind).map(|(receipt, _)| receipt).collect())
}

/// How often anything was said about a round: what has changed has another count.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).count(db).await
}

/// How often anything was said about one entry.
///
/// # Errors
/// What the database said.
pub async fn count_of(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<u64, DbErr> {
    let facts = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.eq(receipt));
    facts.count(db).await
}
