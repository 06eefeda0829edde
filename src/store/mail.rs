//! Mail that is not wanted, and mail that came back.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::{
    attempt, bounce, dead_address,
    notice::{self, ActiveModel as NoticeChange},
    unmailed,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use super::{BATCH_BINDS, notice::LETTER};

/// Why an entry is told nothing by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Whoever entered asked for it.
    Asked,
    /// Mail came back for good.
    Bounced,
}

impl Cause {
    /// As in the table.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Bounced => "bounced",
        }
    }
}

/// One notice.
///
/// # Errors
/// What the database said.
pub async fn find_notice(db: &impl ConnectionTrait, id: i64) -> Result<Option<notice::Model>, DbErr> {
    notice::Entity::find_by_id(id).one(db).await
}

/// When a notice was first handed to somebody.
///
/// # Errors
/// What the database said.
pub async fn find_first_attempt(
    db: &impl ConnectionTrait,
    notice_id: i64,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let attempts = attempt::Entity::find().filter(attempt::Column::NoticeId.eq(notice_id));
    let first = attempts.order_by_asc(attempt::Column::StartedAt).one(db).await?;
    Ok(first.map(|attempt| attempt.started_at))
}

/// The attempts at a notice by which it may have arrived: when, and what is known of where it went.
///
/// # Errors
/// What the database said.
pub async fn list_sent(
    db: &impl ConnectionTrait,
    notice_id: i64,
) -> Result<Vec<(DateTime<Utc>, Option<String>)>, DbErr> {
    let sent = Condition::any()
        .add(attempt::Column::Outcome.is_null())
        .add(attempt::Column::Outcome.is_in(["accepted", "unknown"]));
    let attempts = attempt::Entity::find().select_only();
    let attempts = attempts.columns([attempt::Column::StartedAt, attempt::Column::SentTo]);
    attempts.filter(attempt::Column::NoticeId.eq(notice_id)).filter(sent).into_tuple().all(db).await
}

/// Why an entry is told nothing by mail, if so.
///
/// # Errors
/// What the database said.
pub async fn find_unmailed(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<unmailed::Model>, DbErr> {
    unmailed::Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// Which of these entries are told nothing by mail.
///
/// # Errors
/// What the database said.
pub async fn list_unmailed(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashSet<String>, DbErr> {
    let mut found = HashSet::new();
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let rows = unmailed::Entity::find()
            .select_only()
            .column(unmailed::Column::Receipt)
            .filter(unmailed::Column::RoundId.eq(round_id))
            .filter(unmailed::Column::Receipt.is_in(some));
        found.extend(rows.into_tuple::<String>().all(db).await?);
    }
    Ok(found)
}

/// Why some entries are told nothing by mail, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_causes(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, String>, DbErr> {
    let mut found = HashMap::new();
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let rows = unmailed::Entity::find().filter(unmailed::Column::RoundId.eq(round_id));
        let rows = rows.filter(unmailed::Column::Receipt.is_in(some)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.receipt, row.cause)));
    }
    Ok(found)
}

/// All entries of a round that are told nothing by mail.
///
/// # Errors
/// What the database said.
pub async fn list_all_unmailed(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<String>, DbErr> {
    let rows = unmailed::Entity::find().select_only().column(unmailed::Column::Receipt);
    rows.filter(unmailed::Column::RoundId.eq(round_id)).into_tuple().all(db).await
}

/// No more mail about an entry. What it was to be told by mail it is told on paper, or by somebody who calls.
///
/// # Errors
/// What the database said.
pub async fn insert_unmailed(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    cause: Cause,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = unmailed::ActiveModel {
        round_id: Set(round_id),
        receipt: Set(receipt.to_owned()),
        cause: Set(cause.key().to_owned()),
        since_at: Set(now),
    };
    let once = [unmailed::Column::RoundId, unmailed::Column::Receipt];
    unmailed::Entity::insert(row)
        .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    super::notice::change_channel(txn, round_id, receipt, ("email", LETTER)).await
}

/// Mail about an entry again, if it was its own wish to have none.
///
/// # Errors
/// What the database said.
pub async fn remove_unmailed(txn: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<(), DbErr> {
    remove(txn, round_id, receipt, Cause::Asked).await
}

/// A mail came back: said once, and the notice counts as undelivered. Returns whether this is news.
///
/// # Errors
/// What the database said.
pub async fn settle_bounce(
    txn: &impl ConnectionTrait,
    notice_id: i64,
    status: &str,
    hard: bool,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = bounce::ActiveModel {
        notice_id: Set(notice_id),
        status: Set(status.to_owned()),
        hard: Set(hard),
        read_at: Set(now),
    };
    let once = OnConflict::column(bounce::Column::NoticeId).do_nothing().to_owned();
    let inserted = bounce::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await?;
    let change =
        NoticeChange { state: Set("undelivered".to_owned()), ended_at: Set(Some(now)), ..Default::default() };
    notice::Entity::update_many()
        .set(change)
        .filter(notice::Column::Id.eq(notice_id))
        // A retry that is planned would come back too; one that is under way ends by itself.
        .filter(notice::Column::State.is_in(["accepted", "unknown", "planned"]))
        .exec(txn)
        .await?;
    Ok(inserted > 0)
}

/// Marks an address as dead.
///
/// # Errors
/// What the database said.
pub async fn insert_dead(
    txn: &impl ConnectionTrait,
    address_key: String,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = dead_address::ActiveModel { address_key: Set(address_key), since_at: Set(now) };
    let once = OnConflict::column(dead_address::Column::AddressKey).do_nothing().to_owned();
    dead_address::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await.map(drop)
}

/// Which of these addresses are dead.
///
/// # Errors
/// What the database said.
pub async fn list_dead(db: &impl ConnectionTrait, keys: &[String]) -> Result<HashSet<String>, DbErr> {
    let mut found = HashSet::new();
    for some in keys.chunks(BATCH_BINDS) {
        let rows = dead_address::Entity::find().filter(dead_address::Column::AddressKey.is_in(some));
        found.extend(rows.all(db).await?.into_iter().map(|row| row.address_key));
    }
    Ok(found)
}

/// An address shown to be alive: somebody typed what was sent there. Mail about their entry goes there again.
///
/// # Errors
/// What the database said.
pub async fn revive(
    txn: &impl ConnectionTrait,
    address_key: &str,
    round_id: i64,
    receipt: &str,
) -> Result<(), DbErr> {
    let dead = dead_address::Entity::delete_by_id(address_key.to_owned()).exec(txn).await?;
    if dead.rows_affected > 0 {
        remove(txn, round_id, receipt, Cause::Bounced).await?;
    }
    Ok(())
}

/// Mail about an entry again that came back before, to an address that has been shown to be alive since.
///
/// # Errors
/// What the database said.
pub async fn remove_bounced(txn: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<(), DbErr> {
    remove(txn, round_id, receipt, Cause::Bounced).await
}

/// Mail about an entry again, whyever it had ended: that was about an address which the entry has left. What waits to be
/// printed goes by the `channel` of the new one.
///
/// # Errors
/// What the database said.
pub async fn forget_unmailed(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    channel: &str,
) -> Result<(), DbErr> {
    let removed = unmailed::Entity::delete_by_id((round_id, receipt.to_owned())).exec(txn).await?;
    match removed.rows_affected > 0 && !channel.is_empty() {
        true => super::notice::change_channel(txn, round_id, receipt, (LETTER, channel)).await,
        false => Ok(()),
    }
}

async fn remove(txn: &impl ConnectionTrait, round_id: i64, receipt: &str, cause: Cause) -> Result<(), DbErr> {
    let removed = unmailed::Entity::delete_many()
        .filter(unmailed::Column::RoundId.eq(round_id))
        .filter(unmailed::Column::Receipt.eq(receipt))
        .filter(unmailed::Column::Cause.eq(cause.key()))
        .exec(txn)
        .await?;
    match removed.rows_affected {
        0 => Ok(()),
        _ => super::notice::change_channel(txn, round_id, receipt, (LETTER, "email")).await,
    }
}
