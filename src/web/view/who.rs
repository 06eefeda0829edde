//! Fields, values, cohorts and days in words.

use public_audit::rules::Match;

use super::In;
use crate::domain::who::{
    Field, Kind, Value, Who,
    answers::band,
    cohort::{self, Days},
    pairs,
};
use crate::words::{Lang, instant};

fn own(value: &Value, lang: Lang) -> Option<String> {
    let words = if lang.is_korean() { &value.ko } else { &value.en };
    (!words.is_empty()).then(|| words.clone())
}

/// The question a field answers, in a few words.
pub fn field_label(field: &Field, lang: Lang) -> String {
    let here = In { lang };
    let words = if lang.is_korean() { &field.ko } else { &field.en };
    if !words.is_empty() {
        return words.clone();
    }
    match field.kind {
        Kind::BirthDigit => t!(here, "field-birth-digit"),
        Kind::BirthParity => t!(here, "field-birth-parity"),
        Kind::AgeBand => t!(here, "field-age-band"),
        Kind::Household => t!(here, "field-household"),
        Kind::Choice => field.name.clone(),
    }
}

/// A value of a field.
pub fn value_label(field: &Field, name: &str, lang: Lang) -> String {
    let here = In { lang };
    let value = field.values.iter().find(|value| value.name == name);
    if let Some(words) = value.and_then(|value| own(value, lang)) {
        return words;
    }
    match (field.kind, name.strip_suffix('+')) {
        (Kind::BirthParity, _) if name == "odd" => t!(here, "value-odd"),
        (Kind::BirthParity, _) if name == "even" => t!(here, "value-even"),
        (Kind::Household, Some(size)) => t!(here, "value-household-more", size = size),
        (Kind::Household, None) => t!(here, "value-household", size = name),
        (Kind::AgeBand, _) => match band(name) {
            Some((from, u32::MAX)) => t!(here, "value-ages-more", from = from.to_string()),
            Some((from, to)) => t!(here, "value-ages", from = from.to_string(), to = to.to_string()),
            None => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

/// What somebody answered: question and answer, in the order of the pool line.
pub fn answers(who: &Who, kept: &str, lang: Lang) -> Vec<(String, String)> {
    let words = pairs(kept).filter_map(|(name, value)| {
        let field = who.field(name)?;
        Some((field_label(field, lang), value_label(field, value, lang)))
    });
    words.collect()
}

/// Whom a match describes: `출생연도 끝자리 1, 6 / 세대원 수 4명 이상`.
pub fn group_label(who: &Who, matching: &Match, lang: Lang) -> String {
    let here = In { lang };
    let mut parts = Vec::new();
    // In the order of the questions, not of the alphabet.
    for field in &who.fields {
        if let Some(values) = matching.0.get(&field.name) {
            let values: Vec<String> = values.iter().map(|value| value_label(field, value, lang)).collect();
            parts.push(format!("{} {}", field_label(field, lang), values.join(", ")));
        }
    }
    if parts.is_empty() { t!(here, "group-all") } else { parts.join(" / ") }
}

/// What a reserve or a fund is called; without a name of its own, whom it is for.
pub fn called(who: &Who, name: &str, matching: &Match, lang: Lang) -> String {
    let value = who.called.iter().find(|value| value.name == name);
    value.and_then(|value| own(value, lang)).unwrap_or_else(|| group_label(who, matching, lang))
}

/// When a cohort can come, one line for each stretch of days.
pub fn days_lines(days: &[Days], lang: Lang) -> Vec<String> {
    let here = In { lang };
    let line = |days: &Days| match days.count {
        1 => instant::span(days.from, days.until, lang),
        _ => t!(
            here,
            "days-every",
            from = instant::date(days.from, lang),
            last = instant::date(days.last, lang),
            begin = instant::clock(days.from, lang),
            end = instant::clock(days.until, lang)
        ),
    };
    days.iter().map(line).collect()
}

/// The days of one's own cohort.
pub fn own_days(rules: &public_audit::Rules, kept: &str, lang: Lang) -> Vec<String> {
    cohort::of(rules, kept).map(|cohort| days_lines(&cohort::days(rules, cohort), lang)).unwrap_or_default()
}
