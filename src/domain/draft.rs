//! A round before it is announced: what a clerk writes down, in local time, as TOML.
//!
//! Turned into [`Rules`] once. Local hours become instants here, by the rules of the zone, and are
//! never local again; a time the zone does not have is refused.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{
    Digest, Instant, Rules, Slug,
    beacon::{QUICKNET_GENESIS, QUICKNET_PERIOD, quicknet},
    rules::{Beacon, Format, Goods, Match, Mode, Slot, Times},
};
use serde::Deserialize;

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
    /// `share` or `everyone`.
    pub mode: Mode,
    /// When each step happens, Korean local time, `2026-11-23 09:00`.
    pub times: LocalTimes,
    /// When people buy.
    pub opening: Opening,
    /// How long a place is held after its minute.
    pub grace_hours: u32,
    /// Over how many hours result notices are spread.
    pub spread_hours: u32,
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

/// Days, hours and capacity of buying.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The first day, `2026-12-02`.
    pub first_day: String,
    /// How many days in a row.
    pub days: u32,
    /// Parts of the day in order, each with the hour it begins at.
    pub parts: Vec<Part>,
    /// The hour the last part ends at, `18:00`.
    pub until: String,
    /// Length of a slot.
    pub slot_minutes: u32,
    /// People a slot can take.
    pub slot_capacity: u32,
}

/// A part of the day people may wish for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `am`, `noon`, `pm` or `eve`: the parts that have a name in every language.
    pub name: String,
    /// `09:00`.
    pub from: String,
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

const PARTS: [&str; 4] = ["am", "noon", "pm", "eve"];

impl Draft {
    /// Reads a draft.
    ///
    /// # Errors
    /// Names the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The rules this draft would be announced with.
    ///
    /// # Errors
    /// Every problem, each a sentence.
    pub fn rules(&self, fixed: Fixed) -> Result<Rules, Vec<String>> {
        let mut problems = Vec::new();
        let slots = self.opening.slots().unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        problems.extend(self.beyond_reason());
        if self.mode == Mode::Lottery {
            problems.push("mode: a draft can be `share` or `everyone`; a lottery needs reserves".to_owned());
        }
        let round = self.slug.parse::<Slug>();
        if round.is_err() {
            problems.push("slug: 1 to 64 characters of a-z, 0-9 and -".to_owned());
        }
        let (Some(times), Ok(round)) = (self.times.instants(&mut problems), round) else {
            return Err(problems);
        };
        let rules = Rules {
            format: Format::Jebi1,
            round,
            number: fixed.number,
            goods: self.goods,
            mode: self.mode,
            reserves: Vec::new(),
            fields: ["seats", "want", "weight", "wish"].map(str::to_owned).into(),
            smallest_cell: 1,
            parts: self.opening.parts.iter().map(|part| part.name.clone()).collect(),
            slots,
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
        if problems.is_empty() {
            problems.extend(rules.problems().iter().map(ToString::to_string));
        }
        if problems.is_empty() { Ok(rules) } else { Err(problems) }
    }
}

/// The longest opening: more days would be another round.
const DAYS: u32 = 366;
/// The longest title, in characters.
const TITLE: usize = 80;

impl Draft {
    /// What the protocol allows and nobody can mean.
    fn beyond_reason(&self) -> Vec<String> {
        let within = |key: &str, value: u64, least: u64, most: u64| {
            let wrong = !(least..=most).contains(&value);
            wrong.then(|| format!("{key}: is {value}; choose a number from {least} to {most}"))
        };
        let title = |key: &str, title: &str| {
            let hidden = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            };
            let wrong = title.trim().is_empty() || title.chars().count() > TITLE || title.contains(hidden);
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
            within("opening.slot_capacity", self.opening.slot_capacity.into(), 1, 1_000_000_000),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl LocalTimes {
    fn instants(&self, problems: &mut Vec<String>) -> Option<Times> {
        let mut time = |name: &str, text: &str| match local(text).and_then(instant) {
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

impl Opening {
    fn slots(&self) -> Result<Vec<Slot>, String> {
        let first: NaiveDate = self.first_day.parse().map_err(|_| wrong("first_day", "2026-12-02"))?;
        let until = hour(&self.until).ok_or_else(|| wrong("until", "18:00"))?;
        let mut parts = Vec::new();
        for part in &self.parts {
            if !PARTS.contains(&part.name.as_str()) {
                return Err(format!("opening.parts: `{}` is not one of am, noon, pm, eve", part.name));
            }
            parts.push((part, hour(&part.from).ok_or_else(|| wrong("parts.from", "09:00"))?));
        }
        let ends = parts.iter().skip(1).map(|(_, from)| *from).chain([until]);
        let spans: Vec<(&Part, NaiveTime, NaiveTime)> =
            parts.iter().zip(ends).map(|((part, from), to)| (*part, *from, to)).collect();
        if spans.iter().any(|(_, from, to)| from >= to) || spans.is_empty() || self.slot_minutes == 0 {
            return Err(
                "opening: the parts of the day must follow each other and slots need minutes".to_owned()
            );
        }
        if !(1..=DAYS).contains(&self.days) {
            return Err(format!("opening.days: is {}; choose a number from 1 to {DAYS}", self.days));
        }
        let mut slots = Vec::new();
        for day in (0..u64::from(self.days)).map_while(|day| first.checked_add_days(Days::new(day))) {
            for (part, from, to) in &spans {
                self.slots_between(&part.name, day.and_time(*from), day.and_time(*to), &mut slots)?;
            }
        }
        Ok(slots)
    }

    fn slots_between(
        &self,
        part: &str,
        from: NaiveDateTime,
        to: NaiveDateTime,
        slots: &mut Vec<Slot>,
    ) -> Result<(), String> {
        let length = TimeDelta::minutes(i64::from(self.slot_minutes));
        let mut start = from;
        while start < to {
            let end = to.min(start + length);
            slots.push(Slot {
                name: start.format("%m%d-%H%M").to_string(),
                cohort: Match::default(),
                part: part.to_owned(),
                starts_at: instant(start)?,
                seconds: u32::try_from((end - start).num_seconds()).unwrap_or(0),
                capacity: self.slot_capacity,
            });
            start = end;
        }
        Ok(())
    }
}

fn wrong(field: &str, example: &str) -> String {
    format!("opening.{field}: write it like {example}")
}

fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

fn local(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .map_err(|_| "write it like 2026-11-23 09:00".to_owned())
}

/// The instant of a local time, which must exist once in the zone's rules.
fn instant(local: NaiveDateTime) -> Result<Instant, String> {
    let instant: Option<DateTime<Utc>> = Seoul.from_local_datetime(&local).single().map(|at| at.to_utc());
    instant
        .and_then(|at| Instant::from_unix(at.timestamp()))
        .ok_or_else(|| format!("{local} does not exist, or exists twice, in Korea"))
}

#[cfg(test)]
mod tests {
    use public_audit::Digest;

    use super::*;

    const EXAMPLE: &str = include_str!("../../docs/round.example.toml");

    fn rules(text: &str) -> Result<Rules, Vec<String>> {
        let signer = public_audit::note::Signer::new("jebi.example", &[1; 32]).unwrap();
        let fixed = Fixed { number: 1, commitment: Digest::ZERO, signing_key: signer.verifier().to_vkey() };
        Draft::parse(text).map_err(|error| vec![error])?.rules(fixed)
    }

    #[test]
    fn the_example_is_a_round_and_its_hours_are_korean() {
        let rules = rules(EXAMPLE).unwrap();
        assert_eq!(rules.times.opens_at.to_string(), "2027-01-04T00:00:00Z");
        assert_eq!(rules.slots.len(), 18);
        let parts: Vec<&str> = rules.slots.iter().take(9).map(|slot| slot.part.as_str()).collect();
        assert_eq!(parts, ["am", "am", "am", "noon", "noon", "pm", "pm", "pm", "pm"]);
        assert_eq!(rules.slots[17].starts_at.to_string(), "2027-01-12T08:00:00Z");
        assert_eq!(Rules::parse(rules.to_json().as_bytes()), Ok(rules));
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let wrong = EXAMPLE
            .replace("2027-01-04 09:00", "4 January")
            .replace("2027-01-07 18:00", "2027-01-07 25:00")
            .replace("tongyeong-2027-01", "Tongyeong!")
            .replace("name = \"am\"", "name = \"dawn\"");
        let problems = rules(&wrong).unwrap_err();
        for field in ["times.opens", "times.closes", "slug", "opening.parts"] {
            assert!(problems.iter().any(|problem| problem.starts_with(field)), "{field}: {problems:?}");
        }
        assert!(
            rules(&EXAMPLE.replace("cap = 250_000", "cap = 250_000\nprice = 3")).unwrap_err()[0]
                .contains("price")
        );
        assert!(!rules(&EXAMPLE.replace("2027-01-07 18:00", "2027-01-03 18:00")).unwrap_err().is_empty());
    }

    #[test]
    fn what_nobody_can_mean_is_named() {
        for (from, to, field) in [
            ("price_percent = 90", "price_percent = 101", "price_percent"),
            ("grace_hours = 24", "grace_hours = 4000000", "grace_hours"),
            ("spread_hours = 6", "spread_hours = 1000000", "spread_hours"),
            ("days = 2", "days = 4000000", "opening.days"),
            ("slot_capacity = 500", "slot_capacity = 0", "opening.slot_capacity"),
            ("budget = 1_250_000_000", "budget = 5", "goods.budget"),
            ("title_en = \"", "title_en = \"\\u202E", "title_en"),
            ("slug = \"", "slug = \"-", "slug"),
        ] {
            let changed = EXAMPLE.replacen(from, to, 1);
            assert_ne!(changed, EXAMPLE, "{from}");
            let problems = rules(&changed).unwrap_err();
            assert!(problems.iter().any(|problem| problem.starts_with(field)), "{field}: {problems:?}");
        }
    }
}
