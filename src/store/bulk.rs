//! Many rows at once: one statement text for all full batches, so that the database reads it once.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use super::BATCH_BINDS;

/// Inserts rows of `N` columns. Returns how many came to be: `ending` may say what happens to those
/// that are there already.
///
/// # Errors
/// What the database said.
pub async fn insert<const N: usize>(
    txn: &impl ConnectionTrait,
    table: &str,
    columns: [&str; N],
    ending: &str,
    rows: impl Iterator<Item = [Value; N]>,
) -> Result<u64, DbErr> {
    let backend = txn.get_database_backend();
    let most = BATCH_BINDS / N;
    let full = text(backend, table, &columns, most, ending);
    let mut rows = rows.peekable();
    let mut inserted = 0;
    while rows.peek().is_some() {
        let mut values = Vec::with_capacity(most * N);
        values.extend(rows.by_ref().take(most).flatten());
        let count = values.len() / N;
        let sql = if count == most { full.clone() } else { text(backend, table, &columns, count, ending) };
        let done = txn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        inserted += done.rows_affected();
    }
    Ok(inserted)
}

/// Table and columns are ours; everything else is bound.
fn text(backend: DbBackend, table: &str, columns: &[&str], rows: usize, ending: &str) -> String {
    let names = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    let mut sql = format!("INSERT INTO \"{table}\" ({names}) VALUES ");
    let mut number = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            if column > 0 {
                sql.push(',');
            }
            number += 1;
            match backend {
                DbBackend::Postgres => sql.push_str(&format!("${number}")),
                _ => sql.push('?'),
            }
        }
        sql.push(')');
    }
    if !ending.is_empty() {
        sql.push(' ');
        sql.push_str(ending);
    }
    sql
}
