//! Local time, read once: hours become instants by the rules of the zone and are never local again.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{Instant, rules::Times};
use serde::Deserialize;

/// The steps of a round in Korean local time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalTimes {
    /// Entering begins.
    pub opens: String,
    /// Entering ends.
    pub closes: String,
    /// The pool is fixed.
    pub seals: String,
    /// The organiser's seed is shown.
    pub reveals: String,
    /// The pulse, and with it the draw.
    pub pulse: String,
    /// Results are published and notices begin to leave.
    pub results: String,
}

impl LocalTimes {
    pub(super) fn instants(&self, problems: &mut Vec<String>) -> Option<Times> {
        let mut time = |name: &str, text: &str| match local_instant(text) {
            Ok(instant) => Some(instant),
            Err(problem) => {
                problems.push(format!("times.{name}: {problem}"));
                None
            }
        };
        // All are read before any is missed, so that every problem is named at once.
        let opens_at = time("opens", &self.opens);
        let closes_at = time("closes", &self.closes);
        let seals_at = time("seals", &self.seals);
        let reveals_at = time("reveals", &self.reveals);
        let pulse_at = time("pulse", &self.pulse);
        let results_at = time("results", &self.results);
        Some(Times {
            opens_at: opens_at?,
            closes_at: closes_at?,
            seals_at: seals_at?,
            reveals_at: reveals_at?,
            pulse_at: pulse_at?,
            results_at: results_at?,
        })
    }
}

fn local(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .map_err(|_| "write it like 2026-11-23 09:00".to_owned())
}

/// A time as staff type it, `2027-01-11 10:05`, in Korea.
///
/// # Errors
/// How to write it.
pub fn local_time(text: &str) -> Result<DateTime<Utc>, String> {
    let at = local_instant(text)?;
    DateTime::from_timestamp(at.unix(), 0).ok_or_else(|| "is beyond all calendars".to_owned())
}

/// The instant of a local time as a clerk writes it.
pub(super) fn local_instant(text: &str) -> Result<Instant, String> {
    local(text).and_then(instant)
}

/// The instant of a local time, which must exist once in the zone's rules.
pub(super) fn instant(local: NaiveDateTime) -> Result<Instant, String> {
    let instant: Option<DateTime<Utc>> = Seoul.from_local_datetime(&local).single().map(|at| at.to_utc());
    instant
        .and_then(|at| Instant::from_unix(at.timestamp()))
        .ok_or_else(|| format!("{local} does not exist, or exists twice, in Korea"))
}
