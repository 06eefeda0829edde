//! Whether a database that said no is only away: changing over to its standby, restarting, full for a moment, or busy with
//! somebody else who was in the way.
//!
//! Such an answer says nothing about what was asked. A resident is asked to come back, and who works tries again.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{DbErr, RuntimeErr};

use crate::clock::{self, Clock};

/// What PostgreSQL and those that speak like it say of themselves, not of a statement: shutting down, starting up,
/// a standby, too many connections, too little disk; 13 is SQLite's full disk. And that it let somebody else go first, at a
/// conflict (40001) or a deadlock (40P01): then the whole transaction was taken back, so it is begun again and nothing is done twice.
const OF_ITSELF: [&str; 9] = ["57P01", "57P02", "57P03", "25006", "53300", "53100", "40001", "40P01", "13"];

/// How long whoever tries again waits in between.
const AGAIN: Duration = Duration::from_millis(250);

/// Whether the same statement may well succeed in a moment. What it did is not known: a connection may break after
/// the commit.
pub fn is_away(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else { return false };
    match cause.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // A proxy that hangs up in the middle of a word.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(said) => {
            said.code().is_some_and(|code| code.starts_with("08") || OF_ITSELF.contains(&code.as_ref()))
        }
        _ => false,
    }
}

/// Does `work` again for as long as the database is away, `patience` at most: for what must not be forgotten and may
/// be done twice.
///
/// # Errors
/// What the database said the last time.
pub async fn outlast<T, F: Future<Output = Result<T, DbErr>>>(
    patience: Duration,
    mut work: impl FnMut() -> F,
) -> Result<T, DbErr> {
    let until = clock::wall() + TimeDelta::from_std(patience).unwrap_or_default();
    loop {
        match work().await {
            Err(error) if is_away(&error) && clock::wall() < until => Clock::pause(AGAIN).await,
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn of(error: sqlx::Error) -> DbErr {
        DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
    }

    #[test]
    fn a_broken_connection_is_away_and_a_wrong_statement_is_not() {
        assert!(is_away(&of(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()))));
        assert!(is_away(&DbErr::Conn(RuntimeErr::SqlxError(Arc::new(sqlx::Error::PoolTimedOut)))));
        assert!(!is_away(&of(sqlx::Error::RowNotFound)));
        assert!(!is_away(&DbErr::Custom("an entry without a receipt".to_owned())));
    }

    #[tokio::test]
    async fn what_must_not_be_forgotten_is_tried_until_it_is_done() {
        let mut tries = 0;
        let outlasted = outlast(Duration::from_secs(60), || {
            tries += 1;
            let away = tries < 3;
            async move {
                match away {
                    true => Err(of(sqlx::Error::WorkerCrashed)),
                    false => Ok(()),
                }
            }
        });
        outlasted.await.unwrap();
        assert_eq!(tries, 3);
        // What is wrong stays wrong, and nobody's patience lasts for ever.
        let mut tries = 0;
        let mut count = |error: sqlx::Error| {
            tries += 1;
            async { Err::<(), _>(of(error)) }
        };
        assert!(outlast(Duration::from_secs(60), || count(sqlx::Error::RowNotFound)).await.is_err());
        assert!(outlast(Duration::ZERO, || count(sqlx::Error::PoolClosed)).await.is_err());
        assert_eq!(tries, 2);
    }
}
