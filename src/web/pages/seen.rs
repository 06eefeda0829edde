//! What the page of the answers has shown, as its button says it: these answers, beside this entry or none, at that
//! instant. Nobody sends off what they have not read, and nobody replaces unasked what somebody else has recorded since.
//!
//! This is compared on the path of a deadline's crowd, which asks the database for nothing but to keep the entry. So
//! whoever was shown a moment ago that they have no entry is believed; a page that was open for longer, or that changes an
//! entry, looks again. What a counter alone says is safe in that moment, too: the fold takes it from nobody else.

use chrono::{DateTime, TimeDelta, Utc};

use super::mine::{MyEntry, entry_of};
use crate::{
    app::{App, Round},
    web::{answer::Answer, visit::Visit, visitor::Draft},
};

/// So long a page is believed that there was no entry: whoever reads their answers once more takes less, and whoever goes
/// to a counter meanwhile takes longer.
const FRESH: TimeDelta = TimeDelta::minutes(3);

/// What is not any more as the page showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The answers: they were changed in another tab.
    Answers,
    /// Nobody knows what: the page says nothing that can be read, as one of another version of ours.
    Unsaid,
    /// The entry: a counter or another device has recorded or changed it.
    Entry,
    /// The entry is none any more: it was withdrawn at a counter or on another device.
    Withdrawn,
}

impl Draft {
    /// What a page says that shows these answers now, beside an entry that was last changed at `entry`.
    pub fn seen(&self, app: &App, now: DateTime<Utc>, entry: Option<DateTime<Utc>>) -> String {
        said(now, entry, &self.digest(app))
    }

    fn digest(&self, app: &App) -> String {
        app.keys.digest("answers shown", &serde_json::to_string(self).unwrap_or_default())
    }

    /// Whether an entry is what these answers ask for.
    fn is_in(&self, mine: &MyEntry) -> bool {
        !mine.withdrawn
            && mine.lead.is_none()
            && self.want == Some(mine.want)
            && self.wish == mine.wish
            && self.fields == mine.fields
    }
}

/// One word of letters and digits: numbers with a dot between them can look like a resident registration number, which no
/// form may hold.
fn said(now: DateTime<Utc>, entry: Option<DateTime<Utc>>, digest: &str) -> String {
    format!("{}x{}x{digest}", now.timestamp(), entry.map_or(0, |at| at.timestamp_micros()))
}

/// What has moved since a page was shown; `None`: it is as it was.
///
/// # Errors
/// The answer to give instead.
pub async fn moved(visit: &Visit, round: &Round, draft: &Draft, seen: &str) -> Result<Option<Moved>, Answer> {
    let mut parts = seen.splitn(3, 'x');
    let mut next = || parts.next().unwrap_or_default();
    let (at, entry, digest) = (next().parse::<i64>(), next().parse::<i64>(), next());
    let (Ok(at), Ok(entry)) = (at, entry) else { return Ok(Some(Moved::Unsaid)) };
    if digest != draft.digest(&visit.app) {
        return Ok(Some(Moved::Answers));
    }
    // Instances need not agree to the second.
    let is_fresh = (visit.now.timestamp() - at).abs() < FRESH.num_seconds();
    // Where several come together the database is asked anyway.
    if entry == 0 && is_fresh && !round.who.is_shared() {
        return Ok(None);
    }
    let mine = entry_of(visit, round).await?;
    let is_there = mine.as_ref().map_or(0, |mine| mine.at.timestamp_micros());
    // Pressed twice, or asked for the same elsewhere: what they want is recorded.
    if is_there == entry || mine.as_ref().is_some_and(|mine| draft.is_in(mine)) {
        return Ok(None);
    }
    let is_none = mine.is_none_or(|mine| mine.withdrawn);
    Ok(Some(if is_none { Moved::Withdrawn } else { Moved::Entry }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::is_registration_number;

    #[test]
    fn what_a_page_has_shown_is_never_taken_for_a_registration_number() {
        let digest = "9001011234567".repeat(5);
        for seconds in (0..4_000_000_000).step_by(9_999_937) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            for entry in [None, Some(now + TimeDelta::microseconds(123_456))] {
                let said = said(now, entry, &digest);
                assert!(!is_registration_number(&said), "{said}");
            }
        }
    }
}
