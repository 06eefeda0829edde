//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states. Of each combination of answers there are as many as its share says
//! ([`line`]): how many come to a cohort is what the plan reckons with, and a part of the people is like the whole.

use std::{collections::BTreeMap, sync::Arc};

use super::line::Place;
use crate::{
    domain::{
        chance::Chance,
        draft::{Draft, Expect},
        who::{Field, Household, Kind as FieldKind, Source, answers::BIRTH_YEAR},
    },
    stage::{
        mailbox::Mailbox,
        post::{Phones, Post},
    },
};

/// What people are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Once, in time.
    Plain,
    /// Before their time, and again.
    Impatient,
    /// At the end of what is allowed.
    Late,
    /// Twice in the same second.
    DoubleTap,
    /// Without their receipt.
    LostReceipt,
    /// On the wrong day first.
    WrongDay,
}

/// Percent of each kind.
const KINDS: [(Kind, f64); 5] = [
    (Kind::Impatient, 0.10),
    (Kind::Late, 0.05),
    (Kind::DoubleTap, 0.05),
    (Kind::LostReceipt, 0.05),
    (Kind::WrongDay, 0.05),
];

/// From this age for ten years, so many for each adult, and how many of them read texts rather than mail.
const AGES: [(i32, f64, f64); 9] = [
    (0, 0.07, 0.40),
    (10, 0.11, 0.40),
    (20, 0.14, 0.40),
    (30, 0.15, 0.40),
    (40, 0.18, 0.40),
    (50, 0.20, 0.70),
    (60, 0.18, 0.70),
    (70, 0.10, 0.95),
    (80, 0.05, 0.95),
];

/// Where nobody is asked for their age, nobody is younger.
const ADULT: i32 = 20;

/// Of people, living with so many; where a round asks for it, what it expects counts.
const HOUSEHOLDS: [(&str, f64); 4] = [("1", 0.16), ("2", 0.24), ("3", 0.24), ("4+", 0.36)];

/// One resident.
#[derive(Clone, Debug)]
pub struct Person {
    /// From 0.
    pub number: u64,
    /// What they are like.
    pub kind: Kind,
    /// The year they were born in.
    pub born: i32,
    /// The size of their household.
    pub household: String,
    /// Their answers to the questions of the round that everybody may answer differently, by the field's name.
    pub answers: BTreeMap<String, String>,
    /// Where they read.
    pub post: Post,
}

/// People of an age, of all: their share, and the part of them who read texts rather than mail.
#[derive(Clone, Copy)]
struct Age {
    years: i32,
    share: f64,
    texts: f64,
}

/// A person at each of these places.
pub fn people(
    places: Vec<Place>,
    draft: &Draft,
    mailbox: &Arc<Mailbox>,
    phones: &Arc<Phones>,
    chance: &mut Chance,
) -> Vec<Person> {
    // Ages are counted to the year of the close.
    let year = draft.times.closes.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2027);
    let fields = draft.who().fields;
    let alike = alike(&fields, &draft.expect, year);
    let households = fields.iter().find(|field| field.kind == FieldKind::Household);
    let households = match households.map(|field| shares(field, &draft.expect)) {
        Some(shares) => shares,
        None => HOUSEHOLDS.map(|(size, share)| (size.to_owned(), share)).into(),
    };
    let choices = fields.iter().filter(|field| field.kind == FieldKind::Choice);
    let choices: Vec<_> = choices.map(|field| (&field.name, shares(field, &draft.expect))).collect();
    // A roster knows telephones only.
    let texts_only = draft.roster.is_some();
    let person = |(number, mut place): (u64, Place)| {
        let (_, ages) = place.cut(&alike, |(share, _)| *share)?;
        let (household, _) = place.cut(&households, |(_, share)| *share)?;
        let mut answers = BTreeMap::new();
        for (name, values) in &choices {
            answers.insert((*name).clone(), place.cut(values, |(_, share)| *share)?.0.clone());
        }
        let age = place.cut(ages, |age| age.share)?;
        let by_text = texts_only || chance.happens(age.texts);
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        Some(Person {
            number,
            kind: kind(chance),
            born: year - age.years,
            household: household.clone(),
            answers,
            post: match by_text {
                true => Post::Phone(phones.clone(), format!("+8210{mixed:08}")),
                false => Post::Mail(mailbox.clone(), format!("resident{number:07}@drill.invalid")),
            },
        })
    };
    (0..).zip(places).filter_map(person).collect()
}

/// The ages that answer the questions of the round alike, with the share of people who do; whoever is of no age that can
/// enter is not among them.
fn alike(fields: &[Field], expect: &Expect, year: i32) -> Vec<(f64, Vec<Age>)> {
    let by_year: Vec<_> = fields.iter().filter(|field| field.kind.is_by_year()).collect();
    let shares: Vec<BTreeMap<_, _>> =
        by_year.iter().map(|field| shares(field, expect).into_iter().collect()).collect();
    let youngest = if by_year.iter().any(|field| field.kind == FieldKind::AgeBand) { 0 } else { ADULT };
    let mut alike: BTreeMap<Vec<String>, Vec<Age>> = BTreeMap::new();
    for (from, share, texts) in AGES {
        for years in from.max(youngest)..from + 10 {
            let answers: Result<Vec<_>, _> =
                by_year.iter().map(|field| field.by_year(year - years, year)).collect();
            let age = Age { years, share: share / 10.0, texts };
            if let Ok(answers) = answers {
                alike.entry(answers).or_default().push(age);
            }
        }
    }
    let share = |answers: &[String]| -> f64 {
        shares
            .iter()
            .zip(answers)
            .map(|(shares, answer)| shares.get(answer).copied().unwrap_or(0.0))
            .product()
    };
    alike.into_iter().map(|(answers, ages)| (share(&answers), ages)).collect()
}

/// The values of a field with their shares, as the plan has them: what is expected, or all alike.
fn shares(field: &Field, expect: &Expect) -> Vec<(String, f64)> {
    match expect.shares.get(&field.name) {
        Some(shares) => shares.iter().map(|(value, share)| (value.clone(), share / 100.0)).collect(),
        None => field.values.iter().map(|value| (value.name.clone(), 1.0)).collect(),
    }
}

fn kind(chance: &mut Chance) -> Kind {
    let mut left = chance.part();
    for (kind, share) in KINDS {
        left -= share;
        if left < 0.0 {
            return kind;
        }
    }
    Kind::Plain
}

/// What somebody answers who is asked, by the form's field.
pub fn asked(person: &Person, draft: &Draft) -> BTreeMap<String, String> {
    let fields = draft.who().fields;
    let asked = fields.iter().filter(|field| field.from == Source::Asked);
    let answer = |field: &Field| match field.kind {
        FieldKind::Household => Some((format!("field_{}", field.name), person.household.clone())),
        FieldKind::Choice => {
            Some((format!("field_{}", field.name), person.answers.get(&field.name)?.clone()))
        }
        _ => Some((BIRTH_YEAR.to_owned(), person.born.to_string())),
    };
    asked.filter_map(answer).collect()
}

/// The fields that a roster answers beside those that every roster has.
pub fn own_columns(draft: &Draft) -> Vec<String> {
    let fields = draft.who().fields.into_iter();
    let own = fields.filter(|field| field.from == Source::Roster && field.kind == FieldKind::Choice);
    own.map(|field| field.name).collect()
}

/// The people as a municipality would export them.
pub fn roster(people: &[Person], draft: &Draft) -> String {
    let own = own_columns(draft);
    let knows_households = draft.household != Household::None;
    let mut text = "이름,생년월일,휴대전화,세대원수".to_owned();
    text += if knows_households { ",세대번호" } else { "" };
    own.iter().for_each(|name| text += &format!(",{name}"));
    text += "\n";
    for person in people {
        let number = person.post.address().strip_prefix("+82").unwrap_or_default();
        let size = person.household.trim_end_matches('+');
        let (month, day) = (1 + person.number % 12, 1 + person.number % 28);
        text += &format!("주민{},{}-{month:02}-{day:02},0{number},{size}", person.number, person.born);
        if knows_households {
            // Nobody of a drill lives with another of it.
            text += &format!(",{}", person.number + 1);
        }
        own.iter()
            .for_each(|name| text += &format!(",{}", person.answers.get(name).map_or("", String::as_str)));
        text += "\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::who::Value;

    fn field(kind: FieldKind, name: &str, values: &[&str]) -> Field {
        let value = |name: &&str| Value { name: (*name).to_owned(), ko: String::new(), en: String::new() };
        let values = values.iter().map(value).collect();
        let (name, from) = (name.to_owned(), Source::Asked);
        Field { name, from, kind, values, otherwise: None, ko: String::new(), en: String::new() }
    }

    #[test]
    fn ages_are_as_many_as_the_plan_expects_of_their_answers() {
        let fields = [
            field(FieldKind::AgeBand, "age_band", &["13-18", "19-34", "65+"]),
            field(FieldKind::BirthParity, "birth_parity", &["odd", "even"]),
        ];
        let mut expect = Expect::default();
        let bands = [("13-18", 20.0), ("19-34", 30.0), ("65+", 50.0)];
        expect.shares.insert("age_band".into(), bands.map(|(band, share)| (band.to_owned(), share)).into());
        let alike = alike(&fields, &expect, 2027);
        let of = |from: i32, to: i32, odd: i32| {
            let within = |age: &&Age| (from..=to).contains(&age.years) && (2027 - age.years) % 2 == odd;
            let same = alike.iter().find(|(_, ages)| ages.iter().all(|age| within(&age))).unwrap();
            (same.0, same.1.len())
        };
        assert_eq!(alike.len(), 6);
        assert_eq!([of(13, 18, 0), of(13, 18, 1)], [(0.2, 3), (0.2, 3)]);
        assert_eq!([of(19, 34, 0), of(19, 34, 1)], [(0.3, 8), (0.3, 8)]);
        assert_eq!([of(65, 89, 0), of(65, 89, 1)], [(0.5, 13), (0.5, 12)]);
    }

    #[test]
    fn where_no_age_is_asked_for_everybody_is_grown_up() {
        let alike = alike(&[], &Expect::default(), 2027);
        assert!(matches!(&alike[..], [(share, ages)] if *share == 1.0 && ages.len() == 70));
    }
}
