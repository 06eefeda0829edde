//! Who drew in vain, as pseudonyms.

use entities::miss::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
};

use super::BATCH_BINDS;

/// Rows of one statement: three columns each.
const BATCH: usize = BATCH_BINDS / 3;

/// How often somebody drew in vain in the rounds of a program from number `from` on.
///
/// # Errors
/// What the database said.
pub async fn count(
    db: &impl ConnectionTrait,
    program: &str,
    miss_key: &str,
    from: i32,
) -> Result<u64, DbErr> {
    let rows = Entity::find().filter(Column::Program.eq(program)).filter(Column::MissKey.eq(miss_key));
    rows.filter(Column::Number.gte(from)).count(db).await
}

/// Remembers those who drew in vain in a round.
///
/// # Errors
/// What the database said.
pub async fn insert_all(
    txn: &impl ConnectionTrait,
    program: &str,
    number: i32,
    miss_keys: Vec<String>,
) -> Result<(), DbErr> {
    for some in miss_keys.chunks(BATCH) {
        let rows = some.iter().map(|miss_key| ActiveModel {
            program: Set(program.to_owned()),
            miss_key: Set(miss_key.clone()),
            number: Set(number),
        });
        Entity::insert_many(rows.collect::<Vec<_>>()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Forgets the misses of rounds before number `from`: they count no more.
///
/// # Errors
/// What the database said.
pub async fn remove_before(txn: &impl ConnectionTrait, program: &str, from: i32) -> Result<u64, DbErr> {
    let old = Entity::delete_many().filter(Column::Program.eq(program)).filter(Column::Number.lt(from));
    Ok(old.exec(txn).await?.rows_affected)
}

/// Forgets a miss that was none in the end: a place became free.
///
/// # Errors
/// What the database said.
pub async fn remove(
    txn: &impl ConnectionTrait,
    program: &str,
    number: i32,
    miss_keys: &[String],
) -> Result<(), DbErr> {
    for some in miss_keys.chunks(BATCH) {
        let those =
            Entity::delete_many().filter(Column::Program.eq(program)).filter(Column::Number.eq(number));
        those.filter(Column::MissKey.is_in(some)).exec(txn).await?;
    }
    Ok(())
}
