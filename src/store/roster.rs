//! Rosters and who is on them.

use chrono::{DateTime, Utc};
use entities::{
    roster::{ActiveModel, Column, Entity, Model},
    roster_member::{self as member},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

use super::bulk;

/// A new roster.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, roster: ActiveModel) -> Result<Model, DbErr> {
    Entity::insert(roster).exec_with_returning(txn).await
}

/// One of them.
///
/// # Errors
/// What the database said.
pub async fn find_by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// All rosters that are not erased, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::State.ne("erased")).order_by_desc(Column::Id).all(db).await
}

/// The latest roster of a name in a state.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, name: &str, state: &str) -> Result<Option<Model>, DbErr> {
    let of_name = Entity::find().filter(Column::Name.eq(name)).filter(Column::State.eq(state));
    of_name.order_by_desc(Column::Id).one(db).await
}

/// Whether a roster of this name has come into use after an instant without replacing another: on one person's word.
///
/// # Errors
/// What the database said.
pub async fn is_begun_anew(
    db: &impl ConnectionTrait,
    name: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let of_name = Entity::find().filter(Column::Name.eq(name)).filter(Column::Staff.eq(""));
    Ok(of_name.filter(Column::CurrentAt.gt(since)).one(db).await?.is_some())
}

/// Notes that parts up to `to` are in, if those up to `from` were; `false` when somebody else imports
/// it or has begun anew.
///
/// # Errors
/// What the database said.
pub async fn advance(txn: &impl ConnectionTrait, id: i64, from: i32, to: i32) -> Result<bool, DbErr> {
    let change = ActiveModel { parts: Set(to), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    let update = update.filter(Column::State.eq("importing")).filter(Column::Parts.eq(from));
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// Writes `change`, if the roster is in state `from`.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: i64,
    from: &str,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    Ok(update.filter(Column::State.eq(from)).exec(txn).await?.rows_affected == 1)
}

/// Marks the rosters of a name that are in one of `states` as to be erased. Returns how many.
///
/// # Errors
/// What the database said.
pub async fn discard(txn: &impl ConnectionTrait, name: &str, states: &[&str]) -> Result<u64, DbErr> {
    let change = ActiveModel { state: Set("erasing".to_owned()), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::Name.eq(name));
    Ok(update.filter(Column::State.is_in(states.iter().copied())).exec(txn).await?.rows_affected)
}

/// How many people the rosters of a name that are in one of `states` hold.
///
/// # Errors
/// What the database said.
pub async fn count_people(db: &impl ConnectionTrait, name: &str, states: &[&str]) -> Result<u64, DbErr> {
    let of_name = Entity::find().filter(Column::Name.eq(name));
    let mut people = 0;
    for row in of_name.filter(Column::State.is_in(states.iter().copied())).all(db).await? {
        people += member::Entity::find().filter(member::Column::RosterId.eq(row.id)).count(db).await?;
    }
    Ok(people)
}

/// Puts people on a roster.
///
/// # Errors
/// What the database said; the same person twice is a unique violation.
pub async fn insert_members(
    txn: &impl ConnectionTrait,
    members: impl Iterator<Item = member::Model>,
) -> Result<u64, DbErr> {
    let columns =
        ["roster_id", "person_key", "household_key", "fields", "contact_sealed", "channel", "lang", "line"];
    let rows = members.map(|member| {
        [
            member.roster_id.into(),
            member.person_key.into(),
            member.household_key.into(),
            member.fields.into(),
            member.contact_sealed.into(),
            member.channel.into(),
            member.lang.into(),
            member.line.into(),
        ]
    });
    bulk::insert(txn, "roster_member", columns, "", rows).await
}

/// Somebody on a roster, by the digest of what they are known by: one read of the key.
///
/// # Errors
/// What the database said.
pub async fn find_member(
    db: &impl ConnectionTrait,
    roster_id: i64,
    person_key: &str,
) -> Result<Option<member::Model>, DbErr> {
    member::Entity::find_by_id((roster_id, person_key.to_owned())).one(db).await
}

/// Whether anybody on a roster can be told anything: one row is looked for.
///
/// # Errors
/// What the database said.
pub async fn is_any_reachable(db: &impl ConnectionTrait, roster_id: i64) -> Result<bool, DbErr> {
    let reachable = member::Column::RosterId.eq(roster_id).and(member::Column::Channel.ne(""));
    Ok(member::Entity::find().filter(reachable).one(db).await?.is_some())
}

/// How a roster differs from another: people on this alone, on the other alone, and on both with something else said.
///
/// # Errors
/// What the database said.
pub async fn compare(db: &impl ConnectionTrait, this: i64, other: i64) -> Result<[u64; 3], DbErr> {
    use member::Column::{Channel, Fields, HouseholdKey, Lang, PersonKey, RosterId};
    let on = |roster: i64, differs: bool, there: i64, is_there: bool| {
        let mut same = Query::select();
        same.expr(Expr::val(1)).from_as(member::Entity, "there");
        same.and_where(Expr::col(("there", RosterId)).eq(there));
        same.and_where(Expr::col(("there", PersonKey)).equals((member::Entity, PersonKey)));
        if differs {
            let other =
                |column: member::Column| Expr::col(("there", column)).not_equals((member::Entity, column));
            same.and_where(other(Fields).or(other(HouseholdKey)).or(other(Channel)).or(other(Lang)));
        }
        let exists = Expr::exists(same);
        let exists = if is_there { exists } else { exists.not() };
        member::Entity::find().filter(RosterId.eq(roster)).filter(exists).count(db)
    };
    Ok([
        on(this, false, other, false).await?,
        on(other, false, this, false).await?,
        on(this, true, other, true).await?,
    ])
}

/// Where people of a roster are told things, sealed, by their keys in order: those after `after`, and up to `to` if that
/// is said.
///
/// # Errors
/// What the database said.
pub async fn list_contacts(
    db: &impl ConnectionTrait,
    roster_id: i64,
    after: &str,
    to: Option<&str>,
    limit: u64,
) -> Result<Vec<(String, String)>, DbErr> {
    let mut some = member::Entity::find()
        .select_only()
        .columns([member::Column::PersonKey, member::Column::ContactSealed])
        .filter(member::Column::RosterId.eq(roster_id))
        .filter(member::Column::PersonKey.gt(after));
    if let Some(to) = to {
        some = some.filter(member::Column::PersonKey.lte(to));
    }
    some.order_by_asc(member::Column::PersonKey).limit(limit).into_tuple().all(db).await
}

/// The next people of a roster after a key, in the order of keys.
///
/// # Errors
/// What the database said.
pub async fn list_members(
    db: &impl ConnectionTrait,
    roster_id: i64,
    after: &str,
    limit: u64,
) -> Result<Vec<member::Model>, DbErr> {
    member::Entity::find()
        .filter(member::Column::RosterId.eq(roster_id))
        .filter(member::Column::PersonKey.gt(after))
        .order_by_asc(member::Column::PersonKey)
        .limit(limit)
        .all(db)
        .await
}

/// Erases up to `limit` people of a roster that is to be erased; nobody is left when it returns 0.
///
/// # Errors
/// What the database said.
pub async fn erase_members(txn: &impl ConnectionTrait, roster_id: i64, limit: u64) -> Result<u64, DbErr> {
    let of_roster = || member::Entity::find().filter(member::Column::RosterId.eq(roster_id));
    let last: Option<String> = of_roster()
        .select_only()
        .column(member::Column::PersonKey)
        .order_by_asc(member::Column::PersonKey)
        .offset(limit.saturating_sub(1))
        .limit(1)
        .into_tuple()
        .one(txn)
        .await?;
    let mut erase = member::Entity::delete_many().filter(member::Column::RosterId.eq(roster_id));
    if let Some(last) = last {
        erase = erase.filter(member::Column::PersonKey.lte(last));
    }
    Ok(erase.exec(txn).await?.rows_affected)
}

/// A roster of which nobody is left.
///
/// # Errors
/// What the database said.
pub async fn settle_erased(txn: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let change =
        ActiveModel { state: Set("erased".to_owned()), erased_at: Set(Some(now)), ..Default::default() };
    settle(txn, id, "erasing", change).await
}

/// The rosters that are to be erased.
///
/// # Errors
/// What the database said.
pub async fn list_erasing(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::State.eq("erasing")).all(db).await
}
