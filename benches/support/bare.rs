//! The database's own driver and nothing else: what our writes are compared with.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// One connection.
pub enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Bare {
    pub async fn connect(url: &str) -> Self {
        if !url.starts_with("sqlite:") {
            return Self::Postgres(PgConnection::connect(url).await.expect("connected"));
        }
        let options: SqliteConnectOptions = url.parse().expect("a database");
        // As jebi opens it.
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(60));
        Self::Sqlite(SqliteConnection::connect_with(&options).await.expect("connected"))
    }

    /// One or more statements.
    pub async fn run(&mut self, sql: impl Into<String>) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        match self {
            Self::Sqlite(db) => drop(sql.execute(db).await.expect("done")),
            Self::Postgres(db) => drop(sql.execute(db).await.expect("done")),
        }
    }

    /// Makes `bare_…`, an empty table like one of ours, with its key and its indexes.
    pub async fn table(&mut self, jebi_table: &str) {
        self.run(format!("DROP TABLE IF EXISTS bare_{jebi_table}")).await;
        let Self::Sqlite(db) = self else {
            self.run(format!("CREATE TABLE bare_{jebi_table} (LIKE {jebi_table} INCLUDING ALL)")).await;
            return;
        };
        let made: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC",
        )
        .bind(jebi_table)
        .fetch_all(&mut *db)
        .await
        .expect("the schema");
        for (name, sql) in made {
            let sql = sql.unwrap_or_default();
            let sql = match name == jebi_table {
                true => sql.replacen(jebi_table, &format!("bare_{jebi_table}"), 1),
                // Names of indexes are of the whole database; both may be in quotes or not.
                false => sql
                    .replacen(&name, &format!("bare_{name}"), 1)
                    .replacen(&format!(" ON {jebi_table}"), &format!(" ON bare_{jebi_table}"), 1)
                    .replacen(&format!(" ON \"{jebi_table}\""), &format!(" ON \"bare_{jebi_table}\""), 1),
            };
            self.run(sql).await;
        }
    }
}
