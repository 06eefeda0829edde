//! Instants as whole seconds UTC, and their one spelling `2026-12-02T00:00:00Z` (RFC 3339).
//!
//! Nothing here asks what time it is; that is the caller's business. The calendar arithmetic is
//! the proleptic Gregorian one on days since 1970-01-01, without leap seconds, as in POSIX.

use std::fmt;
use std::num::NonZero;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z, from the year 1970 to the year 9999.
///
/// One more is kept, so that `Option<Instant>` takes no more room: a draw has one for each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(NonZero<u64>);

/// The text is not an instant in the one accepted spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instant is written like 2026-12-02T00:00:00Z, in UTC and whole seconds")]
pub struct InstantError;

/// 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

impl Instant {
    /// From Unix seconds; `None` outside the years 1970 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        u64::try_from(seconds).ok().filter(|s| *s <= LAST).map(Self::after_epoch)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    #[allow(clippy::cast_possible_wrap, reason = "at most LAST")]
    pub const fn unix(self) -> i64 {
        self.seconds() as i64
    }

    /// The same as [`Instant::unix`] without a sign.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0.get() - 1
    }

    /// At most the end of the year 9999.
    fn after_epoch(seconds: u64) -> Self {
        Self(NonZero::<u64>::MIN.saturating_add(seconds.min(LAST)))
    }

    /// This many seconds later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, seconds: u64) -> Self {
        Self::after_epoch(self.seconds().saturating_add(seconds))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let (year, month, day) = date_of(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        let bytes = text.as_bytes();
        let digits_at = |from: usize, to: usize| {
            bytes[from..to]
                .iter()
                .try_fold(0_u64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u64::from(b - b'0')))
        };
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
        if bytes.len() != 20 || separators.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return Err(InstantError);
        }
        let part = |from, to| digits_at(from, to).ok_or(InstantError);
        let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
        if year < 1970 || !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
            return Err(InstantError);
        }
        let days = days_of(year, month, day);
        // Converting back is what refuses a 30th of February and a zeroth day.
        if date_of(days) != (year, month, day) {
            return Err(InstantError);
        }
        Ok(Self::after_epoch(days * 86_400 + hour * 3600 + minute * 60 + second))
    }
}

/// Days since 1970-01-01 of a date whose year starts in March, so that the leap day comes last.
fn days_of(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day;
    (year * 365 + year / 4 - year / 100 + year / 400 + of_year).saturating_sub(719_469)
}

/// The inverse: `(year, month, day)` of a day counted from 1970-01-01.
fn date_of(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

impl TryFrom<String> for Instant {
    type Error = InstantError;

    fn try_from(text: String) -> Result<Self, InstantError> {
        text.parse()
    }
}

impl From<Instant> for String {
    fn from(instant: Instant) -> Self {
        instant.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        for (text, unix) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2023-08-23T15:09:27Z", 1_692_803_367),
            ("2026-12-02T00:00:00Z", 1_796_169_600),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(text.parse::<Instant>().map(Instant::unix), Ok(unix), "{text}");
            assert_eq!(Instant::from_unix(unix).map(|i| i.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn every_day_of_eight_centuries_returns() {
        for day in 0..292_194 {
            let (y, m, d) = date_of(day);
            assert_eq!(days_of(y, m, d), day, "{y}-{m}-{d}");
        }
    }

    #[test]
    fn one_spelling_only() {
        for text in [
            "2026-12-02T00:00:00+00:00",
            "2026-12-02t00:00:00Z",
            "2026-12-02T00:00:00.0Z",
            "2026-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-32T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z",
            "1969-12-31T23:59:59Z",
            "",
            "2026-12-02T00:00:00Ｚ",
            "+026-12-02T00:00:00Z",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(InstantError), "{text}");
        }
    }
}
