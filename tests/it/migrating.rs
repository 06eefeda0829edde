//! What stands in a database is still there when it has been brought up to date.

use jebi::store;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};

use crate::support::{Engine, both, database};

both!(who_took_lists_stands_in_the_one_log);

async fn who_took_lists_stands_in_the_one_log(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let url = database(engine, folder.path()).await;
    let db = Database::connect(url.expose()).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    for statement in [
        // As it was before.
        "DELETE FROM seaql_migrations WHERE version = 'm20261127_26_reading'",
        "CREATE TABLE reading (id BIGINT, at TIMESTAMP WITH TIME ZONE, staff TEXT, what TEXT, round TEXT, people BIGINT, \
         reason TEXT)",
        "INSERT INTO clerk (name, role, password, made_at, totp_sealed, totp_step) \
         VALUES ('jang', 'clerk', 'x', '2026-11-01 00:00:00+00:00', '', 0)",
        "INSERT INTO reading (id, at, staff, what, round, people, reason) \
         VALUES (1, '2026-11-02 00:00:00+00:00', 'Jang ', 'letters', 'a-2026-11', 12, 'printing')",
        "INSERT INTO reading (id, at, staff, what, round, people, reason) \
         VALUES (2, '2026-11-03 00:00:00+00:00', 'gone', 'unreached', 'a-2026-11', 3, 'calls')",
    ] {
        db.execute_unprepared(statement).await.unwrap();
    }
    Migrator::up(&db, None).await.unwrap();
    let log = store::access::list(&db, None, 9).await.unwrap();
    let jang = store::clerk::find(&db, "jang").await.unwrap().unwrap();
    let said: Vec<_> =
        log.iter().map(|line| (line.clerk_id, line.about.as_str(), line.reason.as_str())).collect();
    let expected = [
        (None, "a-2026-11 unreached (3) gone", "calls"),
        (Some(jang.id), "a-2026-11 letters (12)", "printing"),
    ];
    assert_eq!(said, expected);
    assert!(log.iter().all(|line| line.kind == "took"));
}
