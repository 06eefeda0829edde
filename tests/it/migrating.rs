//! What stands in a database is still there when it has been brought up to date.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{attended, entry};
use jebi::{domain::drill::Size, store};
use migration::{Migrator, MigratorTrait};
use public_audit::Digest;
use sea_orm::{ConnectionTrait, Database, EntityTrait};

use crate::support::{Engine, TestApp, both, database};

both!(
    who_took_lists_stands_in_the_one_log,
    what_was_ticked_on_whole_lists_waits_by_part,
    what_a_counter_entered_stays_the_counters,
    a_drill_of_unknown_size_lets_no_round_through,
);

async fn a_drill_of_unknown_size_lets_no_round_through(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let url = database(engine, folder.path()).await;
    let db = Database::connect(url.expose()).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    for statement in [
        // As it was before.
        "DELETE FROM seaql_migrations WHERE version = 'm20261128_48_drilled'",
        "ALTER TABLE drill DROP COLUMN over_sockets",
        "ALTER TABLE drill DROP COLUMN in_process",
        "ALTER TABLE drill DROP COLUMN all_met",
        "INSERT INTO drill (subject, held, made_at, report, page, note) \
         VALUES ('of a round', TRUE, '2026-11-01 00:00:00+00:00', '{}', '', '')",
    ] {
        db.execute_unprepared(statement).await.unwrap();
    }
    Migrator::up(&db, None).await.unwrap();
    let one = Size::asked_for(1);
    let last = store::drill::find_last(&db, "of a round", one).await.unwrap().unwrap();
    assert!(last.held && !last.size.reaches(one) && !last.all_met, "{last:?}");
    // It is listed, though what a list says of others is in its report alone.
    let listed = store::drill::list(&db, None, 9).await.unwrap();
    assert!(listed.len() == 1 && listed[0].held && !listed[0].halted, "{listed:?}");
    assert!(listed[0].titles.0.is_empty() && listed[0].version.is_empty(), "{listed:?}");
}

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

async fn what_was_ticked_on_whole_lists_waits_by_part(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let url = database(engine, folder.path()).await;
    let db = Database::connect(url.expose()).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let line = |number: usize, amount: u64| format!("receipt-{number} 2026-12-02T01:20:40Z {amount}\n");
    let whole = (1..=50).map(|number| line(number, 250_000)).collect::<String>();
    let ticked = [line(3, 250_000), line(20, 100_000), line(21, 250_000), line(50, 10_000)].concat();
    for statement in [
        // As it was before.
        "DELETE FROM seaql_migrations WHERE version = 'm20261127_44_parts'".to_owned(),
        "DROP TABLE taken_in".to_owned(),
        "DROP TABLE ticked".to_owned(),
        "CREATE TABLE ticked (round_id BIGINT NOT NULL, sheet_id BIGINT NOT NULL, lines TEXT NOT NULL, digest TEXT NOT NULL, \
         clerk_id BIGINT NOT NULL, at TIMESTAMP WITH TIME ZONE NOT NULL, sent_back TEXT, PRIMARY KEY (round_id, sheet_id))"
            .to_owned(),
        format!(
            "INSERT INTO day_sheet (id, round_id, day, \"only\", made_at, clerk_id, reason, lines, digest, note, settled_at) VALUES \
             (1, 7, '2026-12-02', '', '2026-12-01 00:00:00+00:00', 1, '', '{whole}', '', '', '2026-12-02 10:00:00+00:00'), \
             (2, 7, '2026-12-02', '', '2026-12-01 00:00:00+00:00', 1, '', '{}', '', '', NULL)",
            line(1, 250_000)
        ),
        format!(
            "INSERT INTO ticked (round_id, sheet_id, lines, digest, clerk_id, at, sent_back) VALUES \
             (7, 1, '{ticked}', 'x', 4, '2026-12-02 11:00:00+00:00', 'line 3'), \
             (7, 2, '{}', 'x', 5, '2026-12-02 11:00:00+00:00', NULL)",
            line(1, 250_000)
        ),
    ] {
        db.execute_unprepared(&statement).await.unwrap();
    }
    Migrator::up(&db, None).await.unwrap();
    let rows = store::ticked::list(&db, 7).await.unwrap();
    let parts: Vec<_> =
        rows.iter().map(|row| (row.sheet_id, row.part, row.lines.clone(), row.clerk_id)).collect();
    let expected = [
        (1, 1, line(3, 250_000) + &line(20, 100_000), 4),
        (1, 2, line(21, 250_000), 4),
        (1, 3, line(50, 10_000), 4),
        (2, 1, line(1, 250_000), 5),
    ];
    assert_eq!(parts, expected);
    assert!(rows.iter().all(|row| row.digest == Digest::of(&row.lines).to_string()));
    assert!(rows.iter().all(|row| row.sent_back.is_some() == (row.sheet_id == 1)));
    // What came back came back as a whole.
    assert_eq!(store::taken_in::list_of(&db, 7, 1).await.unwrap(), [1, 2, 3]);
    assert_eq!(store::taken_in::list(&db, 7).await.unwrap(), [1, 1, 1]);
    let part = store::taken_in::find(&db, (7, 1, 3)).await.unwrap().unwrap();
    assert_eq!(part.at.to_rfc3339(), "2026-12-02T10:00:00+00:00");
}

fn entered(round_id: i64, receipt: &str, changed_at: DateTime<Utc>) -> entry::Model {
    entry::Model {
        round_id,
        receipt: receipt.to_owned(),
        seats: 1,
        want: 250_000,
        weight: 1,
        wish: "any".to_owned(),
        fields: String::new(),
        person_sealed: String::new(),
        channel: String::new(),
        lang: "ko".to_owned(),
        entered_at: changed_at,
        changed_at,
        withdrawn_at: None,
        version: 1,
        inbox_id: 0,
        lead: None,
        miss_key: String::new(),
        consent_digest: String::new(),
        attended: false,
    }
}

fn noted(round_id: i64, receipt: &str, at: DateTime<Utc>) -> attended::Model {
    attended::Model {
        round_id,
        receipt: receipt.to_owned(),
        person: format!("person of {receipt}"),
        at,
        clerk_id: 1,
        paper: String::new(),
        name_sealed: String::new(),
        look_key: String::new(),
        helper_key: String::new(),
        relation: String::new(),
        consent_digest: String::new(),
    }
}

async fn what_a_counter_entered_stays_the_counters(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let at = t.now();
    let later = |millis| at + TimeDelta::milliseconds(millis);
    let txn = t.app.db.begin().await.unwrap();
    let rows = [
        ("at once", at, true),
        ("noted a moment after", later(-1), true),
        ("on the web a moment after", later(1), false),
        ("nobody came", at, false),
        // Only the municipality changes entries then.
        ("merged after the close", round.closes_at, true),
    ];
    let entries = rows.map(|(receipt, changed_at, _)| entered(round.id, receipt, changed_at));
    store::entry::insert_all(&txn, entries.into()).await.unwrap();
    for (receipt, ..) in rows.iter().filter(|(receipt, ..)| *receipt != "nobody came") {
        store::attended::settle(&txn, noted(round.id, receipt, at)).await.unwrap();
    }
    txn.commit().await.unwrap();
    let db = Database::connect(t.app.config.database_url().expose()).await.unwrap();
    for statement in [
        // As it was before.
        "DELETE FROM seaql_migrations WHERE version = 'm20261128_46_doors'",
        "ALTER TABLE entry DROP COLUMN attended",
    ] {
        db.execute_unprepared(statement).await.unwrap();
    }
    Migrator::up(&db, None).await.unwrap();
    let found = entry::Entity::find().all(&db).await.unwrap();
    assert_eq!(found.len(), rows.len());
    for (receipt, _, is_of_counter) in rows {
        let entry = found.iter().find(|entry| entry.receipt == receipt).unwrap();
        assert_eq!(entry.attended, is_of_counter, "{receipt}");
    }
}
