//! What a round agrees with a seller, fixed when it is announced: how far its system goes along, and how many
//! people a minute it can take.

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;
use serde::{Deserialize, Serialize};
use url::Url;

use super::profile::{Dip, Profile};

/// The longest name of a place to buy, in bytes.
const LONGEST_TITLE: usize = 120;

/// The terms of one seller in one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The seller; the audience of a pass.
    pub name: String,
    /// 0 nothing, 1 gate, 2 list, 3 pass API.
    pub level: u8,
    /// Where to buy, as residents know it.
    #[serde(default)]
    pub title: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub title_en: Option<String>,
    /// The address there.
    pub url: Option<String>,
    /// Where it is told what happens to passes.
    pub webhook: Option<String>,
    /// People a minute.
    pub per_minute: u32,
    /// Its weak hours.
    pub dips: Vec<Dip>,
    /// People its stock suffices for.
    pub stock: Option<u64>,
}

impl Terms {
    /// Whether everything that level needs is there.
    pub(super) fn problems(&self) -> Result<(), String> {
        if self.level > 3 {
            return Err(format!("level: is {}; there are 0 to 3", self.level));
        }
        if self.name.trim() != self.name
            || self.name.is_empty()
            || self.name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\' | '.'))
        {
            return Err("name: write one line without / \\ or . and without spaces around it".to_owned());
        }
        for (key, title) in [("title", &self.title), ("title_en", &self.title_en)] {
            let is_line = |title: &String| {
                !title.trim().is_empty() && title.len() <= LONGEST_TITLE && !title.contains(char::is_control)
            };
            if title.as_ref().is_some_and(|title| !is_line(title)) {
                return Err(format!("{key}: write one line that says where to buy"));
            }
        }
        if self.level == 1 && self.url.is_none() {
            return Err("url: level 1 leads people to the seller; say where".to_owned());
        }
        if self.level != 3 && self.webhook.is_some() {
            return Err("webhook: belongs to level 3".to_owned());
        }
        for (key, url) in [("url", &self.url), ("webhook", &self.webhook)] {
            if url.as_ref().is_some_and(|url| !is_address(url)) {
                return Err(format!("{key}: write an address that begins with https://, without a password"));
            }
        }
        Ok(())
    }

    /// Where to buy, as residents know it; whoever has no other name is called as passes call them.
    pub fn words(&self, korean: bool) -> &str {
        let in_english = self.title_en.as_deref().filter(|_| !korean);
        in_english.or(self.title.as_deref()).unwrap_or(&self.name)
    }

    /// People a minute at this time of any day, by the plan; weekdays, opening hours and stock are not asked.
    pub fn per_minute_at(&self, now: DateTime<Utc>) -> i64 {
        let local = now.with_timezone(&Seoul).time();
        let hundredths = Profile::read(self.per_minute, &self.dips).map_or(0, |profile| profile.rate(local));
        // Whoever takes anybody takes one.
        let whole = (hundredths / 100).max(u64::from(hundredths > 0));
        i64::try_from(whole).unwrap_or(i64::MAX)
    }
}

/// Over TLS, or on this machine.
fn is_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(level: u8, url: Option<&str>, webhook: Option<&str>) -> Terms {
        Terms {
            name: "bank".to_owned(),
            title: None,
            title_en: None,
            level,
            url: url.map(str::to_owned),
            webhook: webhook.map(str::to_owned),
            per_minute: 60,
            dips: vec![Dip { from: "12:00".to_owned(), to: "13:00".to_owned(), percent: 50 }],
            stock: None,
        }
    }

    #[test]
    fn each_level_has_what_it_needs() {
        let good = Some("https://bank.example/buy");
        for (level, url, webhook, fine) in [
            (0, None, None, true),
            (1, good, None, true),
            (1, None, None, false),
            (2, None, None, true),
            (2, None, good, false),
            (3, None, good, true),
            (3, good, None, true),
            (4, good, None, false),
            (1, Some("http://bank.example"), None, false),
            (1, Some("http://127.0.0.1:80"), None, true),
            (1, Some("https://u:p@bank.example"), None, false),
            (1, Some("javascript:alert(1)"), None, false),
            (3, None, Some("bank.example"), false),
        ] {
            let terms = terms(level, url, webhook);
            assert_eq!(terms.problems().is_ok(), fine, "{terms:?}: {:?}", terms.problems());
        }
    }

    #[test]
    fn residents_read_a_name_that_they_know() {
        let mut terms = terms(0, None, None);
        assert_eq!((terms.words(true), terms.words(false)), ("bank", "bank"));
        terms.title = Some("통영사랑상품권 앱".to_owned());
        assert_eq!((terms.words(true), terms.words(false)), ("통영사랑상품권 앱", "통영사랑상품권 앱"));
        terms.title_en = Some("The Tongyeong Love app".to_owned());
        assert_eq!((terms.words(true), terms.words(false)), ("통영사랑상품권 앱", "The Tongyeong Love app"));
        for wrong in ["", " ", "두 줄\n짜리", &"가".repeat(41)] {
            let terms = Terms { title: Some(wrong.to_owned()), ..terms.clone() };
            assert!(terms.problems().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_rate_follows_the_plan() {
        let terms = terms(1, Some("https://bank.example"), None);
        for (at, rate) in [("02:59:59", 60), ("03:00:00", 30), ("03:59:59", 30), ("04:00:00", 60)] {
            let at: DateTime<Utc> = format!("2026-11-28T{at}Z").parse().unwrap();
            assert_eq!(terms.per_minute_at(at), rate, "{at}");
        }
    }
}
