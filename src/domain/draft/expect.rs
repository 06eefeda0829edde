//! What is expected of a round, and what everything behind it can take. Not part of the rules:
//! only the plan reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::{Dip, Profile};

/// Who is expected, and how people behave. Where a figure is left out, the plan takes the assumption
/// that stands here and says so.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// People who will enter. Left out: as many as the slots seat.
    pub entrants: Option<u64>,
    /// More than these cannot enter: all residents, or the roster.
    pub at_most: Option<u64>,
    /// People on the roster, as the deployment that looks at the draft has it; nobody writes it. Nobody else can enter,
    /// whatever `at_most` says.
    #[serde(skip)]
    pub on_roster: Option<u64>,
    /// Whether anybody enters; if left out, nobody does where all of a roster are served.
    pub enters: Option<bool>,
    /// Shares of the values of a field, in percent: `household = { "4+" = 45, … }`. Left out: equal.
    #[serde(default)]
    pub shares: BTreeMap<String, BTreeMap<String, f64>>,
    /// Percent of those with a place who come; 100 until a first round has shown otherwise.
    pub show: Option<f64>,
    /// Percent of those told who look at the page; 100.
    pub opens: Option<f64>,
    /// Percent of all entrants who enter in the first hour; 12.
    pub first_hour: Option<f64>,
    /// Percent of those who wait for the very minute: of the first hour's, and of the people of a
    /// slot; 35.
    pub waiting: Option<f64>,
    /// Percent of all entrants who enter in the last hour; 12.
    pub last_hour: Option<f64>,
    /// The minutes of an outage that must be made up for; 10.
    pub outage_minutes: Option<f64>,
    /// `shared`: not everybody's own minute, but the slot's begin for all. What first come, first
    /// served does; to compare with.
    #[serde(default)]
    pub starts: Starts,
}

/// Whose minute it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// Everybody has their own.
    #[default]
    Personal,
    /// All begin when the slot does.
    Shared,
}

/// Something with a measured limit: identity check, SMS vendor, mail relay, bank, seller, staff.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// What it is called.
    pub name: String,
    /// The most a second, over `window_seconds`.
    pub per_second: Option<f64>,
    /// How long more than the limit can be buffered; 10.
    pub window_seconds: Option<u32>,
    /// The most a minute.
    pub per_minute: Option<f64>,
    /// The most a local day.
    pub per_day: Option<f64>,
    /// Hours in which it takes less.
    #[serde(default)]
    pub dips: Vec<Dip>,
    /// How often each step needs it: `{ entering = 1, result = 0.3 }`.
    pub uses: BTreeMap<Step, f64>,
    /// What it carries, if it is something that a drill can count by itself where people enter: all of it. Two vendors that
    /// share their texts are one dependency, or say it of neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carries: Option<Carries>,
}

/// What can be counted where it happens, whatever was assumed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carries {
    /// Requests for pages that were answered.
    Pages,
    /// Texts that a vendor took for somebody who waits for them: codes.
    Texts,
    /// Mails that a mail server took, likewise.
    Mails,
}

/// What people, or we, do in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Somebody enters.
    Entering,
    /// A notice leaves that says the pool is sealed.
    Seal,
    /// A notice leaves with the result.
    Result,
    /// Somebody looks at the page because of a notice.
    Visit,
    /// A notice leaves shortly before somebody's minute.
    Reminder,
    /// Somebody comes to buy.
    Start,
    /// Somebody has bought.
    Purchase,
    /// A notice leaves that offers what others left.
    Offer,
}

impl Expect {
    /// A percentage as a share of one.
    fn share(percent: Option<f64>, otherwise: f64) -> f64 {
        percent.unwrap_or(otherwise) / 100.0
    }

    /// Who comes, of those with a place.
    pub fn show(&self) -> f64 {
        Self::share(self.show, 100.0)
    }

    /// Who looks, of those told.
    pub fn opens(&self) -> f64 {
        Self::share(self.opens, 100.0)
    }

    /// Who enters in the first hour. The busiest published hour of a day: Gyeonggi, 98,000 of the
    /// 826,226 of its first day.
    pub fn first_hour(&self) -> f64 {
        Self::share(self.first_hour, 12.0)
    }

    /// Who waits for the very minute.
    pub fn waiting(&self) -> f64 {
        Self::share(self.waiting, 35.0)
    }

    /// Who enters in the last hour.
    pub fn last_hour(&self) -> f64 {
        Self::share(self.last_hour, 12.0)
    }

    /// The outage to be made up for, in minutes.
    pub fn outage_minutes(&self) -> f64 {
        self.outage_minutes.unwrap_or(10.0)
    }

    /// What cannot be meant.
    pub(super) fn problems(&self) -> Vec<String> {
        let percents = [
            ("show", self.show),
            ("opens", self.opens),
            ("first_hour", self.first_hour),
            ("waiting", self.waiting),
            ("last_hour", self.last_hour),
        ];
        let outside = |value: f64, most: f64| !(0.0..=most).contains(&value);
        let mut problems: Vec<String> = percents
            .into_iter()
            .filter(|(_, percent)| percent.is_some_and(|percent| outside(percent, 100.0)))
            .map(|(key, _)| format!("expect.{key}: is a percentage, 0 to 100"))
            .collect();
        if self.first_hour() + self.last_hour() > 1.0 {
            problems.push("expect.first_hour: with last_hour it is more than everybody".to_owned());
        }
        if self.outage_minutes.is_some_and(|minutes| outside(minutes, 1_440.0)) {
            problems.push("expect.outage_minutes: is 0 to 1,440".to_owned());
        }
        if self.entrants.is_some_and(|people| people > 1_000_000_000)
            || self.at_most.is_some_and(|people| people > 1_000_000_000)
        {
            problems.push("expect: more than a thousand million people".to_owned());
        }
        if self.entrants.zip(self.at_most).is_some_and(|(entrants, at_most)| entrants > at_most) {
            problems.push("expect.at_most: is less than the entrants".to_owned());
        }
        let wrong = |shares: &BTreeMap<String, f64>| {
            shares.values().any(|share| outside(*share, 100.0))
                || (shares.values().sum::<f64>() - 100.0).abs() > 0.5
        };
        let shares = self.shares.iter().filter(|(_, shares)| wrong(shares));
        problems.extend(shares.map(|(field, _)| format!("expect.shares.{field}: must add up to 100")));
        problems
    }
}

impl Dependency {
    /// What cannot be meant.
    pub(super) fn problems(&self) -> Vec<String> {
        let limits = [self.per_second, self.per_minute, self.per_day];
        let good = |number: f64| number.is_finite() && number > 0.0;
        let mut wrong = Vec::new();
        if limits.iter().all(Option::is_none) {
            wrong.push("needs one of per_second, per_minute and per_day");
        }
        if limits.into_iter().flatten().any(|limit| !good(limit)) {
            wrong.push("a limit is a number above 0");
        }
        if self.window_seconds.is_some_and(|seconds| !(1..=60).contains(&seconds)) {
            wrong.push("window_seconds is 1 to 60");
        }
        if self.uses.is_empty() || self.uses.values().any(|uses| !good(*uses)) {
            wrong.push("uses says which steps need it, and how often, like { entering = 1 }");
        }
        let dips = Profile::read(1, &self.dips).err();
        let wrong = wrong.into_iter().map(str::to_owned).chain(dips);
        wrong.map(|wrong| format!("dependency `{}`: {wrong}", self.name)).collect()
    }
}
