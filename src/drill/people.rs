//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states.

use std::sync::Arc;

use crate::{
    domain::{chance::Chance, draft::Draft},
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

const TOWNS: [(&str, f64); 8] = [
    ("중앙동", 0.22),
    ("광도면", 0.20),
    ("용남면", 0.14),
    ("산양읍", 0.10),
    ("도천동", 0.10),
    ("봉평동", 0.09),
    ("미수동", 0.08),
    ("북신동", 0.07),
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
    /// Where they live.
    pub town: &'static str,
    /// What their city adds, where it does.
    pub adds: String,
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
    let (households, adds) = (shares("household", &HOUSEHOLDS), shares("city_adds", &[("0", 1.0)]));
    // A served roster knows telephones only.
    let texts_only = !draft.registers();
    let person = |number: u64| {
        let (age, _, texts) = *pick(&AGES, |(_, share, _)| *share, chance);
        let by_text = texts_only || chance.happens(texts);
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        let years = i32::try_from(chance.below(10)).unwrap_or(0);
        Person {
            number,
            kind: kind(chance),
            born: 2027 - age - years,
            household: chance.one_of(&households).unwrap_or_default(),
            town: pick(&TOWNS, |(_, share)| *share, chance).0,
            adds: chance.one_of(&adds).unwrap_or_default(),
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

/// The people as a municipality would export them.
pub fn roster(people: &[Person]) -> String {
    let mut text = "이름,생년월일,휴대전화,읍면동,세대원수,city_adds\n".to_owned();
    for person in people {
        let number = person.post.address().strip_prefix("+82").unwrap_or_default();
        let size = person.household.trim_end_matches('+');
        let (month, day) = (1 + person.number % 12, 1 + person.number % 28);
        text += &format!(
            "주민{},{}-{month:02}-{day:02},0{number},{},{size},{}\n",
            person.number, person.born, person.town, person.adds
        );
    }
    text
}
