//! Very many people at once: everybody reads the page with the last button and presses it.
//!
//! `cargo bench --bench entry -- herd [--people 100000] [--sockets 20000] [--seconds 60]`
//!
//! They come as a crowd does: a tenth in the first hundredth of the time, half in the first quarter. A socket is opened by
//! the first of its people when they come, so that all of them are opened within a few seconds; it carries several people
//! one after another, as a proxy's does. Whoever is asked to come back does so when they were told to.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    io,
    net::SocketAddr,
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use clap::Args;
use jebi::store;
use rustix::{
    io::Errno,
    net::{RecvFlags, recv},
    process::{Resource, Rlimit, getrlimit, setrlimit},
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    runtime::Runtime,
    sync::Mutex,
    task::LocalSet,
    time::{sleep, sleep_until},
};

use crate::{
    Schema,
    aim::{Aim, said},
    generator::answer,
    real::Jebi,
    served::Place,
    table::quantile_ms,
};

#[derive(Debug, Args)]
pub struct Options {
    /// People, each of whom enters
    #[arg(long, default_value_t = 100_000)]
    people: usize,
    /// Connections at once; fewer where the system allows a process fewer files
    #[arg(long, default_value_t = 20_000)]
    sockets: usize,
    /// Within which they come
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// Within which all must be in, else it is given up
    #[arg(long, default_value_t = 600.0)]
    patience: f64,
    /// On this PostgreSQL, in a schema of its own, instead of SQLite
    #[arg(long)]
    postgres: Option<String>,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

/// Files that are no sockets of people.
const OTHERS: usize = 256;

/// What came of it.
#[derive(Default)]
struct Seen {
    statuses: RefCell<BTreeMap<u16, usize>>,
    /// What people were told to wait.
    waits: RefCell<Vec<u64>>,
    /// Answers that nobody got: connections that ended or were never made, and what the system said of them.
    lost: RefCell<BTreeMap<String, usize>>,
    /// Requests of each person.
    requests: RefCell<Vec<u32>>,
    latencies: RefCell<Vec<u32>>,
    last: Cell<Option<Instant>>,
}

/// A socket, or none yet; people on it take turns.
type Socket = Rc<Mutex<Option<TcpStream>>>;

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = options.postgres.as_ref().map(|url| server.block_on(Schema::new(url)));
    let url = schema.as_ref().map(|schema| schema.url.as_str());
    let jebi = server.block_on(Jebi::start(folder.path(), url));
    let sockets = options.sockets.min(files().saturating_sub(OTHERS));
    let place = Place::new(&jebi, "one", &format!("[limits]\nconnections = {}", options.sockets));
    let people: Vec<[Vec<u8>; 2]> = (0..options.people).map(|number| requests(&jebi, number)).collect();
    let mut serving = place.start();
    server.block_on(serving.ready());

    let (seen, begun) = come(options, serving.addr, sockets, people);
    let peak = serving.peak_mib();
    // Everybody who was told so is in the list; the instance folds by itself.
    let count = server.block_on(async {
        while !store::inbox::is_empty(jebi.app.db.read()).await.expect("read") {
            sleep(Duration::from_millis(50)).await;
        }
        store::entry::count(jebi.app.db.read(), jebi.round_id).await.expect("counted")
    });
    let folded = begun.elapsed();
    serving.stop();
    drop(jebi);
    let promises = schema.as_ref().map(|schema| schema.promises.clone());
    if let Some(schema) = schema {
        server.block_on(schema.drop());
    }
    print(options, promises.as_deref(), sockets, &seen, begun, (count, folded, peak));
    if !place.log().is_empty() {
        println!("\nIts log was not empty: {}", place.log().lines().next().unwrap_or_default());
    }
}

/// The page with the last button, and the button.
fn requests(jebi: &Jebi, number: usize) -> [Vec<u8>; 2] {
    let (slug, visitor) = (&jebi.slug, jebi.visitor(number, &jebi.slug));
    let browser = jebi.browser(&visitor);
    let body = jebi.form(&visitor);
    let page = format!("GET /rounds/{slug}/check HTTP/1.1\r\nhost: 127.0.0.1\r\n{browser}\r\n");
    let entry = format!(
        "POST /rounds/{slug}/entry HTTP/1.1\r\nhost: 127.0.0.1\r\n{browser}content-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    [page.into_bytes(), entry.into_bytes()]
}

fn come(
    options: &Options,
    addr: SocketAddr,
    sockets: usize,
    people: Vec<[Vec<u8>; 2]>,
) -> (Rc<Seen>, Instant) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seen = Rc::new(Seen::default());
    let begun = LocalSet::new().block_on(&runtime, async {
        let open: Vec<Socket> = (0..sockets).map(|_| Socket::default()).collect();
        let begun = Instant::now();
        let (count, seconds) = (people.len() as f64, options.seconds);
        let until = begun + Duration::from_secs_f64(options.patience);
        let people: Vec<_> = people
            .into_iter()
            .enumerate()
            .map(|(number, requests)| {
                let at = begun + Duration::from_secs_f64(seconds * (number as f64 / count).powi(2));
                let person = person(open[number % sockets].clone(), addr, at, until, requests, seen.clone());
                tokio::task::spawn_local(person)
            })
            .collect();
        for person in people {
            person.await.expect("a person");
        }
        begun
    });
    (seen, begun)
}

async fn person(
    socket: Socket,
    addr: SocketAddr,
    at: Instant,
    until: Instant,
    [page, entry]: [Vec<u8>; 2],
    seen: Rc<Seen>,
) {
    sleep_until(at.into()).await;
    let mut requests = 0;
    let mut wanted = &page;
    loop {
        let begun = Instant::now();
        requests += 1;
        // Whoever gets no answer tries again, as a browser does by itself once and a person then.
        let wait = match ask(&socket, addr, wanted).await {
            Ok((status, wait)) => {
                *seen.statuses.borrow_mut().entry(status).or_default() += 1;
                let took = begun.elapsed().as_micros().try_into().unwrap_or(u32::MAX);
                seen.latencies.borrow_mut().push(took);
                match status {
                    200 if std::ptr::eq(wanted, &page) => {
                        wanted = &entry;
                        continue;
                    }
                    303 => break seen.last.set(Some(Instant::now())),
                    503 => {
                        seen.waits.borrow_mut().push(wait);
                        Duration::from_secs(wait.max(1))
                    }
                    // Anything else is seen in the table, and the person gives up.
                    _ => break,
                }
            }
            Err(error) => {
                *seen.lost.borrow_mut().entry(error.to_string()).or_default() += 1;
                Duration::from_secs(1)
            }
        };
        if Instant::now() + wait > until {
            break;
        }
        sleep(wait).await;
    }
    seen.requests.borrow_mut().push(requests);
}

/// One request on a socket that several people share. Status, and seconds to wait.
async fn ask(socket: &Socket, addr: SocketAddr, request: &[u8]) -> io::Result<(u16, u64)> {
    let mut kept = socket.lock().await;
    let mut buffer = vec![0; 8_192];
    // Nobody sends anything on a connection that the other side has closed meanwhile, which it does after half a minute
    // of silence: a browser and a proxy look first, and make a new one.
    // (The system is asked: what this thread has heard of the socket may be old, as it is as busy as the server.)
    let open = kept.take().filter(|stream| {
        let look = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        recv(stream, &mut [0], look).is_err_and(|error| error == Errno::AGAIN)
    });
    let mut stream = match open {
        Some(stream) => stream,
        None => TcpStream::connect(addr).await?,
    };
    stream.set_nodelay(true)?;
    stream.write_all(request).await?;
    let (head, _) = answer(&mut stream, &mut buffer).await?;
    let head = String::from_utf8_lossy(&buffer[..head]);
    let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let line = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(said, _)| said.eq_ignore_ascii_case(name))
    };
    let wait = line("retry-after").and_then(|(_, seconds)| seconds.trim().parse().ok()).unwrap_or(0);
    if line("connection").is_none_or(|(_, said)| said != "close") {
        *kept = Some(stream);
    }
    Ok((status, wait))
}

/// How many files this process may have open, once it has asked for all it may.
fn files() -> usize {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    getrlimit(Resource::Nofile)
        .current
        .map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

fn print(
    options: &Options,
    promises: Option<&str>,
    sockets: usize,
    seen: &Seen,
    begun: Instant,
    (entries, folded, peak): (u64, Duration, f64),
) {
    let engine = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let grouped = |count: usize| jebi::words::number::grouped(count as u64);
    println!("### A herd of {} people, on {engine}\n", grouped(options.people));
    if let Some(promises) = promises {
        println!("{promises}\n");
    }
    // Whoever comes as number n of N comes at the square of n/N.
    let opened = options.seconds * (sockets as f64 / options.people.max(1) as f64).min(1.0).powi(2);
    println!(
        "On {} sockets, within {} s, half of them in the first quarter: each reads the page with the last button and \
         presses it, on one `jebi serve` beside the generator on the same cores. No socket is open before; all are opened \
         within the first {opened:.1} s.\n",
        grouped(sockets),
        options.seconds
    );
    let requests = seen.requests.borrow();
    let mean = requests.iter().map(|count| f64::from(*count)).sum::<f64>() / requests.len().max(1) as f64;
    let statuses = seen.statuses.borrow();
    let only_these = statuses.keys().all(|status| matches!(status, 200 | 303 | 503));
    let statuses: Vec<String> =
        statuses.iter().map(|(status, count)| format!("{status}: {}", grouped(*count))).collect();
    let mut waits = seen.waits.borrow().clone();
    waits.sort_unstable();
    let mut latencies = seen.latencies.borrow().clone();
    latencies.sort_unstable();
    let last = seen.last.get().map_or(f64::NAN, |last| (last - begun).as_secs_f64());
    println!("| what | measured | aim | reached |\n| --- | ---: | ---: | --- |");
    println!("| answers | {} | 200, 303, 503 | {} |", statuses.join(", "), said(only_these));
    let lost = seen.lost.borrow();
    let each: Vec<String> =
        lost.iter().map(|(what, count)| format!(" ({}: {what})", grouped(*count))).collect();
    let lost: usize = lost.values().sum();
    println!("| requests without an answer | {}{} | 0 | {} |", grouped(lost), each.concat(), said(lost == 0));
    let (asked, is_jittered) = jitter(&waits);
    // Where nobody is told anything, nothing was measured.
    println!(
        "| asked to come back | {asked} | jittered: no second has more than 5 % | {} |",
        is_jittered.map_or("–", said)
    );
    println!(
        "| entered, as the database says | {} | {} | {} |",
        grouped(entries as usize),
        grouped(options.people),
        said(entries as usize == options.people)
    );
    println!("| the last one after, seconds | {last:.1} | {} |", Aim::AtMost(600.0).cells(last));
    println!("| folded after, seconds | {:.1} | | |", folded.as_secs_f64());
    let most = f64::from(requests.iter().max().copied().unwrap_or(0));
    println!("| requests a person, mean | {mean:.2} | {} |", Aim::AtMost(3.0).cells(mean));
    println!("| requests of the person with most | {most} | {} |", Aim::AtMost(3.0).cells(most));
    let [half, most] = [0.5, 0.99].map(|q| quantile_ms(&latencies, q));
    println!(
        "| an answer takes, median and 99 %, with the opening of its socket | {half:.1}, {most:.1} ms | | |"
    );
    println!("| memory of `jebi serve` at most, MiB | {peak:.0} | {} |", Aim::AtMost(512.0).cells(peak));
}

/// What those were told who were asked to come back, and whether they will not come all at once again; of nobody that
/// cannot be said.
fn jitter(sorted: &[u64]) -> (String, Option<bool>) {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return ("nobody".to_owned(), None);
    };
    let alike = || sorted.chunk_by(|one, other| one == other).map(<[u64]>::len);
    let (different, most) = (alike().count(), alike().max().unwrap_or(0));
    let count = jebi::words::number::grouped(sorted.len() as u64);
    // Of few who are told so, some are told the same by chance.
    let is_jittered = most <= (sorted.len() / 20).max(2);
    (
        format!("{count} times, {first} to {last} s, {different} different, {most} at most the same"),
        Some(is_jittered),
    )
}
