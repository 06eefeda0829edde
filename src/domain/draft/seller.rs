//! Sellers and counters: how many people each can serve, and how much it has in stock. An opening
//! that names its sellers takes its slots' capacity from them.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Weekday};
use public_audit::draw::targets;
use serde::Deserialize;

use super::{
    calendar::weekdays,
    profile::{Dip, Profile, hour},
    terms::Terms,
};

/// Who sells, and how much it can take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// What openings call it.
    pub name: String,
    /// Where to buy, as residents know it: `농협은행 모든 지점`; the name if left out.
    pub title: Option<String>,
    /// The same in English.
    pub title_en: Option<String>,
    /// People a minute, all its desks together.
    pub per_minute: u32,
    /// Its weak hours.
    #[serde(default)]
    pub dips: Vec<Dip>,
    /// When it opens, if that is later than the opening it serves: `10:00`.
    pub from: Option<String>,
    /// When it closes, if that is earlier.
    pub until: Option<String>,
    /// Its weekdays; all of the opening's if left out.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// People a day, if there is such a limit.
    pub per_day: Option<u64>,
    /// People its stock suffices for in all openings together, if it has one (cards, paper notes).
    pub stock: Option<u64>,
    /// What its system does with a pass: 0 nothing (the default), 1 takes whom our gate lets through, 2 reads
    /// an hourly list, 3 asks for each.
    #[serde(default)]
    pub level: u8,
    /// Where the gate leads, at level 1; at other levels where its page says to buy, if it has one.
    pub url: Option<String>,
    /// Where it is told what happens to passes, at level 3.
    pub webhook: Option<String>,
}

/// A seller, read.
#[derive(Clone, Debug)]
pub(super) struct Serving {
    pub name: String,
    profile: Profile,
    hours: (NaiveTime, Option<NaiveTime>),
    weekdays: Vec<Weekday>,
    per_day: Option<u64>,
    stock: Option<u64>,
}

impl Seller {
    /// Reads hours and rates.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub(super) fn read(&self) -> Result<Serving, String> {
        let wrong = |what: String| format!("seller `{}`: {what}", self.name);
        let time = |text: &Option<String>| match text {
            Some(text) => hour(text).map(Some).ok_or_else(|| wrong("write hours like 09:00".to_owned())),
            None => Ok(None),
        };
        if self.per_minute == 0 {
            return Err(wrong("per_minute: serves nobody".to_owned()));
        }
        self.terms().problems().map_err(wrong)?;
        Ok(Serving {
            name: self.name.clone(),
            profile: Profile::read(self.per_minute, &self.dips).map_err(wrong)?,
            hours: (time(&self.from)?.unwrap_or(NaiveTime::MIN), time(&self.until)?),
            weekdays: weekdays(&self.weekdays).map_err(wrong)?,
            per_day: self.per_day,
            stock: self.stock,
        })
    }
}

impl Seller {
    /// What the round agrees with it.
    pub fn terms(&self) -> Terms {
        Terms {
            name: self.name.clone(),
            title: self.title.clone(),
            title_en: self.title_en.clone(),
            level: self.level,
            url: self.url.clone(),
            webhook: self.webhook.clone(),
            per_minute: self.per_minute,
            dips: self.dips.clone(),
            stock: self.stock,
            from: self.from.clone(),
            until: self.until.clone(),
            weekdays: self.weekdays.clone(),
        }
    }
}

impl Serving {
    /// The hours at which its rate changes.
    pub fn edges(&self) -> impl Iterator<Item = NaiveTime> {
        self.profile.edges().chain([self.hours.0]).chain(self.hours.1)
    }

    /// People of one slot, at `percent` of what it can; slots are cut at [`Serving::edges`].
    fn people(&self, from: NaiveDateTime, to: NaiveDateTime, percent: u64) -> u64 {
        let (opens, closes) = self.hours;
        let open = self.weekdays.contains(&from.weekday())
            && from.time() >= opens
            && closes.is_none_or(|closes| from.time() < closes);
        if open { self.profile.people(from, to) * percent / 100 } else { 0 }
    }

    /// Its share in each slot's capacity. What a day or the stock cannot serve is taken off evenly,
    /// as the draw levels its slots.
    pub fn capacities(&self, slots: &[(NaiveDateTime, NaiveDateTime, u64)]) -> Vec<u64> {
        let mut people: Vec<u64> =
            slots.iter().map(|(from, to, percent)| self.people(*from, *to, *percent)).collect();
        if let Some(per_day) = self.per_day {
            let mut days: Vec<_> = slots.iter().map(|(from, _, _)| from.date()).collect();
            days.sort_unstable();
            days.dedup();
            for day in days {
                let here: Vec<usize> = (0..slots.len()).filter(|at| slots[*at].0.date() == day).collect();
                let could: Vec<u64> = here.iter().map(|at| people[*at]).collect();
                for (at, can) in here.into_iter().zip(targets(&could, per_day)) {
                    people[at] = can;
                }
            }
        }
        match self.stock {
            Some(stock) => targets(&people, stock),
            None => people,
        }
    }
}
