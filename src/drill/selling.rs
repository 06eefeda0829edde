//! Who comes to buy, over real sockets: to their page, to the seller with the pass that it shows, and again if they are
//! refused for a while. Once the service is away when somebody comes.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, ensure};
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::{
    people::{Kind, Person},
    round::World,
    running::{AGAIN, Running},
    seller::says,
    serving::Served,
    stages::{Stage, Steps, say},
    time,
    trouble::{AWAY_MINUTES, Trouble, TroubleKind},
};
use crate::{
    clock::Clock,
    domain::chance::Chance,
    stage::{Refused, Resident},
};

/// When whose place begins, by receipt.
pub type Places = HashMap<String, DateTime<Utc>>;

/// Somebody on the way to their page, and to the seller with the pass that it shows.
pub struct Coming<'a> {
    /// Who.
    pub person: &'a Person,
    /// Their entry.
    pub receipt: String,
    /// Their browser, where they are known from the last time they looked.
    pub browser: Option<Resident>,
    /// Since when they want to buy: their time, or when they came after it.
    pub since: DateTime<Utc>,
    /// Whether they had to wait: refused, or nobody there.
    pub again: bool,
}

impl Coming<'_> {
    /// Seconds that they have waited for.
    pub fn waited(&self, now: DateTime<Utc>) -> i64 {
        if self.again { (now - self.since).num_seconds().max(0) } else { 0 }
    }
}

/// What is sold to whom.
pub struct Sale<'a> {
    /// Everything.
    pub world: &'a World,
    /// Of which round.
    pub slug: &'a str,
    /// Whose time is when.
    pub places: Places,
    /// The first who come from then on find the service away.
    pub outage_at: Option<DateTime<Utc>>,
}

/// What somebody was told in the end.
type Said = anyhow::Result<StatusCode>;

/// Everybody comes, and whoever is refused for a while comes again. Returns the instance that runs in the end.
///
/// # Errors
/// When the service does not come back.
pub async fn sell(
    sale: &Sale<'_>,
    mut running: Running,
    mut coming: BTreeMap<DateTime<Utc>, Vec<Coming<'_>>>,
    chance: &mut Chance,
    served: &mut Served,
) -> anyhow::Result<Running> {
    let held = TimeDelta::hours(sale.world.draft.grace_hours.into());
    let stops = time::stops(sale.places.values().copied());
    let mut outage_at = sale.outage_at;
    // Whoever has bought has waited, for however long.
    let before = served.waits.len();
    let mut steps = Steps::new(coming.values().map(Vec::len).sum::<usize>() as u64);
    while let Some((first, _)) = coming.first_key_value() {
        let until = *first + sale.world.seller.together();
        let rest = coming.split_off(&until);
        let group: Vec<Coming> = std::mem::replace(&mut coming, rest).into_values().flatten().collect();
        time::pass(&running.app, until, &stops).await?;
        let is_away = outage_at.take_if(|at| *at <= until).is_some();
        let all = if is_away {
            let back = running.app.clock.now() + TimeDelta::minutes(AWAY_MINUTES);
            let rest = coming.split_off(&back);
            let during = std::mem::replace(&mut coming, rest);
            let (again, all) = without_service(sale, running, group, (&during, back)).await?;
            running = again;
            // Whoever came meanwhile found nobody, and comes again.
            let now = running.app.clock.now();
            for one in during.into_values().flatten() {
                let starts_at = sale.places.get(&one.receipt).copied().context("a place")?;
                let at = later(now, starts_at + held, chance).unwrap_or(now);
                coming.entry(at).or_default().push(Coming { again: true, ..one });
            }
            all
        } else {
            let all = join_all(group.into_iter().map(|one| come(sale, one))).await;
            all.into_iter().map(|(done, _)| done).collect()
        };
        for (one, said) in all {
            let starts_at = sale.places.get(&one.receipt).copied().context("a place")?;
            let now = running.app.clock.now();
            let again = match &said {
                Ok(says::BOUGHT) => {
                    served.waits.push(one.waited(now));
                    None
                }
                Ok(says::ALREADY) => None,
                Ok(says::NOT_YET) if now < starts_at => {
                    *served.refusals.entry("not_yet").or_default() += 1;
                    Some(starts_at)
                }
                // Their time is over.
                Ok(says::NOT_YET) => None,
                Ok(says::BUSY | says::BANK | says::IDENTITY) => later(now, starts_at + held, chance),
                // It tells itself what the pass API said.
                Ok(says::REFUSED) => None,
                Ok(other) => {
                    served.faults.add(format!("the seller says {other} to resident {}", one.person.number));
                    None
                }
                Err(error) => {
                    served.faults.add(format!("resident {}: {error:#}", one.person.number));
                    None
                }
            };
            if let Some(at) = again {
                let was_refused = one.again || !matches!(said, Ok(says::NOT_YET));
                coming.entry(at.max(until)).or_default().push(Coming { again: was_refused, ..one });
            }
        }
        let done = (served.waits.len() - before) as u64;
        if let Some(of) = steps.further(done) {
            say(&Stage::Buying { done, of });
        }
    }
    Ok(running)
}

/// When somebody comes again who could not be served now; not at all once the place is held no more.
fn later(now: DateTime<Utc>, held_until: DateTime<Utc>, chance: &mut Chance) -> Option<DateTime<Utc>> {
    let minutes = 10 + i64::try_from(chance.below(50)).unwrap_or(0);
    // Whoever is late knows until when the place is held.
    let last = held_until - TimeDelta::minutes(2);
    let at = now + TimeDelta::minutes(minutes);
    Some(if at < last || now >= last { at } else { last }).filter(|_| now < held_until)
}

/// They come, and while they are in the middle of it the service goes. Until it is back, whoever comes tries once and finds
/// nobody, each when they were to come.
async fn without_service<'a>(
    sale: &Sale<'_>,
    running: Running,
    group: Vec<Coming<'a>>,
    (during, back): (&BTreeMap<DateTime<Utc>, Vec<Coming<'a>>>, DateTime<Utc>),
) -> anyhow::Result<(Running, Vec<(Coming<'a>, Said)>)> {
    let (world, clock) = (sale.world, running.app.clock.clone());
    let (at, before) = (clock.now(), world.counted.answers());
    let again = async {
        world.counted.answered_after(before).await;
        let stopped = running.stop().await?;
        let mut met = 0;
        for (at, some) in during {
            clock.jump_to(*at);
            let tries = some.iter().map(|one| async move {
                let mut browser = world.resident(one.person);
                world.errors.finds_nobody(async || browser.mine(sale.slug).await).await
            });
            met += join_all(tries).await.into_iter().filter(|found_nobody| *found_nobody).count();
        }
        Clock::pause(AGAIN.1 * 3).await;
        clock.jump_to(back);
        anyhow::Ok((stopped.start().await?, met))
    };
    let (all, again) = tokio::join!(join_all(group.into_iter().map(|one| come(sale, one))), again);
    let (running, met) = again?;
    let of = all.len() + during.values().map(Vec::len).sum::<usize>();
    let met = met + all.iter().filter(|(_, was_away)| *was_away).count();
    world.note(Trouble { kind: TroubleKind::Outage, at, met: met as u64, of: Some(of as u64) });
    Ok((running, all.into_iter().map(|(done, _)| done).collect()))
}

/// Looks at one's page, and goes to the seller with the pass that it shows. Whoever finds nobody there at first, in their
/// time, waits; and whether somebody did.
async fn come<'a>(sale: &Sale<'_>, mut one: Coming<'a>) -> ((Coming<'a>, Said), bool) {
    let (errors, began) = (&sale.world.errors, sale.world.counted.now());
    let mut browser = one.browser.take().unwrap_or_else(|| sale.world.resident(one.person));
    let (page, was_away) = errors.insist_noting(async || page(&mut browser, sale.slug).await).await;
    let said = match page {
        Ok(page) => buy(sale, &page, &one).await,
        Err(error) => Err(error),
    };
    let again = one.again || (was_away && one.since.timestamp() <= began);
    ((Coming { browser: Some(browser), again, ..one }, said), was_away)
}

/// Buys with the pass of a page.
async fn buy(sale: &Sale<'_>, page: &str, one: &Coming<'_>) -> Said {
    let world = sale.world;
    ensure!(within(page, RECEIPT) == Some(&one.receipt), "the page shows another receipt");
    // Before one's time, and when one has bought already, there is none.
    let Some(pass) = within(page, PASS) else { return Ok(says::NOT_YET) };
    let url = format!("http://{}/buy", world.seller.address());
    let buy = async || -> Said { Ok(world.client().post(&url).body(pass.to_owned()).send().await?.status()) };
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

/// One's own page; whoever is not known any more passes the identity check.
async fn page(browser: &mut Resident, slug: &str) -> anyhow::Result<String> {
    match browser.mine(slug).await {
        Ok(page) if page.contains(RECEIPT) => return Ok(page),
        // A page that says no asks who one is; what is broken says nothing about that.
        Err(error) if !says_no(&error) => return Err(error),
        _ => {}
    }
    browser.identify(slug, "my").await?;
    browser.mine(slug).await
}

fn says_no(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refused>().is_some_and(|refused| refused.0.is_client_error())
}
