//! Whoever a new connection leads to must be the primary of today: neither a standby, to which a proxy may still
//! point while it changes over, nor the primary of before, come back and not knowing that it was replaced.
//!
//! libpq asks for this with `target_session_attrs=read-write`; sqlx has no such word, and libpq's knows nothing of
//! the second case.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use sqlx::{Error, PgConnection, query_scalar};

/// The latest timeline that this process has seen. PostgreSQL begins a new one with each promotion.
#[derive(Debug, Default)]
pub(super) struct Timeline(AtomicI64);

impl Timeline {
    /// Notes a timeline; `false` when a later one was seen before.
    fn goes_on(&self, timeline: i64) -> bool {
        self.0.fetch_max(timeline, Relaxed) <= timeline
    }

    /// Refuses a connection that is not to be written to; the pool then tries again until its patience ends.
    pub(super) async fn check(&self, connection: &mut PgConnection) -> Result<(), Error> {
        let read_only = query_scalar::<_, String>("SHOW transaction_read_only").persistent(false);
        if read_only.fetch_one(&mut *connection).await? == "on" {
            return Err(Error::Configuration("this is a standby; the primary is elsewhere".into()));
        }
        // Engines that only speak like PostgreSQL have no timelines, and no primary to replace.
        let timeline = "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint";
        let timeline = query_scalar::<_, i64>(timeline).persistent(false).fetch_one(&mut *connection).await;
        match timeline.map(|timeline| self.goes_on(timeline)) {
            Ok(false) => {
                let why =
                    "this was the primary before another took over: stop it, and let it join as a standby";
                Err(Error::Configuration(why.into()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_replaced_is_not_written_to_any_more() {
        let timeline = Timeline::default();
        assert!(timeline.goes_on(1) && timeline.goes_on(1) && timeline.goes_on(2));
        assert!(!timeline.goes_on(1));
        assert!(timeline.goes_on(2));
    }
}
