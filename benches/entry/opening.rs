//! How exactly a round opens: real sockets, a process of its own, its own clock.
//!
//! `cargo bench --bench entry -- opening [--quiet 800] [--restarts 20]`
//!
//! Somebody presses every few milliseconds from before the opening on until they are in. Ten openings stand around each
//! restart, within a second before and after it; every second restart is a SIGKILL. Openings are moved to
//! milliseconds in the database and follow each other closely: the same round opens again and again, each time for somebody
//! new.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use clap::Args;
use entities::round;
use jebi::{
    app::App,
    clock::Clock,
    demo,
    domain::draft::{BeaconChoice, Draft},
    lifecycle::announce::{Staff, announce},
    secret::random_below,
    store,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use tokio::{io::AsyncWriteExt, net::TcpStream, runtime::Runtime};

use crate::{
    aim::{Aim, said},
    generator::answer,
    real::{Jebi, receipt_of},
    served::Place,
};

#[derive(Debug, Args)]
pub struct Options {
    /// Openings with nothing else going on
    #[arg(long, default_value_t = 800)]
    quiet: usize,
    /// Restarts, with ten openings each
    #[arg(long, default_value_t = 20)]
    restarts: usize,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

/// Rounds that take turns in opening, so that each is read again by the service before it opens.
const ROUNDS: usize = 40;
/// Openings around a restart.
const AROUND: usize = 10;
/// Between two openings.
const GAP: TimeDelta = TimeDelta::milliseconds(100);
/// So long before an opening it is fixed: rounds are read again after a second.
const AHEAD: TimeDelta = TimeDelta::milliseconds(2_500);
/// So long before an opening somebody begins to press, and so often.
const EARLY: TimeDelta = TimeDelta::milliseconds(150);
const EVERY: Duration = Duration::from_millis(3);

/// One opening.
struct Opened {
    round: usize,
    person: usize,
    opens: DateTime<Utc>,
    /// When the first acceptance was read.
    accepted: DateTime<Utc>,
    tries: usize,
}

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    server.block_on(async {
        let jebi = Arc::new(Jebi::start(folder.path(), None).await);
        let slugs = rounds(&jebi.app).await;
        let place = Place::new(&jebi, "one", "");
        let mut serving = place.start();
        let started = serving.ready().await;

        let quiet = quiet(&jebi, &slugs, place.addr, options.quiet).await;
        let mut around = Vec::new();
        let mut ups = Vec::new();
        for cycle in 0..options.restarts {
            let restart = Clock::wall().now().trunc_subsecs(3) + AHEAD + TimeDelta::seconds(1);
            let people = options.quiet + cycle * AROUND;
            let presses = (0..AROUND).map(|one| {
                let within = i64::try_from(200 * one).expect("small")
                    + i64::try_from(random_below(200)).expect("small");
                let opens = restart + TimeDelta::milliseconds(within - 1_000);
                // The rounds take turns here too.
                press(
                    jebi.clone(),
                    slugs.clone(),
                    (cycle * AROUND + one) % ROUNDS,
                    people + one,
                    opens,
                    place.addr,
                )
            });
            let presses: Vec<_> = presses.map(tokio::spawn).collect();
            Clock::wall().sleep_until(restart).await;
            if cycle % 2 == 0 {
                tokio::task::block_in_place(|| serving.stop());
            } else {
                serving.kill();
            }
            serving = place.start();
            serving.ready().await;
            let up = Clock::wall().now();
            ups.push((up - restart).num_milliseconds());
            for press in presses {
                around.push((press.await.expect("pressed"), up));
            }
        }
        drop(serving);
        jebi.settle().await;
        let early = early(&jebi, &slugs, quiet.iter().chain(around.iter().map(|(opened, _)| opened))).await;
        print(&quiet, &around, &ups, early, started);
        eprint!("{}", place.log());
    });
}

async fn rounds(app: &App) -> Arc<Vec<String>> {
    let opens = Clock::wall().now() + TimeDelta::hours(1);
    let mut slugs = Vec::new();
    for number in 0..ROUNDS {
        let draft = demo::tongyeong(opens, 10_000);
        let draft = Draft { slug: format!("opening-{number}"), beacon: BeaconChoice::None, ..draft };
        announce(app, &draft, &Staff::new("clerk", "approver")).await.expect("announced");
        slugs.push(draft.slug);
    }
    Arc::new(slugs)
}

async fn quiet(jebi: &Arc<Jebi>, slugs: &Arc<Vec<String>>, addr: SocketAddr, count: usize) -> Vec<Opened> {
    let base = Clock::wall().now().trunc_subsecs(3) + AHEAD * 2;
    let all = Arc::new(Mutex::new(Vec::new()));
    let turns = (0..ROUNDS.min(count)).map(|round| {
        let (jebi, slugs, all) = (jebi.clone(), slugs.clone(), all.clone());
        tokio::spawn(async move {
            for person in (round..count).step_by(ROUNDS) {
                let opens = base + GAP * i32::try_from(person).expect("few");
                Clock::wall().sleep_until(opens - AHEAD).await;
                let opened = press(jebi.clone(), slugs.clone(), round, person, opens, addr).await;
                all.lock().expect("unharmed").push(opened);
            }
        })
    });
    for turn in turns.collect::<Vec<_>>() {
        turn.await.expect("a turn");
    }
    std::mem::take(&mut *all.lock().expect("unharmed"))
}

/// Fixes when a round opens, and presses until somebody is in.
async fn press(
    jebi: Arc<Jebi>,
    slugs: Arc<Vec<String>>,
    round: usize,
    person: usize,
    opens: DateTime<Utc>,
    addr: SocketAddr,
) -> Opened {
    let slug = &slugs[round];
    let txn = jebi.app.db.begin().await.expect("a transaction");
    let moved = round::Entity::update_many().col_expr(round::Column::OpensAt, Expr::value(opens));
    moved.filter(round::Column::Slug.eq(slug.as_str())).exec(&txn).await.expect("moved");
    txn.commit().await.expect("committed");
    let visitor = jebi.visitor(person, slug);
    let body = jebi.form(&visitor);
    let request = format!(
        "POST /rounds/{slug}/entry HTTP/1.1\r\nhost: 127.0.0.1\r\n{}content-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        jebi.browser(&visitor),
        body.len()
    );
    Clock::wall().sleep_until(opens - EARLY).await;
    let (mut stream, mut tries) = (None, 0);
    loop {
        tries += 1;
        if once(&mut stream, addr, request.as_bytes()).await {
            return Opened { round, person, opens, accepted: Clock::wall().now(), tries };
        }
        Clock::pause(EVERY).await;
    }
}

/// One press; a new connection where the last one is gone. Whether it was accepted.
async fn once(stream: &mut Option<TcpStream>, addr: SocketAddr, request: &[u8]) -> bool {
    let mut buffer = [0; 8_192];
    let mut open = match stream.take() {
        Some(open) => open,
        None => match TcpStream::connect(addr).await {
            Ok(open) => open,
            Err(_) => return false,
        },
    };
    let _ = open.set_nodelay(true);
    if open.write_all(request).await.is_err() {
        return false;
    }
    let Ok((head, _)) = answer(&mut open, &mut buffer).await else { return false };
    *stream = Some(open);
    buffer[..head].starts_with(b"HTTP/1.1 303 ") && buffer[..head].windows(4).any(|part| part == b"/my\r")
}

/// How many were accepted before their round opened, by our clock and by the entry's own instant.
async fn early<'a>(jebi: &Jebi, slugs: &[String], all: impl Iterator<Item = &'a Opened>) -> usize {
    let mut early = 0;
    for opened in all {
        let round = jebi.app.rounds.find(&slugs[opened.round]).await.expect("read").expect("there");
        let receipt = receipt_of(&round, opened.person);
        let entry = store::entry::find(jebi.app.db.read(), round.row.id, &receipt).await.expect("read");
        let entered = entry.expect("who was accepted is there").entered_at;
        early += usize::from(opened.accepted < opened.opens || entered < opened.opens);
    }
    early
}

fn print(quiet: &[Opened], around: &[(Opened, DateTime<Utc>)], ups: &[i64], early: usize, started: Duration) {
    println!("### How exactly a round opens\n");
    println!(
        "{} openings with nothing else going on, and {} within a second before or after a restart ({} restarts, every \
         second one a SIGKILL; ready again after {} ms at most, {} ms at first). Somebody presses every {} ms. **{early} were \
         accepted early**, by the clock of who pressed or by the instant of the entry; none is the aim, reached: {}. What is \
         measured is a delay, beside an aim in milliseconds of the clock: no floor of another program stands beside it.\n",
        quiet.len(),
        around.len(),
        ups.len(),
        ups.iter().max().unwrap_or(&0),
        started.as_millis(),
        EVERY.as_millis(),
        said(early == 0),
    );
    println!("| first acceptance after, ms | openings | median | 99 % | latest | aim | reached |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    let after = |opened: &Opened, since: DateTime<Utc>| {
        (opened.accepted - since).num_microseconds().unwrap_or(0) as f64 / 1e3
    };
    // Of all three: what was asked makes no exception for an opening into which a restart falls.
    let aim = Aim::AtMost(100.0);
    let line = |what: &str, mut late: Vec<f64>| {
        late.sort_by(f64::total_cmp);
        let at = |q: f64| late.get(((late.len() as f64 * q) as usize).min(late.len().saturating_sub(1)));
        let [median, most, last] = [0.5, 0.99, 1.0].map(|q| at(q).copied().unwrap_or(f64::NAN));
        println!("| {what} | {} | {median:.1} | {most:.1} | {last:.1} | {} |", late.len(), aim.cells(last));
    };
    line("the opening", quiet.iter().map(|opened| after(opened, opened.opens)).collect());
    let ready = around.iter().map(|(opened, up)| {
        // Whoever was in before the restart was not waiting for it.
        let since = if opened.accepted < *up { opened.opens } else { opened.opens.max(*up) };
        after(opened, since)
    });
    line("the opening, or ready again after the restart", ready.collect());
    line(
        "the opening, the restart included",
        around.iter().map(|(opened, _)| after(opened, opened.opens)).collect(),
    );
    let tries: usize = quiet.iter().map(|opened| opened.tries).sum();
    println!("\n{tries} presses in the first row.");
}
