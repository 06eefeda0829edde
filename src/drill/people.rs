//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states. Of each combination of answers there are as many as its share says
//! ([`line`]): how many come to a cohort is what the plan reckons with, and a part of the people is like the whole.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::ensure;

use super::{
    ages::{Age, alike},
    line::Place,
};
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

/// Where nobody can be made, nobody can be drilled.
const NOBODY: &str = "nobody of up to 120 years can answer the questions of this draft as [expect] says, so nothing was \
    drilled: look at the values of its fields, age_band above all, and at the shares in [expect]; then run `jebi drill` again";

/// In what shares people answer the questions of a draft.
struct Answers {
    /// The year that ages are counted to.
    year: i32,
    alike: Vec<(f64, Vec<Age>)>,
    households: Vec<(String, f64)>,
    choices: Vec<(String, Vec<(String, f64)>)>,
}

/// What somebody answers: their age, their household, and what everybody may answer differently.
type Answered = (Age, String, BTreeMap<String, String>);

impl Answers {
    fn of(draft: &Draft) -> Self {
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
        let choices = choices.map(|field| (field.name.clone(), shares(field, &draft.expect))).collect();
        Self { year, alike, households, choices }
    }

    /// What whoever stands there answers; nothing where nobody does.
    fn at(&self, mut place: Place) -> Option<Answered> {
        let (_, ages) = place.cut(&self.alike, |(share, _)| *share)?;
        let (household, _) = place.cut(&self.households, |(_, share)| *share)?;
        let mut answers = BTreeMap::new();
        for (name, values) in &self.choices {
            answers.insert(name.clone(), place.cut(values, |(_, share)| *share)?.0.clone());
        }
        let age = place.cut(ages, |age| age.share)?;
        Some((*age, household.clone(), answers))
    }
}

/// Whether anybody can be made for a draft: it is asked before anything else is done.
///
/// # Errors
/// When nobody can, with what to look at.
pub fn check(draft: &Draft) -> anyhow::Result<()> {
    ensure!(Answers::of(draft).at(Place::MIDDLE).is_some(), NOBODY);
    Ok(())
}

/// A person at each of these places.
///
/// # Errors
/// As [`check`]: nobody can be made, or not for each of them.
pub fn people(
    places: Vec<Place>,
    draft: &Draft,
    mailbox: &Arc<Mailbox>,
    phones: &Arc<Phones>,
    chance: &mut Chance,
) -> anyhow::Result<Vec<Person>> {
    let (wanted, all) = (places.len(), Answers::of(draft));
    // A roster knows telephones only.
    let texts_only = draft.roster.is_some();
    let person = |(number, place): (u64, Place)| {
        let (age, household, answers) = all.at(place)?;
        let by_text = texts_only || chance.happens(age.texts);
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        Some(Person {
            number,
            kind: kind(chance),
            born: all.year - age.years,
            household,
            answers,
            post: match by_text {
                true => Post::Phone(phones.clone(), format!("+8210{mixed:08}")),
                false => Post::Mail(mailbox.clone(), format!("resident{number:07}@drill.invalid")),
            },
        })
    };
    let people: Vec<Person> = (0..).zip(places).filter_map(person).collect();
    ensure!(people.len() == wanted, NOBODY);
    Ok(people)
}

/// The values of a field with their shares, as the plan has them: what is expected, or all alike.
pub fn shares(field: &Field, expect: &Expect) -> Vec<(String, f64)> {
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
    use std::net::Ipv4Addr;

    use super::*;
    use crate::drill::line;

    /// The example of a draft, with these values of `age_band`.
    fn banded(values: &str) -> Draft {
        let text = include_str!("../../docs/round.example.toml");
        Draft::parse(&format!("{text}\n[[field]]\nname = \"age_band\"\nvalues = [{values}]\n")).unwrap()
    }

    /// How old a thousand people of a draft are.
    async fn thousand(draft: &Draft) -> anyhow::Result<Vec<i32>> {
        let mailbox = Arc::new(Mailbox::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let places = line::places(1_000, &mut Chance(1));
        let people = people(places, draft, &mailbox, &Arc::default(), &mut Chance(2))?;
        Ok(people.iter().map(|person| 2027 - person.born).collect())
    }

    #[tokio::test]
    async fn people_are_as_old_as_the_draft_asks_for_also_above_ninety() {
        let draft = banded("\"90+\"");
        check(&draft).unwrap();
        let ages = thousand(&draft).await.unwrap();
        assert!(ages.len() == 1_000 && ages.iter().all(|age| (90..=120).contains(age)), "{ages:?}");
        // Without shares both bands are as frequent.
        let ages = thousand(&banded("\"65-89\", \"90+\"")).await.unwrap();
        let old = ages.iter().filter(|age| **age >= 90).count();
        assert!((499..=501).contains(&old) && ages.iter().all(|age| *age >= 65), "{old}");
        // Where nobody asks they are as rare as they are.
        let draft = Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
        let old = thousand(&draft).await.unwrap().into_iter().filter(|age| *age >= 90).count();
        assert!((1..=20).contains(&old), "{old}");
    }

    #[tokio::test]
    async fn a_draft_for_which_nobody_can_be_made_is_refused_in_a_sentence() {
        let draft = banded("\"121+\"");
        for said in [check(&draft).unwrap_err(), thousand(&draft).await.unwrap_err()] {
            let said = said.to_string();
            assert!(said.contains("nobody of up to 120 years") && said.contains("age_band"), "{said}");
        }
    }
}
