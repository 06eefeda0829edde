//! What engines that only speak like PostgreSQL do not take, held by reading the sources and the schema. None of them
//! was run: docs/scaling.md says so.

use std::{fs, path::Path};

use crate::support::{Engine, TestApp};
use sea_orm::{ConnectionTrait, Statement};

/// What at least one of Citus, YugabyteDB and CockroachDB lacks or does otherwise.
const OTHERWISE: &[(&str, &str)] = &[
    ("pg_advisory", "advisory locks are of one machine"),
    ("LISTEN ", "nobody is notified across machines"),
    ("PgListener", "nobody is notified across machines"),
    ("CREATE FUNCTION", "stored code"),
    ("CREATE OR REPLACE FUNCTION", "stored code"),
    ("CREATE TRIGGER", "stored code"),
    ("CREATE EXTENSION", "there may be none"),
    ("TEMPORARY TABLE", "temporary tables are of one machine"),
    ("TEMP TABLE", "temporary tables are of one machine"),
    ("LOCK TABLE", "tables are many"),
    ("PARTITION BY RANGE (", "declared otherwise"),
    ("INHERITS", "no inheritance"),
    (" ctid", "rows have no place"),
    ("DECLARE CURSOR", "a cursor holds one machine"),
    ("copy_in_raw", "COPY is of PostgreSQL alone"),
    ("SAVEPOINT", "nested transactions are not everywhere"),
];

/// Tables that say which round a row is of, and are not kept by round first. Each grows by itself at one end; a new one
/// has to have a reason.
const NOT_BY_ROUND: &[(&str, &str)] = &[
    ("access", "what staff looked at, in order"),
    ("bounce", "of a notice"),
    ("ceremony", "few"),
    ("change", "what a fold did, in order"),
    ("code", "a visitor has no round yet"),
    ("day_sheet", "printed, few"),
    ("drill", "before there is a round"),
    ("draft", "before there is a round"),
    ("extension", "one for all, few"),
    ("fact", "what staff said, few"),
    ("handover", "found by its own name"),
    ("idempotency", "of a seller's request"),
    ("inbox", "append first, and no other index"),
    ("incident", "few"),
    ("journal", "one for the city, without gaps"),
    ("miss", "outlives the round"),
    ("notice", "claimed in the order of time, over all rounds"),
    ("proposal", "few"),
    ("reservation", "found by its own name"),
    ("sales", "a seller's list, few"),
    ("webhook", "in order, for a seller"),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn otherwise(text: &str) -> Vec<&'static str> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    OTHERWISE.iter().filter(|(words, _)| code.contains(words)).map(|(words, _)| *words).collect()
}

#[test]
fn nothing_is_asked_of_a_database_that_only_postgresql_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    // All of them: SQL is written in few places, and nothing keeps it there.
    for folder in ["migration/src", "src", "entities/src"] {
        let before = found.len();
        sources(&root.join(folder), &mut found);
        assert!(found.len() > before + 20, "the sources of {folder} are elsewhere");
    }
    let wrong: Vec<_> =
        found.iter().map(|(path, text)| (path, otherwise(text))).filter(|(_, all)| !all.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(otherwise("    // CREATE TRIGGER in words\n\"SELECT pg_advisory_lock(1)\""), ["pg_advisory"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_of_a_round_is_kept_by_round_or_has_a_reason_not_to_be() {
    let t = TestApp::start(Engine::Sqlite).await;
    let columns = "SELECT m.name AS of, c.name AS called, c.pk AS place FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let rows =
        t.db().query_all_raw(Statement::from_string(t.db().get_database_backend(), columns)).await.unwrap();
    let columns: Vec<(String, String, i32)> = rows
        .iter()
        .map(|row| {
            (
                row.try_get("", "of").unwrap(),
                row.try_get("", "called").unwrap(),
                row.try_get("", "place").unwrap(),
            )
        })
        .collect();
    let of_a_round = columns.iter().filter(|(_, called, _)| called == "round_id");
    let (mut by_round, mut wrong) = (0, Vec::new());
    for (of, ..) in of_a_round {
        let first = columns.iter().find(|(table, _, place)| table == of && *place == 1);
        match first {
            Some((_, called, _)) if called == "round_id" => by_round += 1,
            _ if NOT_BY_ROUND.iter().any(|(table, _)| table == of) => {}
            _ => wrong.push(of),
        }
    }
    assert!(by_round >= 10 && wrong.is_empty(), "{by_round} by round; not, and without a reason: {wrong:?}");
    // Every table has a key: an engine would make one up that nobody knows.
    for (of, ..) in &columns {
        assert!(columns.iter().any(|(table, _, place)| table == of && *place == 1), "{of} has no key");
    }
}
