//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        chance::Chance,
        draft::Draft,
        who::{
            Field, Household, Kind as FieldKind, Source,
            answers::{BIRTH_YEAR, band},
        },
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

/// Adults: from this age, so many of a hundred, and how many of them read texts rather than mail.
const AGES: [(i32, f64, f64); 7] = [
    (20, 0.14, 0.40),
    (30, 0.15, 0.40),
    (40, 0.18, 0.40),
    (50, 0.20, 0.70),
    (60, 0.18, 0.70),
    (70, 0.10, 0.95),
    (80, 0.05, 0.95),
];

/// Of people, living with so many; Gyeonggi states its own.
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

/// So many people.
pub fn people(
    count: u64,
    draft: &Draft,
    mailbox: &Arc<Mailbox>,
    phones: &Arc<Phones>,
    chance: &mut Chance,
) -> Vec<Person> {
    let shares = |field: &str, otherwise: &[(&str, f64)]| -> Vec<(String, f64)> {
        match draft.expect.shares.get(field) {
            Some(shares) => shares.iter().map(|(value, share)| (value.clone(), share / 100.0)).collect(),
            None => otherwise.iter().map(|(value, share)| ((*value).to_owned(), *share)).collect(),
        }
    };
    let households = shares("household", &HOUSEHOLDS);
    // Ages are counted to the year of the close.
    let year = draft.times.closes.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2027);
    let fields = draft.who().fields;
    let choices: Vec<(&str, Vec<(String, f64)>)> = fields
        .iter()
        .filter(|field| field.kind == FieldKind::Choice)
        .map(|field| {
            let even = 1.0 / f64::from(u32::try_from(field.values.len().max(1)).unwrap_or(1));
            let values: Vec<(&str, f64)> =
                field.values.iter().map(|value| (value.name.as_str(), even)).collect();
            (field.name.as_str(), shares(&field.name, &values))
        })
        .collect();
    let bands: Vec<&Field> = fields.iter().filter(|field| field.kind == FieldKind::AgeBand).collect();
    // A roster knows telephones only.
    let texts_only = draft.roster.is_some();
    let person = |number: u64| {
        let (mut years, mut texts) = (0, 0.0);
        // Whoever is of no age that can enter does not.
        for _ in 0..1_000 {
            let (age, _, reads) = *pick(&AGES, |(_, share, _)| *share, chance);
            (years, texts) = (age + i32::try_from(chance.below(10)).unwrap_or(0), reads);
            let has_band = |field: &&Field| field.values.iter().any(|value| is_in(&value.name, years));
            if bands.iter().all(has_band) {
                break;
            }
        }
        let by_text = texts_only || chance.happens(texts);
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        let answer = |(name, values): &(&str, Vec<(String, f64)>), chance: &mut Chance| {
            Some(((*name).to_owned(), chance.one_of(values)?))
        };
        Person {
            number,
            kind: kind(chance),
            born: year - years,
            household: chance.one_of(&households).unwrap_or_default(),
            answers: choices.iter().filter_map(|one| answer(one, chance)).collect(),
            post: match by_text {
                true => Post::Phone(phones.clone(), format!("+8210{mixed:08}")),
                false => Post::Mail(mailbox.clone(), format!("resident{number:07}@drill.invalid")),
            },
        }
    };
    (0..count).map(person).collect()
}

fn pick<'a, T>(all: &'a [T], share: impl Fn(&T) -> f64, chance: &mut Chance) -> &'a T {
    let mut left = chance.part();
    let found = all.iter().position(|one| {
        left -= share(one);
        left < 0.0
    });
    &all[found.unwrap_or(all.len() - 1)]
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

fn is_in(name: &str, age: i32) -> bool {
    band(name).is_some_and(|(from, to)| u32::try_from(age).is_ok_and(|age| (from..=to).contains(&age)))
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
