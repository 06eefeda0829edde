//! What is told on paper: planned like everything else, claimed by no sender, and done once it is printed.

use chrono::{DateTime, Utc};
use entities::{
    attempt,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, sea_query::OnConflict,
};

use super::{LETTER, NEWS};
use crate::store::tally;

/// Who "carries" letters, as in tables and the live view.
const PRINTER: &str = "printer";

/// How many letters wait to be printed.
///
/// # Errors
/// What the database said.
pub async fn count_letters(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let waiting = Entity::find().filter(Column::State.eq("planned")).filter(Column::Channel.eq(LETTER));
    waiting.count(db).await
}

/// What an entry was to be told in one way it is told in another, from now on. Only news of its place: nobody prints
/// a reminder.
///
/// # Errors
/// What the database said.
pub async fn change_channel(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    (from, to): (&str, &str),
) -> Result<(), DbErr> {
    let change = ActiveModel { channel: Set(to.to_owned()), ..Default::default() };
    Entity::update_many()
        .set(change)
        .filter(Column::State.eq("planned"))
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::About.eq(receipt))
        .filter(Column::Channel.eq(from))
        .filter(Column::Reason.is_in(NEWS))
        .exec(txn)
        .await
        .map(drop)
}

/// Letters are printed: those that waited for it are done, and what nobody was reached with has a letter now.
///
/// # Errors
/// What the database said.
pub async fn settle_printed(
    txn: &impl ConnectionTrait,
    printed: &[Model],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for notice in printed {
        let id = match notice.channel == LETTER {
            true => notice.id,
            false => letter_for(txn, notice, now).await?,
        };
        let done = ActiveModel {
            state: Set("accepted".to_owned()),
            claim: Set(notice.claim + 1),
            ended_at: Set(Some(now)),
            ..Default::default()
        };
        Entity::update_many().set(done).filter(Column::Id.eq(id)).exec(txn).await?;
        let printing = attempt::ActiveModel {
            notice_id: Set(id),
            claim: Set(notice.claim + 1),
            started_at: Set(now),
            ended_at: Set(Some(now)),
            outcome: Set(Some("accepted".to_owned())),
            vendor: Set(Some(PRINTER.to_owned())),
            ..Default::default()
        };
        let mut once = OnConflict::columns([attempt::Column::NoticeId, attempt::Column::Claim]);
        attempt::Entity::insert(printing)
            .on_conflict(once.do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
    }
    tally::add(txn, now, LETTER, PRINTER, "accepted", printed.len()).await
}

/// The letter beside a notice that reached nobody.
async fn letter_for(txn: &impl ConnectionTrait, notice: &Model, now: DateTime<Utc>) -> Result<i64, DbErr> {
    let of = |about: &Model| {
        let same = Entity::find().filter(Column::RoundId.eq(about.round_id));
        let same = same.filter(Column::About.eq(&about.about)).filter(Column::Reason.eq(&about.reason));
        same.filter(Column::Version.eq(about.version)).filter(Column::Channel.eq(LETTER))
    };
    if let Some(known) = of(notice).one(txn).await? {
        return Ok(known.id);
    }
    let letter = ActiveModel {
        id: sea_orm::ActiveValue::NotSet,
        channel: Set(LETTER.to_owned()),
        // The newest word about the entry, so that it counts.
        planned_at: Set(now),
        due_at: Set(now),
        claimed_until: Set(None),
        risks: Set(0),
        ..notice.clone().into_active_model().reset_all()
    };
    Ok(Entity::insert(letter).exec(txn).await?.last_insert_id)
}
