//! Synthetic residents: age, household, place, how they are reached, and what kind of people they are. All shares are
//! assumptions, but for those that the scenario states. Of each combination of answers there are as many as its share says
//! ([`line`]): how many come to a cohort is what the plan reckons with, and a part of the people is like the whole.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::ensure;

use super::{
    ages::{Age, alike},
    line::{self, Place},
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

/// What people are like, when they enter and when they come to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Once, in time.
    Plain,
    /// Minutes before the opening, told when that is, and among the first after it; minutes before their own time, and at it.
    Impatient,
    /// Among the last before the close; when nine tenths of the time are over for which their place is held.
    Late,
    /// One form, or one pass, twice at once.
    DoubleTap,
    /// They have entered, and prove again who they are to see that they have. To buy everybody comes with a browser that
    /// knows nobody: then this is nothing of its own, and where nobody enters there is none of them.
    LostReceipt,
    /// A day before the opening, told when that is, and again; a day before their own time, and at it.
    WrongDay,
}

/// The share of each kind; those who come too early side by side, so that there are as many of them as both shares say.
const KINDS: [(Kind, f64); 6] = [
    (Kind::Impatient, 0.10),
    (Kind::WrongDay, 0.05),
    (Kind::Late, 0.05),
    (Kind::DoubleTap, 0.05),
    (Kind::LostReceipt, 0.05),
    (Kind::Plain, 0.70),
];

/// One in so many cannot be reached any more when results are told.
const GONE: usize = 100;
/// Of so many people at least one is; of fewer nobody, or nobody might be left.
const FEW: usize = 10;

/// Of people, living with so many; where a round asks for it, what it expects counts.
const HOUSEHOLDS: [(&str, f64); 4] = [("1", 0.16), ("2", 0.24), ("3", 0.24), ("4+", 0.36)];

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

/// Where nobody can be made, nobody can be drilled.
const NOBODY: &str = "nobody of up to 120 years can answer the questions of this draft as [expect] says, so nothing was \
    drilled: look at the values of its fields, age_band above all, and at the shares in [expect]; then run `jebi drill` again";

/// In what shares people answer the questions of a draft: one cut after the other. First what cohorts, reserves and funds look
/// at, which is every field of a draft that can be announced, in its order; then what nobody asks for. So those who give the
/// same answers stand side by side, and nothing that no rule knows moves anybody into another cohort.
struct Answers {
    /// The year that ages are counted to.
    year: i32,
    cuts: Vec<Cut>,
}

/// What one answer decides, with the share of each.
enum Cut {
    /// Everything that the year of birth answers; who of the same answers is how old comes last.
    Age(Vec<(f64, Vec<Age>)>),
    /// The size of the household.
    Household(Vec<(String, f64)>),
    /// A field that everybody may answer differently.
    Choice(String, Vec<(String, f64)>),
}

/// What somebody answers: their age, their household, and what everybody may answer differently.
type Answered = (Age, String, BTreeMap<String, String>);

impl Answers {
    fn of(draft: &Draft) -> Self {
        // Ages are counted to the year of the close.
        let year = draft.times.closes.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2027);
        let fields = draft.who().fields;
        let mut ages = Some(alike(&fields, &draft.expect, year));
        let mut cuts = Vec::new();
        for field in &fields {
            match field.kind {
                FieldKind::Household => cuts.push(Cut::Household(shares(field, &draft.expect))),
                FieldKind::Choice => cuts.push(Cut::Choice(field.name.clone(), shares(field, &draft.expect))),
                // One year answers all that ask for it, at the first of them.
                _ => cuts.extend(ages.take().map(Cut::Age)),
            }
        }
        cuts.extend(ages.map(Cut::Age));
        if fields.iter().all(|field| field.kind != FieldKind::Household) {
            cuts.push(Cut::Household(HOUSEHOLDS.map(|(size, share)| (size.to_owned(), share)).into()));
        }
        Self { year, cuts }
    }

    /// What whoever stands there answers; nothing where nobody does.
    fn at(&self, mut place: Place) -> Option<Answered> {
        let (mut ages, mut household, mut answers) = (None, None, BTreeMap::new());
        for cut in &self.cuts {
            match cut {
                Cut::Age(alike) => ages = Some(&place.cut(alike, |(share, _)| *share)?.1),
                Cut::Household(sizes) => household = Some(&place.cut(sizes, |(_, share)| *share)?.0),
                Cut::Choice(name, values) => {
                    let (value, _) = place.cut(values, |(_, share)| *share)?;
                    answers.insert(name.clone(), value.clone());
                }
            }
        }
        let age = place.cut(ages?, |age| age.share)?;
        Some((*age, household?.clone(), answers))
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

/// What so many people are like, and whether they come at their time, as the part `show` of them does: in exact shares, as
/// their answers are, so that of each kind there are some also where few people are.
pub fn kinds(count: u64, registers: bool, show: f64, chance: &mut Chance) -> Vec<(Kind, bool)> {
    let comes = [(true, show), (false, 1.0 - show)];
    let dealt = line::places(count, chance).into_iter().map(|mut place| {
        let kind = place.cut(&KINDS, |(_, share)| *share).map_or(Kind::Plain, |(kind, _)| *kind);
        let kind = if kind == Kind::LostReceipt && !registers { Kind::Plain } else { kind };
        (kind, place.cut(&comes, |(_, share)| *share).is_some_and(|(comes, _)| *comes))
    });
    dealt.collect()
}

/// One in a hundred of these people, and one of them at least, cannot be reached any more when results are told.
pub fn lose(people: &mut [Person]) {
    let count = match people.len() {
        ..FEW => 0,
        all => (all / GONE).max(1),
    };
    let mut plain: Vec<&mut Person> = people.iter_mut().filter(|person| person.kind == Kind::Plain).collect();
    let step = (plain.len() / count.max(1)).max(1);
    plain.iter_mut().skip(step / 2).step_by(step).take(count).for_each(|person| person.is_gone = true);
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

/// The values of a field with their shares, as the plan has them: what is expected, or all alike.
pub fn shares(field: &Field, expect: &Expect) -> Vec<(String, f64)> {
    match expect.shares.get(&field.name) {
        Some(shares) => shares.iter().map(|(value, share)| (value.clone(), share / 100.0)).collect(),
        None => field.values.iter().map(|value| (value.name.clone(), 1.0)).collect(),
    }
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

    /// The example of a draft, with these values of `age_band`.
    fn banded(values: &str) -> Draft {
        let text = include_str!("../../docs/round.example.toml");
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
        let draft = Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
        let old = thousand(&draft).await.unwrap().into_iter().filter(|age| *age >= 90).count();
        assert!((1..=20).contains(&old), "{old}");
    }

    #[test]
    fn of_each_kind_there_are_as_many_as_its_share_says_and_as_many_of_them_come() {
        assert!((KINDS.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
        for (count, seed) in [(10_000_u32, 1), (1_326, 2), (60, 3), (60, 4), (40, 5), (30, 6)] {
            let mut found = BTreeMap::<_, u32>::new();
            for one in kinds(count.into(), true, 0.9, &mut Chance(seed)) {
                *found.entry(one).or_default() += 1;
            }
            for (kind, share) in KINDS {
                let of = |comes| f64::from(found.get(&(kind, comes)).copied().unwrap_or(0));
                let all = f64::from(count) * share;
                assert!((of(true) + of(false) - all).abs() <= 1.0, "{count} {kind:?}: {found:?}");
                assert!((of(true) - 0.9 * all).abs() <= 1.0 && of(true) > 0.0, "{count} {kind:?}: {found:?}");
            }
        }
        // Where nobody enters, nobody has a receipt to lose; those who would have are like most.
        let dealt = kinds(60, false, 1.0, &mut Chance(7));
        assert!(dealt.iter().all(|(kind, comes)| *comes && *kind != Kind::LostReceipt));
        assert!((44..=46).contains(&dealt.iter().filter(|(kind, _)| *kind == Kind::Plain).count()));
        // Their order says nothing: they do not come kind after kind.
        assert!(!dealt.is_sorted());
    }

    #[tokio::test]
    async fn one_in_a_hundred_cannot_be_reached_any_more_and_one_of_ten_at_least() {
        let mailbox = Arc::new(Mailbox::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap());
        let draft = Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
        for (count, gone) in [(2_000, 20), (199, 1), (60, 1), (10, 1), (9, 0), (1, 0)] {
            let (places, kinds) =
                (line::places(count, &mut Chance(1)), kinds(count, true, 0.9, &mut Chance(2)));
            let mut people =
                people(places, kinds, &draft, &mailbox, &Arc::default(), &mut Chance(3)).unwrap();
            lose(&mut people);
            let found: Vec<Kind> =
                people.iter().filter(|person| person.is_gone).map(|person| person.kind).collect();
            // Each other kind is wanted for what it does.
            assert_eq!(found, vec![Kind::Plain; gone], "{count}");
        }
    }

    /// By the parity of ten digits and by city: nobody asks for households, and they move nobody.
    #[test]
    fn each_cohort_has_as_many_people_as_its_share_says() {
        let text = include_str!("../../docs/round.example.toml");
        let fields =
            "\n[[field]]\nname = \"birth_digit\"\n[[field]]\nname = \"city\"\nvalues = [\"a\", \"b\"]\n";
        let mut draft = Draft::parse(&format!("{text}{fields}")).unwrap();
        let cities = [("a", 0.37), ("b", 0.63)];
        let percent = cities.map(|(city, share)| (city.to_owned(), 100.0 * share)).into();
        draft.expect.shares.insert("city".to_owned(), percent);
        let all = Answers::of(&draft);
        for seed in 1..=8 {
            let mut found = BTreeMap::<_, u32>::new();
            for place in line::places(2_000, &mut Chance(seed)) {
                let (age, _, answers) = all.at(place).unwrap();
                *found.entry(((all.year - age.years) % 10, answers["city"].clone())).or_default() += 1;
            }
            for (city, share) in cities {
                let count =
                    |digit: i32| f64::from(found.get(&(digit, city.to_owned())).copied().unwrap_or(0));
                let wrong = |counted: f64, of_all: f64| (counted - 2_000.0 * of_all * share).abs();
                assert!((0..10).all(|digit| wrong(count(digit), 0.1) <= 1.0), "{seed}: {found:?}");
                let cohort =
                    |parity: i32| (0..10).filter(|digit| digit % 2 == parity).map(count).sum::<f64>();
                assert!(wrong(cohort(0), 0.5) <= 2.0 && wrong(cohort(1), 0.5) <= 2.0, "{seed}: {found:?}");
                assert!(wrong(cohort(0) + cohort(1), 1.0) <= 2.0, "{seed}: {found:?}");
            }
        }
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
