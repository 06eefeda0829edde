//! A round before it is announced: what a clerk writes down, in local time, as TOML.
//!
//! Turned into [`Rules`] once. Local hours become instants here, by the rules of the zone, and are
//! never local again; a time the zone does not have is refused.

mod after;
mod calendar;
pub mod edit;
mod expect;
mod opening;
mod profile;
mod roster;
mod seller;
mod slots;
mod terms;
mod times;
mod who;

#[cfg(test)]
mod tests;

use public_audit::{
    Digest, Rules, Slug,
    beacon::{QUICKNET_GENESIS, QUICKNET_PERIOD, quicknet},
    rules::{Beacon, Format, Goods, Mode, Weighting},
};
use serde::Deserialize;

use super::who::Household;

pub use after::After;
pub use calendar::Holidays;
pub use expect::{Carries, Dependency, Expect, Starts, Step};
pub use opening::{Opening, Part};
pub use profile::Dip;
pub use roster::Serves;
pub use seller::Seller;
pub use slots::{OpenDays, Slots};
pub use terms::Terms;
pub use times::{LocalTimes, local_time};
pub use who::{FieldDraft, FundDraft, HelpedDraft, JointDraft, ReserveDraft, ValueDraft};

/// What a clerk decides about a round.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Name in URLs and receipts: `tongyeong-2026-12`.
    pub slug: String,
    /// Title in Korean.
    pub title_ko: String,
    /// Title in English.
    pub title_en: String,
    /// What is sold.
    pub goods: Goods,
    /// What a resident pays for goods worth 100.
    pub price_percent: u8,
    /// `share`, `everyone`, or `lottery`, which must be explained.
    pub mode: Mode,
    /// When each step happens, Korean local time, `2026-11-23 09:00`.
    pub times: LocalTimes,
    /// When people buy, cohort by cohort.
    pub opening: Vec<Opening>,
    /// The days on which nothing opens.
    #[serde(default)]
    pub holidays: Holidays,
    /// Who sells, where slots take their capacity from that.
    #[serde(default)]
    pub seller: Vec<Seller>,
    /// What happens to places after the draw; nothing if left out.
    pub after: Option<After>,
    /// Who is expected; for the plan only.
    #[serde(default)]
    pub expect: Expect,
    /// What has a limit; for the plan only.
    #[serde(default)]
    pub dependency: Vec<Dependency>,
    /// How long a place is held after its minute.
    pub grace_hours: u32,
    /// Over how many hours result notices are spread.
    pub spread_hours: u32,
    /// Why a lottery, in Korean; residents read it.
    pub lottery_because_ko: Option<String>,
    /// The same in English.
    pub lottery_because_en: Option<String>,
    /// What is known of an entrant beside their receipt.
    #[serde(default)]
    pub field: Vec<FieldDraft>,
    /// No combination of published values is shared by fewer entries.
    #[serde(default = "one")]
    pub smallest_cell: u32,
    /// Places set aside, in the order in which they are given out.
    #[serde(default)]
    pub reserve: Vec<ReserveDraft>,
    /// Money of several hands in one entry.
    #[serde(default)]
    pub fund: Vec<FundDraft>,
    /// More lots for those who drew in vain.
    pub weighting: Option<Weighting>,
    /// People who come together by link code.
    pub joint: Option<JointDraft>,
    /// People who are entered by somebody else.
    pub helped: Option<HelpedDraft>,
    /// The list of people that this round is for.
    pub roster: Option<String>,
    /// Whether everybody on it is served, without entering.
    #[serde(default)]
    pub serves: Serves,
    /// From when on its members are enrolled, if not from the opening on.
    pub enrols: Option<String>,
    /// What one household may do; needs a roster that knows households.
    #[serde(default)]
    pub household: Household,
    /// Which rounds count together for those who drew in vain; those without a name do.
    pub program: Option<String>,
    /// A file beside the draft: what notices say instead of the usual words.
    pub words: Option<String>,
    /// What it says, once it is read.
    #[serde(skip)]
    pub words_text: Option<String>,
    /// So many hours after one's minute began, whoever has not bought is told once until when the place is held;
    /// nobody if left out.
    pub still_open_hours: Option<u32>,
    /// So many days after the end of the round its people are erased: complaints come before.
    #[serde(default = "ninety")]
    pub retention_days: u16,
    /// Whether it is announced only on the report of a drill, however few people it is for.
    #[serde(default)]
    pub drill: bool,
    /// `"drand"`, `"none"` for a rehearsal, or `{ declared = "which public values" }`.
    pub beacon: BeaconChoice,
}

/// The source of chance beside the organiser's seed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BeaconChoice {
    /// None: the record says in its first line that the organiser could have known the result.
    None,
    /// The first pulse of drand's *quicknet* at or after the announced time.
    Drand,
    /// Values that will be public and that two clerks will type; the text names them.
    Declared(String),
}

/// What the deployment adds to a draft.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Gap-free number.
    pub number: u32,
    /// Commitment to the organiser's seed.
    pub commitment: Digest,
    /// The key that will sign, as C2SP vkey.
    pub signing_key: String,
}

impl Draft {
    /// Reads a draft.
    ///
    /// # Errors
    /// Names the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        // Titles, labels and reasons are published as they stand here.
        let number = |line: &str| crate::domain::contact::is_registration_number(line);
        if let Some(at) = text.lines().position(number) {
            return Err(format!(
                "line {}: what looks like a resident registration number is never kept",
                at + 1
            ));
        }
        // What an approver does not see cannot be what they approve.
        if text.lines().count() > LINES {
            return Err(format!(
                "a draft has at most {LINES} lines: more cannot be compared with the round before"
            ));
        }
        let hides = |line: &str| line.contains(|c| c != '\t' && c != '\r' && is_hidden(c));
        if let Some(at) = text.lines().position(hides) {
            return Err(format!("line {}: holds a character that nobody sees; write the line anew", at + 1));
        }
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Reads the file of holidays that the draft names, if it names one.
    ///
    /// # Errors
    /// What `read` says about it.
    pub fn read_holidays(&mut self, read: impl FnOnce(&str) -> Result<String, String>) -> Result<(), String> {
        if let Some(name) = self.holidays.file() {
            let text = read(name).map_err(|error| format!("holidays: `{name}`: {error}"))?;
            self.holidays = Holidays::from_text(&text);
        }
        Ok(())
    }

    /// Reads the file of words that the draft names, if it names one.
    ///
    /// # Errors
    /// What `read` says about it.
    pub fn read_words(&mut self, read: impl FnOnce(&str) -> Result<String, String>) -> Result<(), String> {
        if let Some(name) = &self.words {
            self.words_text = Some(read(name).map_err(|error| format!("words: `{name}`: {error}"))?);
        }
        Ok(())
    }

    /// Whether people enter, or are served because they are on a roster.
    pub fn registers(&self) -> bool {
        self.expect.enters.unwrap_or(self.serves == Serves::Entrants)
    }

    /// What a plan could not be made with.
    fn beyond_planning(&self) -> Vec<String> {
        let mut problems = self.expect.problems();
        problems.extend(self.dependency.iter().flat_map(Dependency::problems));
        for (at, dependency) in self.dependency.iter().enumerate() {
            if self.dependency.iter().take(at).any(|other| other.name == dependency.name) {
                problems.push(format!("dependency `{}`: stands twice", dependency.name));
            }
        }
        problems
    }

    /// The rules this draft would be announced with.
    ///
    /// # Errors
    /// Every problem, each a sentence.
    pub fn rules(&self, fixed: Fixed) -> Result<Rules, Vec<String>> {
        let mut problems = Vec::new();
        let slots = self.slots().unwrap_or_else(|wrong| {
            problems.extend(wrong);
            Slots::default()
        });
        let after = self.after_rules(slots.catch_up, &mut problems);
        problems.extend(self.beyond_reason());
        problems.extend(self.who_problems(&slots.slots));
        problems.extend(self.roster_problems());
        problems.extend(self.beyond_planning());
        let round = self.slug.parse::<Slug>();
        if round.is_err() {
            problems.push("slug: 1 to 64 characters of a-z, 0-9 and -".to_owned());
        }
        let (Some(times), Ok(round)) = (self.times.instants(&mut problems), round) else {
            return Err(problems);
        };
        let mut rules = Rules {
            format: Format::Jebi1,
            round,
            number: fixed.number,
            goods: self.goods,
            mode: self.mode,
            reserves: self.reserves(),
            fields: self.fields(),
            smallest_cell: self.smallest_cell,
            parts: slots.parts,
            slots: slots.slots,
            funds: self.funds(),
            weighting: self.weighting,
            after,
            grace_seconds: self.grace_hours.saturating_mul(3_600),
            times,
            beacon: match &self.beacon {
                BeaconChoice::None => Beacon::None {},
                BeaconChoice::Declared(source) => Beacon::Declared { source: source.clone() },
                BeaconChoice::Drand => quicknet(
                    Beacon::drand_round_at(QUICKNET_GENESIS, QUICKNET_PERIOD, times.pulse_at)
                        .unwrap_or_default(),
                ),
            },
            commitment: fixed.commitment,
            signing_key: fixed.signing_key,
        };
        who::sort_cohorts(&mut rules);
        if problems.is_empty() {
            problems.extend(rules.problems().iter().map(ToString::to_string));
        }
        if problems.is_empty() { Ok(rules) } else { Err(problems) }
    }
}

/// The longest draft, in lines: longer ones are not compared line by line.
pub const LINES: usize = 2_000;

/// The longest title, in characters.
const TITLE: usize = 80;

/// What nobody would see, or what would turn what follows around.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn one() -> u32 {
    1
}

fn ninety() -> u16 {
    90
}

/// The longest that people of a round are kept, in days.
const RETENTION_DAYS: u64 = 365;

impl Draft {
    /// What the protocol allows and nobody can mean.
    fn beyond_reason(&self) -> Vec<String> {
        let within = |key: &str, value: u64, least: u64, most: u64| {
            let wrong = !(least..=most).contains(&value);
            wrong.then(|| format!("{key}: is {value}; choose a number from {least} to {most}"))
        };
        let title = |key: &str, title: &str| {
            let wrong = title.trim().is_empty() || title.chars().count() > TITLE || title.contains(is_hidden);
            wrong.then(|| format!("{key}: write 1 to {TITLE} visible characters in one line"))
        };
        let edges = [self.slug.chars().next(), self.slug.chars().last()];
        let slug =
            edges.contains(&Some('-')).then(|| "slug: begins and ends with a letter or digit".to_owned());
        let budget = (self.goods.budget < self.goods.unit)
            .then(|| "goods.budget: does not cover a single unit; nobody could get anything".to_owned());
        [
            title("title_ko", &self.title_ko),
            title("title_en", &self.title_en),
            slug,
            budget,
            within("price_percent", self.price_percent.into(), 0, 100),
            within("grace_hours", self.grace_hours.into(), 1, 744),
            within("spread_hours", self.spread_hours.into(), 1, 168),
            self.still_open_hours
                .and_then(|hours| within("still_open_hours", hours.into(), 1, self.grace_hours.into())),
            within("retention_days", self.retention_days.into(), 1, RETENTION_DAYS),
            (self.words.is_some() && self.words_text.is_none()).then(|| {
                "words: the file was not read; only `jebi announce` reads one beside a draft".to_owned()
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
