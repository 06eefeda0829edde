//! What others know people by, in rows that stay when a round is purged: a vendor its messages, a seller its orders, and
//! whoever reads a clerk's reason the person it was about.

use chrono::{DateTime, Utc};
use entities::{access, attempt, day_sheet, dead_address, entry, guess, notice, proposal, taken_in, ticked};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

/// A part of what a round holds about people: all whose receipt or other name comes after one, up to another and with
/// it, or to the end. Parts that follow each other are everything once.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Above this; above the empty one is everything.
    pub after: &'a str,
    /// The last one.
    pub upto: Option<&'a str>,
}

impl Part<'_> {
    /// Of the rows that are named by `column`.
    pub fn of(&self, column: impl ColumnTrait) -> Condition {
        let above = Condition::all().add(column.gt(self.after));
        self.upto.map_or(above.clone(), |upto| above.add(column.lte(upto)))
    }
}

/// Erases who the entrants of a round were; what was published stays verifiable. Returns how many entries it had: also
/// whoever is told on paper may have left something in theirs.
///
/// # Errors
/// What the database said.
pub async fn entries(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let empty = || Set(String::new());
    let erased = entry::ActiveModel {
        person_sealed: empty(),
        miss_key: empty(),
        attended: Set(false),
        ..Default::default()
    };
    let update = entry::Entity::update_many().set(erased).filter(entry::Column::RoundId.eq(round_id));
    Ok(update.filter(part.of(entry::Column::Receipt)).exec(txn).await?.rows_affected)
}

/// The receipt that is so many entries after another; none if there are not so many.
///
/// # Errors
/// What the database said.
pub async fn find_ahead(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
    entries: u64,
) -> Result<Option<String>, DbErr> {
    let receipts = entry::Entity::find()
        .select_only()
        .column(entry::Column::Receipt)
        .filter(entry::Column::RoundId.eq(round_id));
    let receipts = receipts.filter(entry::Column::Receipt.gt(after)).order_by_asc(entry::Column::Receipt);
    receipts.offset(entries.saturating_sub(1)).limit(1).into_tuple().one(db).await
}

/// The vendors' numbers of what a round's people were told, and their words: a vendor knows the telephone. And where mails
/// went, as a digest: whoever has our key could try addresses.
///
/// # Errors
/// What the database said.
pub async fn attempts(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let told = notice::Entity::find().select_only().column(notice::Column::Id);
    let told = told.filter(notice::Column::RoundId.eq(round_id)).filter(part.of(notice::Column::About));
    let told = told.into_query();
    let (reference, detail, sent_to) = (Set(None), Set(None), Set(None));
    let change = attempt::ActiveModel { reference, detail, sent_to, ..Default::default() };
    let named = Condition::any()
        .add(attempt::Column::SentTo.is_not_null())
        .add(attempt::Column::Reference.is_not_null())
        .add(attempt::Column::Detail.is_not_null());
    let update =
        attempt::Entity::update_many().set(change).filter(attempt::Column::NoticeId.in_subquery(told));
    Ok(update.filter(named).exec(txn).await?.rows_affected)
}

/// Under which staff say why in words of their own.
const KINDS: [&str; 8] =
    ["looked", "printed", "attended", "undone", "downloaded", "took", "searched", "sent_back"];

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

/// Acts about one entry.
const ABOUT_SOMEBODY: [&str; 3] = ["strike", "ineligible", "take-back"];

/// Why something that was proposed about somebody of a round was declined, in words of staff; what was proposed, and that
/// it was declined, stays.
///
/// # Errors
/// What the database said.
pub async fn words(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let change = proposal::ActiveModel { words: Set(String::new()), ..Default::default() };
    let update = proposal::Entity::update_many().set(change).filter(proposal::Column::RoundId.eq(round_id));
    let update = update.filter(proposal::Column::Kind.is_in(ABOUT_SOMEBODY));
    Ok(update.filter(proposal::Column::Words.ne("")).exec(txn).await?.rows_affected)
}

/// What was ticked on day sheets and never confirmed, with why it was sent back.
///
/// # Errors
/// What the database said.
pub async fn ticked(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let all = ticked::Entity::delete_many().filter(ticked::Column::RoundId.eq(round_id));
    Ok(all.exec(txn).await?.rows_affected)
}

/// What came of the parts of day sheets, by receipt.
///
/// # Errors
/// What the database said.
pub async fn taken_in(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let all = taken_in::Entity::delete_many().filter(taken_in::Column::RoundId.eq(round_id));
    Ok(all.exec(txn).await?.rows_affected)
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
