//! Who may ask for what, beside what the draw itself must know: the questions of the form with their
//! words, and how people come together into one entry. Fixed at announce, kept with the round; what the
//! draw needs of it stands in the rules.

pub mod answers;
pub mod cells;
pub mod cohort;
pub mod helped;

use public_audit::Rules;
use serde::{Deserialize, Serialize};

/// What the form asks and allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Who {
    /// The cohort and reserve fields, in the order of the pool line.
    pub fields: Vec<Field>,
    /// What reserves and funds are called, by name.
    pub called: Vec<Value>,
    /// The most people who come together by link code, whoever opened it counted; 0: nobody may.
    pub joint_most: u32,
    /// The most minors one entrant may enter with themselves.
    pub minors_most: u32,
    /// The most adults one entrant may enter with themselves.
    pub adults_most: u32,
    /// Whether one entry serves a whole household.
    pub household: Household,
    /// Which rounds count together for those who drew in vain.
    pub program: String,
    /// Why this round draws who and not when, in Korean and English: a clerk decided so knowingly.
    pub lottery_because: Option<(String, String)>,
}

/// A question, and the field of the pool line which the answer goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// As in the pool line.
    pub name: String,
    /// Who answers.
    pub from: Source,
    /// How the answer is found.
    pub kind: Kind,
    /// The values it can have.
    pub values: Vec<Value>,
    /// What counts where nobody answers.
    pub otherwise: Option<String>,
    /// The question in Korean; empty for those that have words of their own.
    pub ko: String,
    /// The question in English.
    pub en: String,
}

/// A value and its words; empty words for values that explain themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// As in the pool line.
    pub name: String,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// Who answers a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The entrant, in the form.
    #[default]
    Asked,
    /// The imported roster.
    Roster,
    /// Staff at a counter, who look at a paper; elsewhere `otherwise` counts.
    Counter,
}

/// How the answer of a field is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The last digit of the birth year.
    BirthDigit,
    /// Whether the birth year is odd or even.
    BirthParity,
    /// How old one becomes in the year of the close.
    AgeBand,
    /// How many people the household has.
    Household,
    /// One of the values, chosen.
    Choice,
}

impl Kind {
    /// The kind of the fields that everybody knows; any other is a choice.
    pub fn of(name: &str) -> Self {
        match name {
            "birth_digit" => Self::BirthDigit,
            "birth_parity" => Self::BirthParity,
            "age_band" => Self::AgeBand,
            "household" => Self::Household,
            _ => Self::Choice,
        }
    }

    /// Whether the birth year answers it.
    pub fn is_by_year(self) -> bool {
        matches!(self, Self::BirthDigit | Self::BirthParity | Self::AgeBand)
    }
}

/// What one household may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Household {
    /// Its people enter as if they did not know each other.
    #[default]
    None,
    /// It has one entry, whoever of it enters.
    One,
    /// Its people come into one entry, with a seat each.
    Together,
}

impl Household {
    /// As in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::One => "one",
            Self::Together => "together",
        }
    }
}

impl Who {
    /// Reads what was kept with a round; nothing is a round without questions.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::default()) } else { serde_json::from_str(text).ok() }
    }

    /// As it is kept.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether an entry can hold more people than the one who enters.
    pub fn is_shared(&self) -> bool {
        self.joint_most > 1 || self.helps() || self.household == Household::Together
    }

    /// Whether one can enter people who do not come themselves.
    pub fn helps(&self) -> bool {
        self.minors_most + self.adults_most > 0
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether some fields are answered at a counter alone.
    pub fn has_seen(&self) -> bool {
        self.fields.iter().any(|field| field.from == Source::Counter)
    }

    /// Answers, as an entry keeps them, with what only a counter says taken from `entry`: nobody else says it, however
    /// old their answers are. Without it, what counts where nobody answers.
    pub fn with_seen(&self, kept: &str, entry: Option<&str>) -> String {
        if !self.has_seen() {
            return kept.to_owned();
        }
        let value = |field: &Field| match field.from {
            Source::Counter => {
                let seen = entry.and_then(|entry| value_in(entry, &field.name));
                seen.filter(|value| field.has(value)).or(field.otherwise.as_deref()).map(str::to_owned)
            }
            _ => value_in(kept, &field.name).map(str::to_owned),
        };
        let pairs = self
            .fields
            .iter()
            .filter_map(|field| value(field).map(|value| format!("{}={value}", field.name)));
        pairs.collect::<Vec<_>>().join(" ")
    }

    /// Whether the form has a question.
    pub fn asks(&self) -> bool {
        self.fields.iter().any(|field| field.from == Source::Asked)
    }

    /// Whether the birth year is asked for.
    pub fn asks_year(&self) -> bool {
        self.fields.iter().any(|field| field.from == Source::Asked && field.kind.is_by_year())
    }
}

/// The fields that somebody's money or place depends on: those of reserves and funds. Cohorts only say when.
pub fn is_entitling(rules: &Rules, field: &str) -> bool {
    let reserves = rules.reserves.iter().map(|reserve| &reserve.matching);
    let mut matches = reserves.chain(rules.funds.iter().map(|fund| &fund.matching));
    matches.any(|matching| matching.0.contains_key(field))
}

/// The fields of a pool line as an entry keeps them: `name=value`, in the order of the rules.
pub fn joined(fields: &[Field], values: &[String]) -> String {
    let pairs = fields.iter().zip(values).map(|(field, value)| format!("{}={value}", field.name));
    pairs.collect::<Vec<_>>().join(" ")
}

/// Name and value of each, as an entry keeps them.
pub fn pairs(kept: &str) -> impl Iterator<Item = (&str, &str)> {
    kept.split(' ').filter_map(|pair| pair.split_once('='))
}

/// The value of a field, as an entry keeps them.
pub fn value_in<'k>(kept: &'k str, field: &str) -> Option<&'k str> {
    pairs(kept).find(|(name, _)| *name == field).map(|(_, value)| value)
}
