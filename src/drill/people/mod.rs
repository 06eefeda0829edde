//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states. Of each combination of answers there are as many as its share says
//! ([`line`](super::line)): how many come to a cohort is what the plan reckons with, and a part of the people is like the
//! whole.

mod answers;
mod kinds;
mod roster;

use std::{collections::BTreeMap, sync::Arc};

use anyhow::ensure;

use super::line::Place;
use crate::{
    domain::{
        chance::Chance,
        draft::Draft,
        who::{Field, Kind as FieldKind, Source, answers::BIRTH_YEAR},
    },
    stage::{
        mailbox::Mailbox,
        post::{Phones, Post},
    },
};

use answers::{Answers, NOBODY};

pub use answers::{check, shares};
pub use kinds::{Kind, kinds, lose};
pub use roster::{own_columns, roster};

/// One resident.
#[derive(Clone, Debug)]
pub struct Person {
    /// From 0.
    pub number: u64,
    /// What they are like.
    pub kind: Kind,
    /// Whether they come to buy at their time.
    pub comes: bool,
    /// Whether their number or their mailbox is nobody's any more when results are told.
    pub is_gone: bool,
    /// The year they were born in.
    pub born: i32,
    /// The size of their household.
    pub household: String,
    /// Their answers to the questions of the round that everybody may answer differently, by the field's name.
    pub answers: BTreeMap<String, String>,
    /// Where they read.
    pub post: Post,
}

/// A person of each of these kinds at each of these places.
///
/// # Errors
/// As [`check`]: nobody can be made, or not for each of them.
pub fn people(
    places: Vec<Place>,
    kinds: Vec<(Kind, bool)>,
    draft: &Draft,
    mailbox: &Arc<Mailbox>,
    phones: &Arc<Phones>,
    chance: &mut Chance,
) -> anyhow::Result<Vec<Person>> {
    let (wanted, all) = (places.len(), Answers::of(draft));
    // A roster knows telephones only.
    let texts_only = draft.roster.is_some();
    let person = |(number, (place, (kind, comes))): (u64, (Place, (Kind, bool)))| {
        let (age, household, answers) = all.at(place)?;
        let by_text = texts_only || chance.happens(age.texts);
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        Some(Person {
            number,
            kind,
            comes,
            is_gone: false,
            born: all.year - age.years,
            household,
            answers,
            post: match by_text {
                true => Post::Phone(phones.clone(), format!("+8210{mixed:08}")),
                false => Post::Mail(mailbox.clone(), format!("resident{number:07}@drill.invalid")),
            },
        })
    };
    let people: Vec<Person> = (0..).zip(places.into_iter().zip(kinds)).filter_map(person).collect();
    ensure!(people.len() == wanted, NOBODY);
    Ok(people)
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::drill::line;

    /// The example of a draft, with these values of `age_band`.
    fn banded(values: &str) -> Draft {
        let text = include_str!("../../../docs/round.example.toml");
        Draft::parse(&format!("{text}\n[[field]]\nname = \"age_band\"\nvalues = [{values}]\n")).unwrap()
    }

    /// How old a thousand people of a draft are.
    async fn thousand(draft: &Draft) -> anyhow::Result<Vec<i32>> {
        let mailbox = Arc::new(Mailbox::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let places = line::places(1_000, &mut Chance(1));
        let kinds = kinds(1_000, true, 0.9, &mut Chance(3));
        let people = people(places, kinds, draft, &mailbox, &Arc::default(), &mut Chance(2))?;
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
        let draft = Draft::parse(include_str!("../../../docs/round.example.toml")).unwrap();
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
