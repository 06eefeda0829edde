//! The offer, and the second times of those who did not come, over real sockets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entities::round::Model;

use super::{
    people::Person,
    round::World,
    running::Running,
    selling::{Coming, Places, Sale, sell},
    serving::{Came, Served},
    time,
};
use crate::{domain::chance::Chance, stage::steps, store};

/// Who missed the first time mostly comes the second time.
const COME: f64 = 0.8;

/// Offers what is left, and sells to whom it was given. Returns the instance that runs in the end.
///
/// # Errors
/// When the round comes to a halt.
pub async fn offer(
    world: &World,
    running: Running,
    round: &Model,
    known: &HashMap<String, &Person>,
    came: &mut Came,
    chance: &mut Chance,
    served: &mut Served,
) -> anyhow::Result<Running> {
    let (app, none) = (&running.app, BTreeSet::new());
    while let Some((number, at)) = {
        app.rounds.forget();
        app.rounds.find(&round.slug).await?.and_then(|round| round.next_offer())
    } {
        time::pass(app, at, &none).await?;
        steps::reached(app, &round.slug, |round| i64::try_from(round.offers.len()).unwrap_or(0) >= number)
            .await?;
        steps::planned(app, round.id).await?;
    }
    let moves = store::offer::list_all_moves(app.db.read(), round.id, None).await?;
    let places: Places = moves
        .into_iter()
        .filter_map(|(receipt, moves)| Some((receipt, moves.last()?.starts_at?)))
        .filter(|(receipt, _)| known.contains_key(receipt))
        .collect();
    let coming = coming(&places, known, came, chance);
    let before = world.seller.came().len();
    let sale = Sale { world, slug: &round.slug, places, outage_at: None };
    let running = sell(&sale, running, coming, chance, served).await?;
    served.came.1 = world.seller.came().split_off(before);
    served.bought.1 = world.seller.bought().len() as u64 - served.bought.0;
    Ok(running)
}

/// Who comes at their second time. Whoever came before waits since then, and whoever has not has come now.
fn coming<'a>(
    places: &Places,
    known: &HashMap<String, &'a Person>,
    came: &mut Came,
    chance: &mut Chance,
) -> BTreeMap<DateTime<Utc>, Vec<Coming<'a>>> {
    let mut second: Vec<(&'a Person, &String, DateTime<Utc>)> = places
        .iter()
        .filter_map(|(receipt, starts_at)| Some((*known.get(receipt)?, receipt, *starts_at)))
        .collect();
    second.sort_by_key(|(person, ..)| person.number);
    let mut coming: BTreeMap<DateTime<Utc>, Vec<Coming>> = BTreeMap::new();
    for (person, receipt, starts_at) in second {
        let before = came.get(receipt).copied();
        if before.is_none() && !chance.happens(COME) {
            continue;
        }
        let since = *came.entry(receipt.clone()).or_insert(starts_at);
        let again = before.is_some();
        let one = Coming { person, receipt: receipt.clone(), browser: None, since, again };
        coming.entry(starts_at).or_default().push(one);
    }
    coming
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;

    use super::*;
    use crate::{drill::people::Kind, stage::post::Post};

    fn person(number: u64) -> Person {
        Person {
            number,
            kind: Kind::Plain,
            comes: true,
            is_gone: false,
            born: 1980,
            household: "1".to_owned(),
            answers: BTreeMap::new(),
            post: Post::Phone(Arc::default(), format!("+8210{number:08}")),
        }
    }

    #[test]
    fn who_was_refused_has_waited_since_then_and_who_comes_only_now_has_come() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let people = [person(0), person(1), person(2)];
        let known: HashMap<String, &Person> =
            ["a", "b", "c"].into_iter().map(str::to_owned).zip(&people).collect();
        let places = Places::from([("a".to_owned(), at(100)), ("b".to_owned(), at(101))]);
        let mut second = 0;
        for seed in 0..100 {
            // One who came on the first day and has nothing yet, one who has not come, and one who is served.
            let mut came = Came::from([("a".to_owned(), at(1)), ("c".to_owned(), at(2))]);
            let coming = coming(&places, &known, &mut came, &mut Chance(seed));
            let first = &coming[&at(100)][0];
            assert_eq!((first.person.number, first.since), (0, at(1)));
            assert_eq!(first.waited(at(100)), 99 * 3_600);
            let comes = coming.get(&at(101)).map(|all| &all[0]);
            assert_eq!(came.get("b").copied(), comes.map(|_| at(101)), "whoever comes has come");
            if let Some(one) = comes {
                assert_eq!((one.person.number, one.waited(at(101))), (1, 0));
                second += 1;
            }
        }
        assert!((65..95).contains(&second), "{second}");
    }
}
