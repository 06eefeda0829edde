//! Everything that stands in the database, as text: whatever tables there are.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement};

use super::TestApp;

impl TestApp {
    /// Every row of every table, each as one line of text, by table.
    pub async fn dump(&self) -> Vec<(String, String)> {
        let backend = self.db().get_database_backend();
        let (tables, columns) = match backend {
            DatabaseBackend::Sqlite => (
                "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                "SELECT name AS name FROM pragma_table_info('{}')",
            ),
            _ => (
                "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables \
                 WHERE table_schema = current_schema()",
                "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{}'",
            ),
        };
        let mut all = Vec::new();
        for table in self.names(tables).await {
            let columns = self.names(&columns.replace("{}", &table)).await;
            let each: Vec<String> =
                columns.iter().map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), '')")).collect();
            let rows = format!("SELECT {} AS name FROM \"{table}\"", each.join(" || '|' || "));
            all.push((table.clone(), self.names(&rows).await.join("\n")));
        }
        assert!(all.len() > 50, "these are not all tables: {}", all.len());
        all
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let statement = Statement::from_string(self.db().get_database_backend(), query.to_owned());
        let rows: Vec<QueryResult> = self.db().query_all_raw(statement).await.unwrap();
        rows.into_iter().map(|row| row.try_get::<String>("", "name").unwrap()).collect()
    }
}
