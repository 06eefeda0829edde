//! The driver alone, with the same rows in tables with the same columns, keys and indexes of the same database. It decides
//! nothing: it knows which notices are due, asks no rate and keeps no counts.

use chrono::{DateTime, TimeDelta, Utc};
use jebi::store;
use sqlx::AssertSqlSafe;

use crate::{about, at, bare::Bare, pointless_after};

/// Rows of one statement: as many as of ours, which bind fourteen values each.
const ROWS: usize = store::BATCH_BINDS / 14;

const COLUMNS: &str = "id, round_id, about, reason, version, channel, class, planned_at, due_at, deadline_at, state, \
                       claim, risks";

pub struct Floor {
    db: Bare,
    /// The first that is not sent yet.
    next: i64,
}

impl Floor {
    pub async fn start(url: &str) -> Self {
        let mut db = Bare::connect(url).await;
        db.table("notice").await;
        db.table("attempt").await;
        Self { db, next: 0 }
    }

    /// Plans these, in one transaction.
    pub async fn plan(&mut self, now: DateTime<Utc>, numbers: &[i64]) {
        self.db.run("BEGIN").await;
        for some in numbers.chunks(ROWS) {
            match &mut self.db {
                Bare::Sqlite(db) => {
                    let row = "(?, 1, ?, 'result', 1, 'sms', 'notice', ?, ?, ?, 'planned', 0, 0)";
                    let rows = vec![row; some.len()].join(", ");
                    let sql = format!("INSERT INTO bare_notice ({COLUMNS}) VALUES {rows}");
                    let mut query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(sql));
                    for &number in some {
                        let at = at(now, number);
                        query = query.bind(number).bind(about(number)).bind(at).bind(at);
                        query = query.bind(at + pointless_after());
                    }
                    query.execute(db).await.expect("inserted");
                }
                Bare::Postgres(db) => {
                    let sql = format!(
                        "INSERT INTO bare_notice ({COLUMNS}) SELECT number, 1, about, 'result', 1, 'sms', 'notice', \
                         begins, begins, ends, 'planned', 0, 0 FROM unnest($1::bigint[], $2::text[], \
                         $3::timestamptz[], $4::timestamptz[]) AS given (number, about, begins, ends)"
                    );
                    let begins: Vec<DateTime<Utc>> = some.iter().map(|number| at(now, *number)).collect();
                    let ends: Vec<DateTime<Utc>> = begins.iter().map(|at| *at + pointless_after()).collect();
                    sqlx::query::<sqlx::Postgres>(AssertSqlSafe(sql))
                        .bind(some.to_vec())
                        .bind(some.iter().map(|number| about(*number)).collect::<Vec<String>>())
                        .bind(begins)
                        .bind(ends)
                        .execute(db)
                        .await
                        .expect("inserted");
                }
            }
        }
        self.db.run("COMMIT").await;
    }

    /// As its autovacuum would have done a minute later.
    pub async fn analyze(&mut self) {
        self.db.run("ANALYZE bare_notice").await;
    }

    /// The next of them are claimed, attempted and settled: a transaction each, as ours.
    pub async fn send(&mut self, count: i64) {
        let (first, next) = (self.next, self.next + count);
        let last = next - 1;
        let now = Utc::now();
        let (now, until) = (now.to_rfc3339(), (now + TimeDelta::minutes(2)).to_rfc3339());
        let attempts: Vec<String> =
            (first..next).map(|number| format!("({number}, 1, '{now}', 'solapi')")).collect();
        let attempts = attempts.join(", ");
        for sql in [
            format!(
                "UPDATE bare_notice SET state = 'sending', claim = claim + 1, claimed_until = '{until}' \
                 WHERE id BETWEEN {first} AND {last}"
            ),
            format!("INSERT INTO bare_attempt (notice_id, claim, started_at, vendor) VALUES {attempts}"),
            format!(
                "UPDATE bare_attempt SET ended_at = '{now}', outcome = 'accepted', detail = 'M' || notice_id, \
                 reference = 'M' || notice_id WHERE notice_id BETWEEN {first} AND {last}; \
                 UPDATE bare_notice SET state = 'accepted', ended_at = '{now}' WHERE id BETWEEN {first} AND {last}"
            ),
        ] {
            self.db.run(format!("BEGIN; {sql}; COMMIT")).await;
        }
        self.next = next;
    }

    /// Counts what waits.
    pub async fn look(&mut self) {
        self.db.run("SELECT count(*) FROM bare_notice WHERE state = 'planned'").await;
    }
}
