//! What people are like, and how many there are of each kind.

use super::Person;
use crate::{domain::chance::Chance, drill::line};

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

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc};

    use super::*;
    use crate::{domain::draft::Draft, drill::people::people, stage::mailbox::Mailbox};

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
        let draft = Draft::parse(include_str!("../../../docs/round.example.toml")).unwrap();
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
}
