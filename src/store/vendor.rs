//! How vendors do, for all instances together.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{
    attempt, notice,
    vendor::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::Db;

/// A vendor of which nothing bad is known.
pub fn well(name: &str) -> Model {
    Model {
        name: name.to_owned(),
        failures: 0,
        share: 100,
        share_at: DateTime::UNIX_EPOCH,
        step_seconds: 60,
        stopped_until: None,
        reason: None,
        balance: None,
    }
}

/// All of which anything was ever noted.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Name).all(db).await
}

/// Changes what is noted of one; `change` sees it under its lock, and says what is to be kept.
///
/// # Errors
/// What the database said.
pub async fn settle(
    db: &Db,
    name: &str,
    change: impl FnOnce(Model) -> Option<Model> + Send,
) -> Result<Option<Model>, DbErr> {
    let txn = db.begin().await?;
    let once = OnConflict::column(Column::Name).do_nothing().to_owned();
    let new: ActiveModel = well(name).into_active_model().reset_all();
    Entity::insert(new).on_conflict(once).exec_without_returning(&txn).await?;
    let row = Entity::find_by_id(name).lock_exclusive().one(&txn).await?;
    let changed = row.and_then(change);
    if let Some(changed) = &changed {
        let set: ActiveModel = changed.clone().into_active_model().reset_all();
        Entity::update_many().set(set).filter(Column::Name.eq(name)).exec(&txn).await?;
    }
    txn.commit().await?;
    Ok(changed)
}

/// Takes the one text with which a stopped vendor is tried; `false` when another instance did.
///
/// # Errors
/// What the database said.
pub async fn probe(
    db: &Db,
    name: &str,
    stopped_until: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let txn = db.begin().await?;
    let taken = Entity::update_many()
        .col_expr(Column::StoppedUntil, Expr::value(until))
        .filter(Column::Name.eq(name))
        .filter(Column::StoppedUntil.eq(stopped_until))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(taken.rows_affected == 1)
}

/// Whether a text was given to a vendor that knows it by this name.
///
/// # Errors
/// What the database said.
pub async fn knows(db: &impl ConnectionTrait, vendor: &str, reference: &str) -> Result<bool, DbErr> {
    let given = attempt::Entity::find().filter(attempt::Column::Reference.eq(reference));
    Ok(given.filter(attempt::Column::Vendor.eq(vendor)).one(db).await?.is_some())
}

/// Which of these numbers are of texts that were given to a vendor, and whether it is known that they arrived.
///
/// # Errors
/// What the database said.
pub async fn list_known(
    db: &impl ConnectionTrait,
    vendor: &str,
    references: &[String],
) -> Result<HashMap<String, bool>, DbErr> {
    use attempt::Column as C;
    let given = attempt::Entity::find().select_only().columns([C::Reference, C::DeliveredAt]);
    let given = given.filter(C::Reference.is_in(references)).filter(C::Vendor.eq(vendor));
    let rows: Vec<(String, Option<DateTime<Utc>>)> = given.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(reference, at)| (reference, at.is_some())).collect())
}

/// Keeps what a vendor says became of a text. Twice or out of order changes nothing.
///
/// # Errors
/// What the database said.
pub async fn delivered(
    txn: &impl ConnectionTrait,
    vendor: &str,
    reference: &str,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let change = attempt::ActiveModel { delivered_at: Set(Some(at)), ..Default::default() };
    attempt::Entity::update_many()
        .set(change)
        .filter(attempt::Column::Reference.eq(reference))
        .filter(attempt::Column::Vendor.eq(vendor))
        .filter(attempt::Column::DeliveredAt.is_null())
        .exec(txn)
        .await
        .map(drop)
}

/// Keeps that a text never reached its handset: its notice joins the unreached.
///
/// # Errors
/// What the database said.
pub async fn undelivered(
    txn: &impl ConnectionTrait,
    vendor: &str,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let made = attempt::Entity::find()
        .filter(attempt::Column::Reference.eq(reference))
        .filter(attempt::Column::Vendor.eq(vendor))
        .filter(attempt::Column::DeliveredAt.is_null());
    for made in made.all(txn).await? {
        let change = notice::ActiveModel {
            state: Set("undelivered".to_owned()),
            ended_at: Set(Some(now)),
            ..Default::default()
        };
        notice::Entity::update_many()
            .set(change)
            .filter(notice::Column::Id.eq(made.notice_id))
            .filter(notice::Column::State.eq("accepted"))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Of the texts a vendor accepted in the last quarter of an hour, but not in the last `late`: how many there
/// are, and how many had not arrived in time. `None` while it reports no arrivals at all.
///
/// # Errors
/// What the database said.
pub async fn count_late(
    db: &impl ConnectionTrait,
    vendor: &str,
    within: TimeDelta,
    late: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Option<(u64, u64)>, DbErr> {
    use attempt::Column as C;
    let accepted = |since: DateTime<Utc>| {
        let of = attempt::Entity::find().filter(C::Vendor.eq(vendor)).filter(C::Outcome.eq("accepted"));
        of.filter(C::StartedAt.gt(since))
    };
    let reports = accepted(now - TimeDelta::hours(24)).filter(C::DeliveredAt.is_not_null());
    if reports.one(db).await?.is_none() {
        return Ok(None);
    }
    let rows: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = {
        let some = accepted(now - within).filter(C::StartedAt.lte(now - late));
        some.select_only().columns([C::StartedAt, C::DeliveredAt]).into_tuple().all(db).await?
    };
    let in_time =
        |(started, at): &&(DateTime<Utc>, Option<DateTime<Utc>>)| at.is_some_and(|at| at - *started <= late);
    let all = rows.len() as u64;
    Ok(Some((all, all - rows.iter().filter(in_time).count() as u64)))
}
