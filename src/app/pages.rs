//! Pages that are the same for everybody who has not been here, as last made: in a storm of reloads each is made once a
//! second for each language. Never across two seconds: what is promised to the second begins with one.
//!
//! What `web::held` gives again belongs to the exact cookie and headers it was made for. A crowd of people whose browsers
//! put their languages in other words, or who bring a cookie of the city's site each, is nobody's second time there; here
//! they are one.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};

use crate::words::Lang;

/// Pages that are kept: three languages of those that anybody looks at.
const MOST: usize = 300;

/// What each was, and when it was made.
type Seen = HashMap<(String, Lang), (DateTime<Utc>, Arc<str>)>;

/// The pages of the last second.
#[derive(Debug, Default)]
pub struct Pages(RwLock<Seen>);

impl Pages {
    /// The page as it was made earlier in this second. Nothing on a clock that stands still: what happens there happens
    /// between two instants.
    pub fn find(&self, path: &str, lang: Lang, now: DateTime<Utc>) -> Option<Arc<str>> {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (made_at, page) = seen.get(&(path.to_owned(), lang))?;
        (*made_at < now && made_at.timestamp() == now.timestamp()).then(|| page.clone())
    }

    /// It was made.
    pub fn keep(&self, path: &str, lang: Lang, now: DateTime<Utc>, page: &str) {
        let mut seen = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert((path.to_owned(), lang), (now, page.into()));
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_page_is_kept_for_a_second_of_a_clock_that_runs() {
        let (pages, at) = (Pages::default(), |ms| DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms));
        pages.keep("/status", Lang::Ko, at(5_000), "a page");
        for (ms, there) in [(4_999, false), (5_000, false), (5_001, true), (5_999, true), (6_000, false)] {
            assert_eq!(pages.find("/status", Lang::Ko, at(ms)).is_some(), there, "{ms}");
        }
        // Made late in a second it is not taken into the next: something may open with it.
        pages.keep("/status", Lang::Ko, at(5_900), "a page");
        assert!(pages.find("/status", Lang::Ko, at(5_950)).is_some());
        assert!(pages.find("/status", Lang::Ko, at(6_100)).is_none());
        assert!(pages.find("/status", Lang::En, at(5_001)).is_none());
        assert!(pages.find("/", Lang::Ko, at(5_001)).is_none());
        (0..2 * MOST).for_each(|number| pages.keep(&format!("/{number}"), Lang::Ko, at(5_000), ""));
        assert!(pages.0.read().unwrap().len() <= MOST);
    }
}
