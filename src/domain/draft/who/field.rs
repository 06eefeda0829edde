//! What is known of an entrant beside their receipt: a field, its values, and what is wrong with them.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::domain::{
    draft::is_hidden,
    who::{Field, Kind, Source, Value, answers::band},
};

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

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const SIZES: [&str; 4] = ["1", "2", "3", "4+"];
/// Longer words would not fit a phone.
pub(super) const LABEL: usize = 60;

impl FieldDraft {
    /// The field with its values.
    pub(super) fn field(&self) -> Field {
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

    pub(super) fn problems(&self) -> Vec<String> {
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

pub(super) fn is_label(text: &str) -> bool {
    (1..=LABEL).contains(&text.trim().chars().count()) && !text.contains(is_hidden)
}
