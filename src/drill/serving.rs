//! After the draw, over real sockets: results are told, people come at their minute, and what is left goes on.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;

use super::{
    faults::Faults,
    leftovers,
    people::{Kind, Person},
    round::World,
    running::Running,
    seller::says,
    selling::{Coming, Places, Sale, sell},
    stages::{Stage, say},
    telling, trouble,
};
use crate::{
    domain::{chance::Chance, plan::delay},
    store,
};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Served {
    /// Entries with a place, and without.
    pub placed: (u64, u64),
    /// People told exactly once.
    pub told: u64,
    /// People told twice.
    pub twice: u64,
    /// Told nothing, and on the list of the unreached, for letters and calls.
    pub unreached: u64,
    /// Neither told nor on that list.
    pub untold: u64,
    /// People whom nobody can reach any more.
    pub gone: u64,
    /// When results, reminders, and news of second times left, Unix seconds.
    pub sent: BTreeMap<&'static str, Vec<i64>>,
    /// When people came to the seller with a pass at their time, and at their second time; refused ones too.
    pub came: (Vec<i64>, Vec<i64>),
    /// People who came, at their time or at a second one.
    pub come: u64,
    /// People who bought at their time, and at their second time.
    pub bought: (u64, u64),
    /// Of those who came, people who have nothing in the end.
    pub turned_away: u64,
    /// Seconds between coming for the first time and having bought.
    pub waits: Vec<i64>,
    /// What those were told who did not buy when they came: busy, identity, bank, not yet, bought before, refused.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Won that the ledger says is bought, and held; and won that the seller sold.
    pub ledger: (u64, u64, u64),
    /// What went wrong.
    pub faults: Faults,
    /// When the first came to their page.
    pub first_came_at: DateTime<Utc>,
    /// When the first SMS vendor died.
    pub vendor_died_at: DateTime<Utc>,
    /// When the bank's limit was reached.
    pub bank_at: DateTime<Utc>,
}

/// So often it is asked when somebody comes of whom it is known that they do: those who do not are dealt out already.
const TRIES: u32 = 100;

/// Since when whoever came wanted to buy, by receipt.
pub type Came = BTreeMap<String, DateTime<Utc>>;

/// Tells, sells, and offers what is left.
///
/// # Errors
/// When the round comes to a halt.
pub async fn serve(
    world: &World,
    running: Running,
    round: &Model,
    chance: &mut Chance,
) -> anyhow::Result<(Running, Served)> {
    let mut served = Served::default();
    let drawn = store::assignment::list_by_rank(running.app.db.read(), round.id).await?;
    let all: Vec<String> = drawn.iter().map(|place| place.receipt.clone()).collect();
    say(&Stage::Drawn(all.len() as u64));
    let running = telling::tell(world, running, round, &all, &mut served).await?;
    say(&Stage::Told(served.told + served.twice, served.unreached));
    let mut places = Places::new();
    for place in drawn {
        match place.starts_at {
            Some(starts_at) => {
                served.placed.0 += 1;
                places.insert(place.receipt, starts_at);
            }
            None => served.placed.1 += 1,
        }
    }
    // Whoever cannot be told comes to no counter here, and not to buy.
    let people = world.people.iter().filter(|person| !person.is_gone);
    let known: HashMap<String, &Person> =
        people.filter_map(|person| Some((telling::receipt_of(person)?, person))).collect();
    let coming = coming(world, &places, &known, chance);
    let mut came: Came = coming.values().flatten().map(|one| (one.receipt.clone(), one.since)).collect();
    served.first_came_at = coming.keys().next().copied().unwrap_or(round.ends_at);
    // Somebody who comes at their time meets the bank's limit for certain.
    let plain = |one: &Coming| one.person.kind == Kind::Plain;
    let at_their_time: Vec<_> =
        coming.iter().filter(|(_, all)| all.iter().any(plain)).map(|(at, _)| *at).collect();
    let part = |of: usize, in_all: usize| at_their_time.get(at_their_time.len() * of / in_all).copied();
    let (from, to) = trouble::bank(part(1, 2).unwrap_or(round.ends_at));
    world.seller.set_bank(from, to);
    served.bank_at = from;
    let sale = Sale { world, slug: &round.slug, places, outage_at: part(2, 3) };
    let running = sell(&sale, running, coming, chance, &mut served).await?;
    served.came.0 = world.seller.came();
    served.bought.0 = world.seller.bought().len() as u64;
    let running = leftovers::offer(world, running, round, &known, &mut came, chance, &mut served).await?;
    say(&Stage::Bought(served.bought.0, served.bought.1));
    let all = world.seller.bought();
    served.come = came.len() as u64;
    served.turned_away = came.keys().filter(|receipt| !all.contains_key(*receipt)).count() as u64;
    for (what, status) in [
        ("busy", says::BUSY),
        ("identity", says::IDENTITY),
        ("bank", says::BANK),
        ("already", says::ALREADY),
        ("refused", says::REFUSED),
    ] {
        served.refusals.insert(what, world.seller.said(status));
    }
    world.seller.refused().into_iter().for_each(|fault| served.faults.add(fault));
    let (redeemed, held) = world.seller.ledger().await?;
    served.ledger = (redeemed, held, all.values().sum());
    for (what, reasons) in [("reminder", &["eve", "soon"][..]), ("offer", &["caught_up", "offered"])] {
        let mut all = Vec::new();
        for reason in reasons {
            all.extend(store::notice::list_attempted(running.app.db.read(), round.id, reason).await?);
        }
        served.sent.insert(what, all.iter().map(DateTime::timestamp).collect());
    }
    Ok((running, served))
}

/// Who comes when, of those who come: some of them human.
fn coming<'a>(
    world: &World,
    places: &Places,
    known: &HashMap<String, &'a Person>,
    chance: &mut Chance,
) -> BTreeMap<DateTime<Utc>, Vec<Coming<'a>>> {
    let grace = f64::from(world.draft.grace_hours) * 3_600.0;
    let mut coming: BTreeMap<DateTime<Utc>, Vec<Coming>> = BTreeMap::new();
    // In the order of people, so that chance is theirs whatever their receipts are.
    let mut known: Vec<(&String, &Person)> =
        known.iter().map(|(receipt, person)| (receipt, *person)).collect();
    known.sort_by_key(|(_, person)| person.number);
    for (receipt, person) in known {
        let Some(starts_at) = places.get(receipt).copied() else { continue };
        if !person.comes {
            continue;
        }
        let Some(delay) = (0..TRIES).find_map(|_| delay(&world.draft, grace, chance)) else { continue };
        #[allow(clippy::cast_possible_truncation, reason = "seconds of a few days")]
        let late = match person.kind {
            Kind::Late => (grace * 0.9) as i64,
            _ => delay as i64,
        };
        let at = match person.kind {
            Kind::WrongDay => starts_at - TimeDelta::days(1),
            Kind::Impatient => starts_at - TimeDelta::minutes(5),
            _ => starts_at + TimeDelta::seconds(late),
        };
        let since = at.max(starts_at);
        let one = Coming { person, receipt: receipt.clone(), browser: None, since, again: false };
        coming.entry(at).or_default().push(one);
    }
    coming
}
