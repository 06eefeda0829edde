//! Rounds: found by slug, moved on by compare-and-swap.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// The round with this slug.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Slug.eq(slug)).one(db).await
}

/// All rounds, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Number).all(db).await
}

/// The number the next round will bear: numbers have no gaps.
///
/// # Errors
/// What the database said.
pub async fn next_number(db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let last = Entity::find().order_by_desc(Column::Number).one(db).await?;
    Ok(last.map_or(1, |round| round.number + 1))
}

/// A new round.
///
/// # Errors
/// What the database said; a taken slug or number is a unique violation.
pub async fn insert(txn: &impl ConnectionTrait, round: ActiveModel) -> Result<Model, DbErr> {
    Entity::insert(round).exec_with_returning(txn).await
}

/// A step of a round that the clock makes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Entering has ended.
    Close,
    /// The pool is to be fixed.
    Seal,
    /// The organiser's seed is to be shown.
    Reveal,
    /// The pulse is out.
    Pulse,
    /// The pulse is known.
    Draw,
    /// The round is void, and everybody is to be told.
    Tell,
    /// The round is over. Who asks adds how long it keeps people after that.
    Purge,
}

impl Step {
    /// In the order of a round.
    pub const ALL: [Self; 7] =
        [Self::Close, Self::Seal, Self::Reveal, Self::Pulse, Self::Draw, Self::Tell, Self::Purge];

    /// When it is due, what is set when it is done, and what must be done before.
    fn columns(self) -> (Column, Column, Option<Column>) {
        match self {
            Self::Close => (Column::ClosesAt, Column::ClosedAt, None),
            Self::Seal => (Column::SealsAt, Column::SealedAt, Some(Column::ClosedAt)),
            Self::Reveal => (Column::RevealsAt, Column::RevealedAt, Some(Column::SealedAt)),
            Self::Pulse => (Column::PulseAt, Column::Pulse, Some(Column::RevealedAt)),
            Self::Draw => (Column::PulseAt, Column::DrawnAt, Some(Column::Pulse)),
            Self::Tell => (Column::VoidedAt, Column::ToldAt, None),
            Self::Purge => (Column::EndsAt, Column::PurgedAt, None),
        }
    }

    /// What a round must be for it: a void one only waits to be told and purged.
    fn fits(self) -> Condition {
        let void = Column::VoidedAt.is_not_null();
        match self {
            Self::Tell => Condition::all().add(void),
            Self::Purge => Condition::any().add(void).add(Column::DrawnAt.is_not_null()),
            _ => Condition::all().add(Column::VoidedAt.is_null()),
        }
    }
}

/// The rounds for which `step` is due at `now` and not done.
///
/// # Errors
/// What the database said.
pub async fn list_due(
    db: &impl ConnectionTrait,
    step: Step,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let (due, done, before) = step.columns();
    let mut query = Entity::find().filter(due.lte(now)).filter(done.is_null()).filter(step.fits());
    if let Some(before) = before {
        query = query.filter(before.is_not_null());
    }
    query.order_by_asc(Column::Number).all(db).await
}

/// Writes `change`, which releases a held result; `false` when none is held.
///
/// # Errors
/// What the database said.
pub async fn release(txn: &impl ConnectionTrait, id: i64, change: ActiveModel) -> Result<bool, DbErr> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    let update = update.filter(Column::HeldAt.is_not_null()).filter(Column::ReleasedAt.is_null());
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// A round ends later than was announced: time stood still.
///
/// # Errors
/// What the database said.
pub async fn extend(txn: &impl ConnectionTrait, id: i64, ends_at: DateTime<Utc>) -> Result<(), DbErr> {
    let change = ActiveModel { ends_at: sea_orm::ActiveValue::Set(ends_at), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(txn).await.map(drop)
}

/// Writes `change`, which voids a round at `now`, unless it is void, or sealed with its pulse out:
/// whoever asks may have thought it over since they looked.
///
/// # Errors
/// What the database said.
pub async fn void(
    txn: &impl ConnectionTrait,
    id: i64,
    now: DateTime<Utc>,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    let update = update.filter(Column::VoidedAt.is_null()).filter(Column::DrawnAt.is_null());
    let open = Condition::any().add(Column::SealedAt.is_null()).add(Column::PulseAt.gt(now));
    let update = update.filter(open);
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// Writes `change` if `step` is still to be done; `false` when another process was first.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: i64,
    step: Step,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let (_, done, before) = step.columns();
    let mut update = Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(done.is_null());
    if let Some(before) = before {
        update = update.filter(before.is_not_null());
    }
    Ok(update.filter(step.fits()).exec(txn).await?.rows_affected == 1)
}
