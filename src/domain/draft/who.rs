//! Who: fields, reserves, funds, weights and how people come together, as a clerk writes them.

use std::collections::BTreeSet;

use public_audit::{
    Rules,
    rules::{Fund, Match, Mode, Reserve, Slot},
};
use serde::Deserialize;

use super::Draft;
use crate::domain::who::{Field, Kind, Source, Value, Who, answers::band};

/// `[[field]]`: what is known of an entrant beside their receipt.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDraft {
    /// `birth_digit`, `birth_parity`, `age_band`, `household`, `region` or any other name.
    pub name: String,
    /// Who answers: `asked`, `roster` or `counter`.
    #[serde(default)]
    pub from: Source,
    /// What can be answered; the first two kinds and households have values of their own.
    #[serde(default)]
    pub values: Vec<ValueDraft>,
    /// What counts where nobody answers; for `roster` and `counter`.
    pub otherwise: Option<String>,
    /// The question in Korean.
    pub label_ko: Option<String>,
    /// The question in English.
    pub label_en: Option<String>,
}

/// A value, with its words if it needs any.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum ValueDraft {
    /// `"19-34"`: explains itself.
    Plain(String),
    /// `{ name = "jungang", ko = "중앙동", en = "Jungang-dong" }`.
    Called(Value),
}

/// `[[reserve]]`: places set aside, in the order in which they are given out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReserveDraft {
    /// In the rules.
    pub name: String,
    /// Whom it is for; everybody if left out.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// People.
    pub places: u64,
    /// The later reserve that gets what stays unused.
    pub spill: Option<String>,
    /// What it is called in Korean.
    pub label_ko: Option<String>,
    /// What it is called in English.
    pub label_en: Option<String>,
}

/// `[[fund]]`: money that pays the same for each person of a group; mode `everyone`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundDraft {
    /// In the rules.
    pub name: String,
    /// For whom it pays; for everybody if left out.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// Won for each person.
    pub per_seat: u64,
    /// The most it can pay in all.
    pub budget: u64,
    /// What it is called in Korean.
    pub label_ko: Option<String>,
    /// What it is called in English.
    pub label_en: Option<String>,
}

/// `[joint]`: people who come together by link code.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointDraft {
    /// The most people of one entry, whoever opened it counted.
    pub most: u32,
}

/// `[helped]`: people who are entered by somebody else.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpedDraft {
    /// The most minors by one entrant.
    #[serde(default)]
    pub minors: u32,
    /// The most adults by one entrant.
    #[serde(default)]
    pub adults: u32,
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const SIZES: [&str; 4] = ["1", "2", "3", "4+"];
/// Longer words would not fit a phone.
const LABEL: usize = 60;
/// More people than this in one entry is a crowd.
const PEOPLE: u32 = 20;

impl Draft {
    /// The reserves as the rules have them.
    pub(super) fn reserves(&self) -> Vec<Reserve> {
        let reserve = |reserve: &ReserveDraft| Reserve {
            name: reserve.name.clone(),
            matching: sorted(&reserve.matching),
            places: reserve.places,
            spill: reserve.spill.clone(),
        };
        self.reserve.iter().map(reserve).collect()
    }

    /// The funds as the rules have them.
    pub(super) fn funds(&self) -> Vec<Fund> {
        let fund = |fund: &FundDraft| Fund {
            name: fund.name.clone(),
            matching: sorted(&fund.matching),
            per_seat: fund.per_seat,
            budget: fund.budget,
        };
        self.fund.iter().map(fund).collect()
    }

    /// The fields of a pool line.
    pub(super) fn fields(&self) -> Vec<String> {
        let declared = self.field.iter().map(|field| field.name.clone());
        // Funds say what everybody gets, and nobody is asked.
        let before =
            ["seats", "want", "weight"].into_iter().filter(|name| *name != "want" || self.fund.is_empty());
        before.map(str::to_owned).chain(declared).chain(["wish".to_owned()]).collect()
    }

    /// What the form asks and allows.
    pub fn who(&self) -> Who {
        let called = |name: &String, ko: &Option<String>, en: &Option<String>| Value {
            name: name.clone(),
            ko: ko.clone().unwrap_or_default(),
            en: en.clone().unwrap_or_default(),
        };
        Who {
            fields: self.field.iter().map(FieldDraft::field).collect(),
            called: self
                .reserve
                .iter()
                .map(|reserve| called(&reserve.name, &reserve.label_ko, &reserve.label_en))
                .chain(self.fund.iter().map(|fund| called(&fund.name, &fund.label_ko, &fund.label_en)))
                .collect(),
            joint_most: self.joint.map_or(0, |joint| joint.most),
            minors_most: self.helped.map_or(0, |helped| helped.minors),
            adults_most: self.helped.map_or(0, |helped| helped.adults),
            household: self.household,
            program: self.program.clone().unwrap_or_default(),
            lottery_because: self.lottery_because_ko.clone().zip(self.lottery_because_en.clone()),
        }
    }

    /// What is wrong with it, beside what the rules themselves refuse.
    pub(super) fn who_problems(&self, slots: &[Slot]) -> Vec<String> {
        let mut problems = Vec::new();
        for field in &self.field {
            problems.extend(field.problems());
        }
        let reserves = self.reserve.iter().map(|reserve| ("reserve", &reserve.label_ko, &reserve.label_en));
        let funds = self.fund.iter().map(|fund| ("fund", &fund.label_ko, &fund.label_en));
        for (of, label) in reserves.chain(funds).flat_map(|(of, ko, en)| [(of, ko), (of, en)]) {
            if label.as_ref().is_some_and(|label| !is_label(label)) {
                problems.push(format!("{of}: a label is 1 to {LABEL} visible characters in one line"));
            }
        }
        let cohorts: BTreeSet<&Match> = slots.iter().map(|slot| &slot.cohort).collect();
        let matches = cohorts
            .iter()
            .map(|cohort| ("opening.for", *cohort))
            .chain(self.reserve.iter().map(|reserve| ("reserve.match", &reserve.matching)))
            .chain(self.fund.iter().map(|fund| ("fund.match", &fund.matching)));
        let mut used = BTreeSet::new();
        for (of, matching) in matches {
            problems.extend(self.match_problems(of, matching));
            used.extend(matching.0.keys().cloned());
        }
        for field in self.field.iter().filter(|field| !used.contains(&field.name)) {
            problems.push(format!(
                "field `{}`: no opening, reserve or fund looks at it; leave it out, what is not needed is not asked",
                field.name
            ));
        }
        problems.extend(self.people_problems());
        problems.extend(self.mode_problems());
        problems
    }

    fn match_problems(&self, of: &str, matching: &Match) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, values) in &matching.0 {
            let Some(field) = self.field.iter().find(|field| field.name == *name) else {
                problems.push(format!("{of}: `{name}` is no [[field]] of this round"));
                continue;
            };
            let known = field.field();
            let unknown: Vec<&str> =
                values.iter().filter(|value| !known.has(value)).map(String::as_str).collect();
            if !unknown.is_empty() {
                problems.push(format!("{of}: `{name}` never is {}", unknown.join(" or ")));
            }
        }
        problems
    }

    fn people_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut within = |key: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                problems.push(format!("{key}: is {value}; choose a number from {least} to {most}"));
            }
        };
        if let Some(joint) = self.joint {
            within("joint.most", joint.most, 2, PEOPLE);
        }
        if let Some(helped) = self.helped {
            within("helped.minors", helped.minors, 0, PEOPLE);
            within("helped.adults", helped.adults, 0, PEOPLE);
        }
        within("smallest_cell", self.smallest_cell, 1, 1_000_000);
        let who = self.who();
        if who.is_shared() && self.mode == Mode::Share {
            problems.push(
                "mode: under `share` each entry gets one share, however many people are in it, so that those who \
                 come together would get less: use `everyone` or `lottery` with [joint], [helped] and \
                 `household = \"together\"`"
                    .to_owned(),
            );
        }
        problems
    }

    fn mode_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let because = [&self.lottery_because_ko, &self.lottery_because_en];
        let said = because.iter().all(|text| text.as_ref().is_some_and(|text| is_sentence(text)));
        match self.mode {
            Mode::Lottery if !said => problems.push(
                "mode: a lottery draws who gets something and who gets nothing; `share` gives everybody a part. If \
                 it must be, say why in `lottery_because_ko` and `lottery_because_en`: residents read it, 10 to 300 \
                 characters each"
                    .to_owned(),
            ),
            Mode::Lottery if self.reserve.is_empty() => problems.push(
                "reserve: a lottery needs at least one, in the order in which places are given out; an open one is \
                 `[[reserve]]` with `name = \"open\"` and its `places`"
                    .to_owned(),
            ),
            Mode::Share | Mode::Everyone if !self.reserve.is_empty() => problems
                .push("reserve: places are set aside in mode `lottery` only; elsewhere everybody is taken".to_owned()),
            Mode::Share | Mode::Lottery if !self.fund.is_empty() => problems.push(
                "fund: funds pay everybody the same for each person, so they need mode `everyone`".to_owned(),
            ),
            Mode::Share | Mode::Everyone if because.iter().any(|text| text.is_some()) => {
                problems.push("lottery_because: this round is none; leave it out".to_owned());
            }
            _ => {}
        }
        problems
    }
}

impl FieldDraft {
    /// The field with its values.
    fn field(&self) -> Field {
        let kind = Kind::of(&self.name);
        let own = |names: &[&str]| names.iter().map(|name| plain(name)).collect();
        let values = match kind {
            _ if !self.values.is_empty() => self.values.iter().map(ValueDraft::value).collect(),
            Kind::BirthDigit => own(&DIGITS),
            Kind::BirthParity => own(&["odd", "even"]),
            Kind::Household => own(&SIZES),
            Kind::AgeBand | Kind::Choice => Vec::new(),
        };
        Field {
            name: self.name.clone(),
            from: self.from,
            kind,
            values,
            otherwise: self.otherwise.clone(),
            ko: self.label_ko.clone().unwrap_or_default(),
            en: self.label_en.clone().unwrap_or_default(),
        }
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut say = |what: &str| problems.push(format!("field `{}`: {what}", self.name));
        let field = self.field();
        if public_audit::rules::KNOWN_FIELDS.contains(&self.name.as_str()) {
            say("is a field of the draw itself; choose another name");
        }
        match field.kind {
            Kind::BirthDigit | Kind::BirthParity if !self.values.is_empty() => {
                say("has values of its own; leave `values` out");
            }
            Kind::AgeBand if !are_bands(&field) => {
                say("write `values = [\"0-18\", \"19-34\", \"35-64\", \"65+\"]`, without gaps and in order");
            }
            Kind::Choice if field.values.len() < 2 => say("write at least two `values` to choose from"),
            Kind::Choice
                if field.ko.is_empty()
                    || field.en.is_empty()
                    || field.values.iter().any(|v| v.ko.is_empty() || v.en.is_empty()) =>
            {
                say("is asked in both languages: write `label_ko`, `label_en` and, for each value, \
                     `{ name = \"…\", ko = \"…\", en = \"…\" }`");
            }
            _ => {}
        }
        let mut seen = BTreeSet::new();
        if field.values.iter().any(|value| !seen.insert(&value.name)) {
            say("a value stands twice");
        }
        if field.values.iter().any(|value| !is_value(&value.name)) {
            say("a value is 1 to 64 characters of a-z, 0-9 and . _ + -");
        }
        let labels =
            [&field.ko, &field.en].into_iter().chain(field.values.iter().flat_map(|v| [&v.ko, &v.en]));
        if labels.filter(|label| !label.is_empty()).any(|label| !is_label(label)) {
            say(&format!("a label is 1 to {LABEL} visible characters in one line"));
        }
        match (&self.otherwise, self.from) {
            (Some(_), Source::Asked) => say("is asked, so that `otherwise` says nothing; leave it out"),
            (None, Source::Counter) => {
                say("whoever enters without a counter has no answer: write `otherwise = \"…\"`");
            }
            (Some(value), _) if !field.has(value) => say("`otherwise` is none of the values"),
            _ => {}
        }
        problems
    }
}

impl ValueDraft {
    fn value(&self) -> Value {
        match self {
            Self::Plain(name) => plain(name),
            Self::Called(value) => value.clone(),
        }
    }
}

fn plain(name: &str) -> Value {
    Value { name: name.to_owned(), ko: String::new(), en: String::new() }
}

/// A match as the rules want it: values sorted, each once. The order a clerk writes means nothing.
fn sorted(matching: &Match) -> Match {
    let mut sorted = matching.clone();
    for values in sorted.0.values_mut() {
        values.sort_unstable();
        values.dedup();
    }
    sorted
}

/// Bands that follow each other without gaps, whatever the first begins with.
fn are_bands(field: &Field) -> bool {
    let bands: Option<Vec<(u32, u32)>> = field.values.iter().map(|value| band(&value.name)).collect();
    bands.is_some_and(|bands| {
        !bands.is_empty()
            && bands.windows(2).all(|two| matches!(two, [a, b] if a.1.checked_add(1) == Some(b.0)))
    })
}

fn is_value(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._+-".contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(known)
}

fn is_label(text: &str) -> bool {
    (1..=LABEL).contains(&text.trim().chars().count()) && !text.contains(super::is_hidden)
}

fn is_sentence(text: &str) -> bool {
    (10..=300).contains(&text.trim().chars().count()) && !text.contains(super::is_hidden)
}

/// The rules' cohorts as the draft writes them are sorted as well.
pub(super) fn sort_cohorts(rules: &mut Rules) {
    for slot in &mut rules.slots {
        slot.cohort = sorted(&slot.cohort);
    }
}

#[cfg(test)]
mod tests;
