//! Many rows at once: one statement text for all full batches, so that the database reads it once.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait, IdenStatic,
    Iterable, Statement, Value,
};

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
    let mut into = Into::new(txn, table, &columns, ending);
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let most = into.most;
        into.values.extend(rows.by_ref().take(most).flatten());
        into.send(txn).await?;
    }
    Ok(into.inserted)
}

/// Inserts models of a table. All of them leave the same columns to the database: those that the first
/// leaves.
///
/// # Errors
/// What the database said; a model that lacks a column of the first.
pub async fn insert_models<A: ActiveModelTrait>(
    txn: &impl ConnectionTrait,
    ending: &str,
    models: impl Iterator<Item = A>,
) -> Result<u64, DbErr> {
    let mut models = models.peekable();
    let Some(first) = models.peek() else { return Ok(0) };
    let columns: Vec<<A::Entity as EntityTrait>::Column> =
        <<A::Entity as EntityTrait>::Column as Iterable>::iter()
            .filter(|column| !matches!(first.get(*column), ActiveValue::NotSet))
            .collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let entity = A::Entity::default();
    let mut into = Into::new(txn, entity.table_name(), &names, ending);
    while models.peek().is_some() {
        for mut model in models.by_ref().take(into.most) {
            for column in &columns {
                match model.take(*column) {
                    ActiveValue::Set(value) | ActiveValue::Unchanged(value) => into.values.push(value),
                    ActiveValue::NotSet => {
                        return Err(DbErr::Custom(format!("{} is missing in a row", column.as_str())));
                    }
                }
            }
        }
        into.send(txn).await?;
    }
    Ok(into.inserted)
}

/// The statements of one insert.
struct Into<'a> {
    backend: DbBackend,
    table: &'a str,
    columns: &'a [&'a str],
    ending: &'a str,
    /// Rows of a full batch, and its text.
    most: usize,
    full: String,
    values: Vec<Value>,
    inserted: u64,
}

impl<'a> Into<'a> {
    fn new(txn: &impl ConnectionTrait, table: &'a str, columns: &'a [&'a str], ending: &'a str) -> Self {
        let most = BATCH_BINDS / columns.len().max(1);
        let backend = txn.get_database_backend();
        Self { backend, table, columns, ending, most, full: String::new(), values: Vec::new(), inserted: 0 }
    }

    async fn send(&mut self, txn: &impl ConnectionTrait) -> Result<(), DbErr> {
        let values = std::mem::take(&mut self.values);
        let count = values.len() / self.columns.len().max(1);
        let sql = if count == self.most {
            if self.full.is_empty() {
                self.full = text(self.backend, self.table, self.columns, count, self.ending);
            }
            self.full.clone()
        } else {
            text(self.backend, self.table, self.columns, count, self.ending)
        };
        let done = txn.execute_raw(Statement::from_sql_and_values(self.backend, sql, values)).await?;
        self.inserted += done.rows_affected();
        Ok(())
    }
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
