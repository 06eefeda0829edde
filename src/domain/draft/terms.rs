//! What a round agrees with a seller, fixed when it is announced: how far its system goes along, and how many
//! people a minute it can take.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{
    calendar::weekdays,
    profile::{Dip, Profile, hour},
};

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
    /// When it opens, if it is not open at all hours.
    #[serde(default)]
    pub from: Option<String>,
    /// When it closes.
    #[serde(default)]
    pub until: Option<String>,
    /// Its weekdays; all of them if there are none.
    #[serde(default)]
    pub weekdays: Vec<String>,
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

    /// Whether it sells at this hour of this weekday. Holidays are not asked: who comes then reads it there.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let local = now.with_timezone(&Seoul).naive_local();
        let time = |text: &Option<String>| text.as_deref().and_then(hour);
        let days = weekdays(&self.weekdays).unwrap_or_default();
        let today = self.weekdays.is_empty() || days.contains(&local.weekday());
        today
            && time(&self.from).is_none_or(|from| from <= local.time())
            && time(&self.until).is_none_or(|until| local.time() < until)
    }

    /// When it opens next; `None` if it is open, or if that is not within a week.
    pub fn opens_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_open(now) {
            return None;
        }
        let from = self.from.as_deref().and_then(hour).unwrap_or(NaiveTime::MIN);
        let today = now.with_timezone(&Seoul).date_naive();
        let opens = (0..=7).filter_map(|days| {
            let local = (today + TimeDelta::days(days)).and_time(from);
            local.and_local_timezone(Seoul).earliest().map(|at| at.to_utc())
        });
        opens.filter(|at| *at > now).find(|at| self.is_open(*at))
    }

    /// People a minute at this time by the plan; 0 while it is closed. Its stock is not asked.
    pub fn per_minute_at(&self, now: DateTime<Utc>) -> i64 {
        if !self.is_open(now) {
            return 0;
        }
        let local = now.with_timezone(&Seoul).time();
        let hundredths = Profile::read(self.per_minute, &self.dips).map_or(0, |profile| profile.rate(local));
        // Whoever takes anybody takes one.
        let whole = (hundredths / 100).max(u64::from(hundredths > 0));
        i64::try_from(whole).unwrap_or(i64::MAX)
    }
}

impl Terms {
    /// The first of its addresses that is this machine's own, or of no network at all: for rehearsals. A service that is
    /// reached from elsewhere would ask itself, behind its own doors. Addresses of a city's own network are none of these.
    pub fn of_this_machine(&self) -> Option<&'static str> {
        let own = |url: &Option<String>| {
            let host = url.as_ref().and_then(|url| Some(Url::parse(url).ok()?.host()?.to_owned()));
            match host {
                Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
                Some(Host::Ipv6(ip)) => {
                    let mapped = ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback() || ip.is_link_local());
                    ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local() || mapped
                }
                None => false,
            }
        };
        let keys = [("url", &self.url), ("webhook", &self.webhook)];
        keys.into_iter().find(|(_, url)| own(url)).map(|(key, _)| key)
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
            from: None,
            until: None,
            weekdays: Vec::new(),
        }
    }

    #[test]
    fn it_is_closed_at_night_and_on_its_days_off() {
        let terms = Terms {
            from: Some("10:00".to_owned()),
            until: Some("16:00".to_owned()),
            weekdays: ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).into(),
            ..terms(1, Some("https://bank.example"), None)
        };
        // 27 November 2026 is a Friday.
        let at = |text: &str| format!("{text}:00+09:00").parse::<DateTime<Utc>>().unwrap();
        for (now, rate, opens) in [
            ("2026-11-27T09:59", 0, Some("2026-11-27T10:00")),
            ("2026-11-27T10:00", 60, None),
            ("2026-11-27T15:59", 60, None),
            ("2026-11-27T16:00", 0, Some("2026-11-30T10:00")),
            ("2026-11-28T11:00", 0, Some("2026-11-30T10:00")),
        ] {
            assert_eq!(terms.per_minute_at(at(now)), rate, "{now}");
            assert_eq!(terms.opens_at(at(now)), opens.map(at), "{now}");
        }
        // What was announced before hours were kept is open at all of them.
        let old =
            r#"{"name":"a","level":1,"url":null,"webhook":null,"per_minute":60,"dips":[],"stock":null}"#;
        assert!(serde_json::from_str::<Terms>(old).unwrap().is_open(at("2026-11-29T03:00")));
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
    fn an_address_of_this_machine_is_known() {
        for (url, own) in [
            ("https://bank.example/hook", None),
            ("https://10.1.2.3/hook", None),
            ("http://localhost:9/hook", Some("webhook")),
            ("https://x.localhost/hook", Some("webhook")),
            ("https://127.8.8.8/hook", Some("webhook")),
            ("https://169.254.169.254/hook", Some("webhook")),
            ("https://[::1]/hook", Some("webhook")),
            ("https://[fe80::1]/hook", Some("webhook")),
            ("https://[::ffff:127.0.0.1]/hook", Some("webhook")),
            ("https://0.0.0.0/hook", Some("webhook")),
        ] {
            assert_eq!(terms(3, None, Some(url)).of_this_machine(), own, "{url}");
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
