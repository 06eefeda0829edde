//! After the draw, over real sockets: results are told, people come at their minute, and what is left goes on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use futures_util::future::join_all;

use super::{
    entering::is_away,
    people::{Kind, Person},
    round::World,
    running::{AGAIN, Running},
    seller::says,
    time, trouble,
};
use crate::{
    app::App,
    clock::Clock,
    domain::{chance::Chance, plan::delay},
    stage::Resident,
    store,
};

/// People who come within so many seconds act at the same moment.
const TOGETHER: i64 = 30;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Served {
    /// Entries with a place, and without.
    pub placed: (u64, u64),
    /// People told exactly once.
    pub told: u64,
    /// People told twice.
    pub twice: u64,
    /// On the list of the unreached, for letters and calls.
    pub unreached: u64,
    /// Neither told nor on that list.
    pub untold: u64,
    /// When results, reminders, and news of second times left, Unix seconds.
    pub sent: BTreeMap<&'static str, Vec<i64>>,
    /// When people came to the seller with a pass at their time, and at their second time; refused ones too.
    pub came: (Vec<i64>, Vec<i64>),
    /// People who came.
    pub come: u64,
    /// People who bought at their time, and at their second time.
    pub bought: (u64, u64),
    /// People who came and have nothing in the end.
    pub turned_away: u64,
    /// People with no place left who did not come.
    pub absent: u64,
    /// Seconds between coming and having bought.
    pub waits: Vec<i64>,
    /// What those were told who did not buy when they came: busy, identity, bank, not yet, bought before.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Won that the ledger says is bought, and held; and won that the seller sold.
    pub ledger: (u64, u64, u64),
    /// What went wrong, the first few.
    pub faults: Vec<String>,
    /// When results began to be told.
    pub began_at: DateTime<Utc>,
    /// When the first SMS vendor died.
    pub vendor_died_at: DateTime<Utc>,
    /// When the bank's limit was reached.
    pub bank_at: DateTime<Utc>,
}

/// When whose place begins, by receipt.
type Places = HashMap<String, DateTime<Utc>>;

/// Somebody on the way to their page, and to the seller with the pass that it shows.
struct Coming<'a> {
    person: &'a Person,
    receipt: String,
    /// Their browser, where they are known from the last time they looked.
    browser: Option<Resident>,
    /// Since when they wait.
    since: DateTime<Utc>,
    /// Whether they were refused at their time.
    again: bool,
}

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
    let mut served = Served { began_at: round.results_at, ..Served::default() };
    let running = tell(world, running, round, &mut served).await?;
    let app = &running.app;
    let mut places = Places::new();
    for place in store::assignment::list_by_rank(app.db.read(), round.id).await? {
        match place.starts_at {
            Some(starts_at) => {
                served.placed.0 += 1;
                places.insert(place.receipt, starts_at);
            }
            None => served.placed.1 += 1,
        }
    }
    let known: Vec<(&Person, String)> =
        world.people.iter().filter_map(|person| Some((person, receipt_of(person)?))).collect();
    let at_all: BTreeSet<String> = places.keys().cloned().collect();
    let grace = f64::from(world.draft.grace_hours) * 3_600.0;
    let mut coming: BTreeMap<DateTime<Utc>, Vec<Coming>> = BTreeMap::new();
    for (person, receipt) in &known {
        let Some(starts_at) = places.get(receipt).copied() else { continue };
        let Some(delay) = delay(&world.draft, grace, chance) else { continue };
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
    served.come = coming.values().map(Vec::len).sum::<usize>() as u64;
    // Somebody who comes at their time meets it for certain.
    let plain = |one: &Coming| one.person.kind == Kind::Plain;
    let at_their_time: Vec<_> =
        coming.iter().filter(|(_, all)| all.iter().any(plain)).map(|(at, _)| *at).collect();
    let middle = at_their_time.get(at_their_time.len() / 2).copied().unwrap_or(round.ends_at);
    let (from, to) = trouble::bank(middle);
    world.seller.set_bank(from, to);
    served.bank_at = from;
    let stops = time::stops(places.values().copied());
    let came: BTreeSet<String> = coming.values().flatten().map(|one| one.receipt.clone()).collect();
    sell(world, app, &places, coming, &stops, chance, &mut served, round).await?;
    served.came.0 = world.seller.came();
    served.bought.0 = world.seller.bought().len() as u64;
    served.absent = at_all.len() as u64 - served.come;
    leftovers(world, app, round, &known, &came, chance, &mut served).await?;
    let all = world.seller.bought();
    served.turned_away = came.iter().filter(|receipt| !all.contains_key(*receipt)).count() as u64;
    for (what, status) in [
        ("busy", says::BUSY),
        ("identity", says::IDENTITY),
        ("bank", says::BANK),
        ("already", says::ALREADY),
        ("refused", says::REFUSED),
    ] {
        served.refusals.insert(what, world.seller.said(status));
    }
    served.faults.extend(world.seller.refused());
    let (redeemed, held) = world.seller.ledger().await?;
    served.ledger = (redeemed, held, all.values().sum());
    for (what, reasons) in [("reminder", &["eve", "soon"][..]), ("offer", &["caught_up", "offered"])] {
        let mut all = Vec::new();
        for reason in reasons {
            all.extend(store::notice::list_attempted(app.db.read(), round.id, reason).await?);
        }
        served.sent.insert(what, all.iter().map(DateTime::timestamp).collect());
    }
    Ok((running, served))
}

/// Results: half way through them one SMS vendor dies, and where nobody entered the service is restarted.
async fn tell(
    world: &World,
    mut running: Running,
    round: &Model,
    served: &mut Served,
) -> anyhow::Result<Running> {
    let none = BTreeSet::new();
    time::pass(&running.app, round.results_at - TimeDelta::seconds(2), &none).await?;
    let before: Vec<usize> = world.people.iter().map(|person| person.post.list().len()).collect();
    let due: Vec<DateTime<Utc>> = store::notice::list(running.app.db.read(), round.id, "result")
        .await?
        .iter()
        .map(|notice| notice.planned_at)
        .collect();
    let middle = due.get(due.len() / 2).copied().unwrap_or(round.results_at);
    time::pass(&running.app, middle, &none).await?;
    world.gateway.kill_first();
    served.vendor_died_at = middle;
    if world.restarts().is_empty() {
        running = running.stop().await?.start().await?;
        world.restarted(middle);
    }
    let last = due.last().copied().unwrap_or(middle);
    time::pass(&running.app, last + TimeDelta::hours(1), &none).await?;
    for (person, before) in world.people.iter().zip(before) {
        let news = person.post.list().split_off(before.min(person.post.list().len()));
        match news.iter().flatten().filter(|text| receipt_in(text).is_some()).count() {
            0 => served.untold += 1,
            1 => served.told += 1,
            _ => served.twice += 1,
        }
    }
    let listed = store::notice::list_unreached(running.app.db.read(), round.id).await?.len() as u64;
    served.unreached = listed;
    served.untold = served.untold.saturating_sub(listed);
    let sent = store::notice::list_attempted(running.app.db.read(), round.id, "result").await?;
    served.sent.insert("result", sent.iter().map(DateTime::timestamp).collect());
    Ok(running)
}

/// Everybody comes, and whoever is refused for a while comes again.
#[allow(clippy::too_many_arguments, reason = "one loop over what all of it shares")]
async fn sell(
    world: &World,
    app: &App,
    places: &Places,
    mut coming: BTreeMap<DateTime<Utc>, Vec<Coming<'_>>>,
    stops: &BTreeSet<DateTime<Utc>>,
    chance: &mut Chance,
    served: &mut Served,
    round: &Model,
) -> anyhow::Result<()> {
    let held = TimeDelta::hours(world.draft.grace_hours.into());
    while let Some((first, _)) = coming.first_key_value() {
        let until = *first + TimeDelta::seconds(TOGETHER);
        let rest = coming.split_off(&until);
        let group: Vec<Coming> = std::mem::replace(&mut coming, rest).into_values().flatten().collect();
        time::pass(app, until, stops).await?;
        let all = join_all(group.into_iter().map(|one| come(world, one, &round.slug))).await;
        for (one, said) in all {
            let starts_at = places.get(&one.receipt).copied().context("a place")?;
            let now = app.clock.now();
            let again = match &said {
                Ok(says::BOUGHT) => {
                    let waited = if one.again { (now - one.since).num_seconds().max(0) } else { 0 };
                    served.waits.push(waited);
                    None
                }
                Ok(says::ALREADY) => None,
                Ok(says::NOT_YET) if now < starts_at => {
                    *served.refusals.entry("not_yet").or_default() += 1;
                    Some(starts_at)
                }
                // Their time is over.
                Ok(says::NOT_YET) => None,
                Ok(says::BUSY | says::BANK | says::IDENTITY) => {
                    let minutes = 10 + i64::try_from(chance.below(50)).unwrap_or(0);
                    // Whoever is late knows until when the place is held.
                    let last = starts_at + held - TimeDelta::minutes(2);
                    let at = now + TimeDelta::minutes(minutes);
                    Some(if at < last || now >= last { at } else { last }).filter(|_| now < starts_at + held)
                }
                Ok(other) => {
                    served.faults.push(format!("the seller says {other} to resident {}", one.person.number));
                    None
                }
                Err(error) => {
                    if served.faults.len() < 10 {
                        served.faults.push(format!("resident {}: {error:#}", one.person.number));
                    }
                    None
                }
            };
            if let Some(at) = again {
                let was_refused = one.again || !matches!(said, Ok(says::NOT_YET));
                coming.entry(at.max(until)).or_default().push(Coming { again: was_refused, ..one });
            }
        }
    }
    Ok(())
}

/// Looks at one's page, and goes to the seller with the pass that it shows.
async fn come<'a>(
    world: &World,
    mut one: Coming<'a>,
    slug: &str,
) -> (Coming<'a>, anyhow::Result<axum::http::StatusCode>) {
    let mut browser = one.browser.take().unwrap_or_else(|| world.resident(one.person));
    let said = buy(world, &mut browser, &one, slug).await;
    (Coming { browser: Some(browser), ..one }, said)
}

async fn buy(
    world: &World,
    browser: &mut Resident,
    one: &Coming<'_>,
    slug: &str,
) -> anyhow::Result<axum::http::StatusCode> {
    let page = page(browser, slug).await?;
    ensure!(within(&page, RECEIPT) == Some(&one.receipt), "the page shows another receipt");
    // Before one's time, and when one has bought already, there is none.
    let Some(pass) = within(&page, PASS) else { return Ok(says::NOT_YET) };
    let url = format!("http://{}/buy", world.seller.address);
    let buy = async || -> anyhow::Result<axum::http::StatusCode> {
        Ok(world.client().post(&url).body(pass.to_owned()).send().await?.status())
    };
    Ok(match one.person.kind {
        Kind::DoubleTap => {
            let (first, second) = tokio::join!(buy(), buy());
            match (first?, second?) {
                (says::BOUGHT, _) | (_, says::BOUGHT) => says::BOUGHT,
                // The one was overtaken by the other, which says what came of it.
                (says::ALREADY, other) | (other, _) => other,
            }
        }
        _ => buy().await?,
    })
}

/// What stands before a receipt, and before a pass, on one's own page.
const RECEIPT: &str = "<p class=\"receipt\"><code>";
const PASS: &str = "<code id=\"pass\">";

fn within<'a>(page: &'a str, before: &str) -> Option<&'a str> {
    page.split_once(before).and_then(|(_, rest)| rest.split_once('<')).map(|(shown, _)| shown)
}

/// One's own page; whoever is not known any more passes the identity check, and whoever finds nobody comes again.
async fn page(browser: &mut Resident, slug: &str) -> anyhow::Result<String> {
    for _ in 0..AGAIN.0 {
        let looked = async {
            let page = browser.mine(slug).await;
            match page {
                Ok(page) if page.contains(RECEIPT) => Ok(page),
                Err(error) if is_away(&error) => Err(error),
                _ => {
                    browser.identify(slug, "my").await?;
                    browser.mine(slug).await
                }
            }
        };
        match looked.await {
            Err(error) if is_away(&error) => Clock::pause(AGAIN.1).await,
            looked => return looked,
        }
    }
    bail!("the service did not come back")
}

/// The offer, and the second times of those who did not come.
async fn leftovers(
    world: &World,
    app: &App,
    round: &Model,
    known: &[(&Person, String)],
    came: &BTreeSet<String>,
    chance: &mut Chance,
    served: &mut Served,
) -> anyhow::Result<()> {
    let none = BTreeSet::new();
    while let Some((number, at)) = {
        app.rounds.forget();
        app.rounds.find(&round.slug).await?.and_then(|round| round.next_offer())
    } {
        time::pass(app, at, &none).await?;
        crate::stage::steps::reached(app, &round.slug, |round| {
            i64::try_from(round.offers.len()).unwrap_or(0) >= number
        })
        .await?;
        crate::stage::steps::planned(app, round.id).await?;
    }
    let mut places = Places::new();
    let mut coming: BTreeMap<DateTime<Utc>, Vec<Coming>> = BTreeMap::new();
    for (receipt, moves) in store::offer::list_all_moves(app.db.read(), round.id, None).await? {
        let Some(last) = moves.last() else { continue };
        let Some(starts_at) = last.starts_at else { continue };
        let Some((person, _)) = known.iter().find(|(_, other)| *other == receipt) else { continue };
        // Who missed the first time mostly comes the second time.
        if came.contains(&receipt) || chance.happens(0.8) {
            let one =
                Coming { person, receipt: receipt.clone(), browser: None, since: starts_at, again: false };
            coming.entry(starts_at).or_default().push(one);
        }
        places.insert(receipt, starts_at);
    }
    let before = world.seller.came().len();
    let stops = time::stops(places.values().copied());
    sell(world, app, &places, coming, &stops, chance, served, round).await?;
    served.came.1 = world.seller.came().split_off(before);
    served.bought.1 = world.seller.bought().len() as u64 - served.bought.0;
    Ok(())
}

fn receipt_of(person: &Person) -> Option<String> {
    person.post.list().iter().rev().flatten().find_map(|text| receipt_in(text))
}

/// `pa6e-cngm-31jc-c23t` in a text.
fn receipt_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.find(|word| word.parse::<public_audit::Receipt>().is_ok()).map(str::to_owned)
}
