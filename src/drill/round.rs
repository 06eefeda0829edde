//! The round over sockets, from the list of people to the verified record.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use reqwest::Client;

use super::{
    Options, Signature,
    counted::Counted,
    delivery::Delivery,
    entering::{self, Entered},
    gateway::Gateway,
    line,
    people::{self, Kind, Person},
    running::{Errors, Running},
    seller::{self, Seller},
    serving::{self, Served},
    stages::{Stage, say},
    time,
    trouble::{IDENTITY_DOWN, Trouble, TroubleKind},
    whole::{Whole, share},
};
use crate::{
    app::App,
    clock::Clock,
    domain::{
        chance::Chance,
        draft::{Carries, Draft},
        drill::{arrivals, scaled},
        plan::Dates,
        roster::Column,
        spread,
        state::State,
    },
    lifecycle::{
        announce::{Staff, announce},
        checkpoint, seal,
    },
    roster::{Import, import::import},
    stage::{Resident, Watch, folder, mailbox::Mailbox, port::Port, post::Phones, record, steps},
};

/// What everybody of a drill shares.
pub struct World {
    /// The round's draft, for these people.
    pub draft: Draft,
    /// Everybody who takes part.
    pub people: Vec<Person>,
    /// A few who come after the close.
    pub late: Vec<Person>,
    /// The SMS vendors.
    pub gateway: Gateway,
    /// What they and the mail server bring, and what not.
    pub delivery: Arc<Delivery>,
    /// What was counted where it happened.
    pub counted: Arc<Counted>,
    /// Who sells.
    pub seller: Seller,
    /// What went wrong for residents.
    pub errors: Errors,
    client: Client,
    site: Arc<str>,
    watch: Watch,
    noted: Mutex<Vec<Trouble>>,
}

impl World {
    /// Somebody with a browser.
    pub fn resident(&self, person: &Person) -> Resident {
        let lost = self.errors.lost_codes.clone();
        let resident = Resident::new(self.client.clone(), self.site.clone(), person.post.clone(), lost);
        resident.watched(self.watch.clone())
    }

    /// The connections of all of them.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Notes trouble that was made with the service.
    pub fn note(&self, trouble: Trouble) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).push(trouble);
    }

    /// What was noted.
    fn noted(&self) -> Vec<Trouble> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What came of it.
pub struct Played {
    /// People.
    pub people: u64,
    /// Entering.
    pub entered: Entered,
    /// Everything after it.
    pub served: Served,
    /// What was done to it.
    pub trouble: Vec<Trouble>,
    /// Requests that found nobody.
    pub away: u64,
    /// Whether the record verifies; if not, the report.
    pub wrong_record: Option<String>,
}

/// A round that is announced on a service of its own. From here on it is the round that does not hold when something does
/// not go on.
pub struct Announced {
    world: World,
    running: Running,
    round: Model,
    count: u64,
    chance: Chance,
}

/// Announces the round, and says by whose signature.
///
/// # Errors
/// What it needs and does not get, or why it is not announced.
pub async fn announced(
    whole: &Whole,
    scale: f64,
    options: &Options,
    dir: &Path,
) -> anyhow::Result<(Announced, Signature)> {
    let mut draft = scaled(&whole.draft, scale).map_err(|problems| anyhow::anyhow!(problems.join("\n  ")))?;
    draft.seller = vec![seller::terms(whole.seller.per_second)];
    let mut chance = Chance(options.seed ^ 0x0d21_11ed);
    let clock = Clock::set(local(&draft.times.opens)? - TimeDelta::hours(26), 1);
    let counted = Arc::new(Counted::new(clock.clone()));
    let delivery = Arc::new(Delivery::new(counted.clone(), IDENTITY_DOWN, Chance(chance.bits())));
    let mailbox = Arc::new(Mailbox::bind_with((Ipv4Addr::LOCALHOST, 0), Some(delivery.clone())).await?);
    let phones = Arc::<Phones>::default();
    let gateway = Gateway::start(phones.clone(), delivery.clone()).await?;
    let port = Port::take()?;
    let site: Arc<str> = format!("http://{}", port.address).into();
    let mut config = folder::config(dir, &site, mailbox.addr().port(), "drill");
    config.sms = Some(gateway.config());
    config.metrics.set_port(0);
    config.limits.drain_ms = 2_000;
    let count = draft.expect.entrants.unwrap_or(1);
    let mut places = line::places(count, &mut chance);
    let mut kinds = people::kinds(count, draft.registers(), draft.expect.show(), &mut chance);
    // Whoever comes after the close does nothing else.
    places.extend(line::places((count / 50).max(1), &mut chance));
    kinds.resize(places.len(), (Kind::Plain, false));
    let mut people = people::people(places, kinds, &draft, &mailbox, &phones, &mut chance)?;
    let late = people.split_off(usize::try_from(count)?);
    people::lose(&mut people);
    // What it takes in ten seconds at full size, in a window as much longer.
    let room = (whole.seller.per_second * share(options.capacity) * 10.0).max(1.0);
    let client = Resident::client()?;
    let seller = Seller::start(
        clock.clone(),
        (10.0 / scale, room),
        client.clone(),
        site.clone(),
        Chance(chance.bits()),
    )
    .await?;
    let running = Running::start(config, clock, port).await?;
    let watch: Watch = {
        let counted = counted.clone();
        Arc::new(move |address: &str| counted.add(Carries::Pages, address))
    };
    let world = World {
        draft,
        people,
        late,
        gateway,
        delivery,
        counted,
        seller,
        errors: Errors::default(),
        client,
        site,
        watch,
        noted: Mutex::default(),
    };
    let round = begin(&world, &running.app, dir).await?;
    let name = checkpoint::origin(&running.app).await?;
    let signature = Signature { keys: running.app.keys.clone(), name };
    Ok((Announced { world, running, round, count, chance }, signature))
}

/// Plays it.
///
/// # Errors
/// When it comes to a halt.
pub async fn play(announced: Announced, dir: &Path) -> anyhow::Result<Played> {
    let Announced { world, running, round, count, mut chance } = announced;
    let (running, entered) = if world.draft.registers() {
        let dates = dates(&round, &world.draft);
        let at = arrivals(&dates, count, &world.draft.expect, &mut chance);
        entering::enter(&world, running, &round, at, &mut chance).await?
    } else {
        // Corrections of the list; its members are enrolled.
        for at in [round.opens_at, round.opens_at + TimeDelta::minutes(10), round.closes_at] {
            time::pass(&running.app, at, &[].into()).await?;
        }
        (running, Entered::default())
    };
    let in_pool = if world.draft.registers() { entered.entered } else { count };
    draw(&running.app, &round, in_pool).await?;
    let (running, served) = serving::serve(&world, running, &round, &mut chance).await?;
    let wrong_record = wrong_record(&world.site, &round.slug, dir).await?;
    say(&Stage::Verified(served.placed.0 + served.placed.1, wrong_record.is_none()));
    let trouble = troubles(&world, &entered, &served);
    running.stop().await?;
    world.seller.stop().await;
    world.gateway.stop().await;
    let away = world.errors.away();
    Ok(Played { people: count, entered, served, trouble, away, wrong_record })
}

fn local(text: &str) -> anyhow::Result<DateTime<Utc>> {
    crate::domain::draft::local_time(text).map_err(|problem| anyhow::anyhow!("{problem}"))
}

/// The list of people, where there is one, and the announcement.
async fn begin(world: &World, app: &App, dir: &Path) -> anyhow::Result<Model> {
    let staff = Staff::new("drill clerk", "drill approver");
    if let Some(name) = &world.draft.roster {
        let file = dir.join("people.csv");
        std::fs::write(&file, people::roster(&world.people, &world.draft))?;
        let own = people::own_columns(&world.draft).into_iter();
        let wanted = Import {
            name: name.clone(),
            file,
            maps: own.map(|name| (name.clone(), Column::Field(name))).collect(),
            match_by: None,
            leave_out: false,
            resume: false,
        };
        // The first of its name is in use at once; only another one would have to be confirmed.
        import(app, wanted, Arc::new(|_, _, _| {})).await?;
    }
    let key = seller::enlist(app).await?;
    let round = announce(app, &world.draft, &staff).await?;
    world.seller.sell_for(&round.slug, key);
    Ok(round)
}

fn dates(round: &Model, draft: &Draft) -> Dates {
    Dates {
        opens: round.opens_at,
        closes: round.closes_at,
        seals: round.seals_at,
        results: round.results_at,
        spread: spread::in_minutes(draft.spread_hours),
    }
}

/// Nothing is pressed: the clock comes to each step, and the service takes it.
async fn draw(app: &App, round: &Model, in_pool: u64) -> anyhow::Result<()> {
    let slug = round.slug.as_str();
    for (at, state) in [(round.closes_at, State::Closed), (round.seals_at, State::Sealed)] {
        time::pass(app, at, &[].into()).await?;
        let reached = steps::reached(app, slug, |round| round.state(app.clock.now()) == state).await;
        if reached.is_err() && state == State::Sealed {
            // What the service says in its log the report says too.
            seal::read(app, round.clone(), app.clock.now()).await.context("the pool cannot be sealed")?;
        }
        reached.with_context(|| format!("the round was not {}", state.key()))?;
    }
    say(&Stage::Sealed(in_pool));
    time::pass(app, round.reveals_at, &[].into()).await?;
    steps::reached(app, slug, |round| round.row.revealed_at.is_some()).await?;
    time::pass(app, round.pulse_at, &[].into()).await?;
    steps::reached(app, slug, |round| round.row.drawn_at.is_some()).await?;
    steps::planned(app, round.id).await
}

/// The published record, recomputed by the library that citizens use.
async fn wrong_record(site: &str, slug: &str, dir: &Path) -> anyhow::Result<Option<String>> {
    let folder = record::download(site, slug, &dir.join("record")).await?;
    let mut files = BTreeMap::new();
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        files.insert(file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path())?);
    }
    let report = public_audit::verify::verify(&files)?;
    Ok((!report.matches).then(|| report.to_string()))
}

fn troubles(world: &World, entered: &Entered, served: &Served) -> Vec<Trouble> {
    let lost = world.errors.lost_codes.load(Ordering::Relaxed) + world.seller.said(seller::says::IDENTITY);
    // From the first code on: where nobody enters, people ask for one when they come to buy.
    let first = entered.at.first().and_then(|at| DateTime::from_timestamp(*at, 0));
    let made = |kind, at, met| Trouble { kind, at, met, of: None };
    let mut all = vec![
        made(TroubleKind::Identity, first.unwrap_or(served.first_came_at), lost),
        made(TroubleKind::Vendor, served.vendor_died_at, world.gateway.refused()),
        made(TroubleKind::Bank, served.bank_at, world.seller.said(seller::says::BANK)),
    ];
    all.extend(world.noted());
    all.sort_by_key(|trouble| trouble.at);
    all
}
