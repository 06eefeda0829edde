//! What others know people by, in rows that stay when a round is purged: a vendor its messages, a seller its orders, and
//! whoever reads a clerk's reason the person it was about.

use chrono::{DateTime, Utc};
use entities::{access, attempt, day_sheet, dead_address, entry, guess, notice};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait,
};

/// The vendors' numbers of what a round's people were told, and their words: a vendor knows the telephone.
///
/// # Errors
/// What the database said.
pub async fn attempts(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let told = notice::Entity::find().select_only().column(notice::Column::Id);
    let told = told.filter(notice::Column::RoundId.eq(round_id)).into_query();
    let change = attempt::ActiveModel { reference: Set(None), detail: Set(None), ..Default::default() };
    let named = Condition::any()
        .add(attempt::Column::Reference.is_not_null())
        .add(attempt::Column::Detail.is_not_null());
    let update =
        attempt::Entity::update_many().set(change).filter(attempt::Column::NoticeId.in_subquery(told));
    Ok(update.filter(named).exec(txn).await?.rows_affected)
}

/// Under which staff say why in words of their own.
const KINDS: [&str; 7] = ["looked", "printed", "attended", "undone", "downloaded", "took", "searched"];

/// Why staff looked at somebody of a round, in words of their own; that they did, when and at whose receipt stays.
///
/// # Errors
/// What the database said.
pub async fn reasons(txn: &impl ConnectionTrait, round_id: i64, slug: &str) -> Result<u64, DbErr> {
    let receipts = entry::Entity::find().select_only().column(entry::Column::Receipt);
    let receipts = receipts.filter(entry::Column::RoundId.eq(round_id)).into_query();
    let of_round = Condition::any()
        .add(access::Column::About.in_subquery(receipts))
        .add(access::Column::About.starts_with(format!("{slug} ")))
        .add(access::Column::About.starts_with(format!("day sheet {slug} ")));
    let change = access::ActiveModel { reason: Set(String::new()), ..Default::default() };
    let update = access::Entity::update_many().set(change).filter(of_round);
    let update = update.filter(access::Column::Kind.is_in(KINDS));
    let lines = update.filter(access::Column::Reason.ne("")).exec(txn).await?.rows_affected;
    let change = day_sheet::ActiveModel { reason: Set(String::new()), ..Default::default() };
    let update = day_sheet::Entity::update_many().set(change);
    let sheets = update.filter(day_sheet::Column::RoundId.eq(round_id)).exec(txn).await?.rows_affected;
    Ok(lines + sheets)
}

/// How often somebody of a round tried a link code.
///
/// # Errors
/// What the database said.
pub async fn guesses(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let all = guess::Entity::delete_many().filter(guess::Column::RoundId.eq(round_id));
    Ok(all.exec(txn).await?.rows_affected)
}

/// Addresses that were found to take no mail before an instant, of whatever round: whose they are nobody knows.
///
/// # Errors
/// What the database said.
pub async fn dead_addresses(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let old = dead_address::Entity::delete_many().filter(dead_address::Column::SinceAt.lt(before));
    Ok(old.exec(txn).await?.rows_affected)
}
