//! What a PostgreSQL promises of what it has committed: a figure of one that promises nothing is of something else, so
//! each section says it.

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

/// A sentence with the three settings by which a commit survives a power cut. `benches/run` looks for it.
pub async fn said(url: &str) -> String {
    let db = Database::connect(url).await.expect("the PostgreSQL answers");
    let mut said = Vec::new();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let show = Statement::from_string(DbBackend::Postgres, format!("SHOW {setting}"));
        let row = db.query_one_raw(show).await.expect("an answer").expect("a setting");
        let value: String = row.try_get_by_index(0).expect("text");
        said.push(format!("{setting} {value}"));
    }
    format!("PostgreSQL with {}.", said.join(", "))
}
