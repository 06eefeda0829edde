//! The entry path against its floors, in one run on one machine, as ratios.
//!
//! `cargo bench --bench entry -- [--seconds 5] [--connections 64,256] [--postgres URL] [--json]`
//!
//! `cargo bench --bench entry -- SCENE …` measures something else with the same generator: `pages`, `herd`,
//! `instances`, `opening`, `bulk`, `gate`, each as its file says.
//!
//! The contenders take turns in short rounds, and the medians of their rounds are compared: what
//! the neighbours on this machine do hits all of them alike. The generator is one thread in this
//! process with sockets over loopback, so it shares the cores with what it measures; processor time
//! per request is counted with and without it. Every answer is checked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod aim;
#[path = "../support/bare.rs"]
mod bare;
mod bulk;
mod floors;
mod gate;
mod generator;
mod herd;
mod instances;
mod opening;
mod pages;
mod peers;
mod processor;
#[path = "../support/promises.rs"]
mod promises;
mod real;
mod served;
mod table;
mod writes;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::{Parser, Subcommand};
use generator::{Requests, Round};
use real::Jebi;
use table::{Line, Report, Write};
use tokio::runtime::Runtime;

/// Requests made beforehand for each second of a round: more than any contender answers.
const PER_SECOND: usize = 150_000;
/// The same for jebi, whose requests take a while to make.
const PER_SECOND_JEBI: usize = 80_000;

#[derive(Debug, Parser)]
// What benches/run says may be said otherwise behind it.
#[command(args_conflicts_with_subcommands = true, args_override_self = true)]
struct Options {
    #[command(subcommand)]
    scene: Option<Scene>,
    /// Seconds for each contender at each number of connections
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Rounds these seconds are divided into
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Keep-alive connections
    #[arg(long, value_delimiter = ',', default_values_t = [64, 256])]
    connections: Vec<usize>,
    /// Also on this PostgreSQL, in a schema of its own
    #[arg(long)]
    postgres: Option<String>,
    /// Only these, by their letters in the table
    #[arg(long, value_delimiter = ',', default_value = "a,b,n,c,c',d,e,f")]
    only: Vec<String>,
    /// Forms written by others at these addresses, as NAME=ADDRESS (benches/peers starts them)
    #[arg(long)]
    peer: Vec<peers::Peer>,
    /// Entries that stand in k's table before it begins: a quarter of a minute for each million
    #[arg(long, default_value_t = 10_000_000)]
    entries: usize,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
    /// What `cargo bench` adds
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

/// What else is measured with the same generator.
#[derive(Debug, Subcommand)]
enum Scene {
    /// Pages and public files beside bare handlers that answer the same bytes
    Pages(pages::Options),
    /// Very many people at once
    Herd(herd::Options),
    /// Two instances on one PostgreSQL beside one
    Instances(instances::Options),
    /// How exactly a round opens
    Opening(opening::Options),
    /// Batch inserts beside bare ones
    Bulk(bulk::Options),
    /// How many a gate lets through in ten seconds
    Gate(gate::Options),
}

/// Who takes part. The letters are those of the table.
enum Contender {
    Floor { addr: SocketAddr },
    Jebi { jebi: Jebi, folding: bool },
}

fn main() {
    let options = Options::parse();
    // As `jebi serve` logs by default: the cost of lines that are not written is part of the path.
    tracing_subscriber::fmt()
        .with_env_filter("info,sqlx=warn,sea_orm=warn,tokio_cron_scheduler=warn")
        .with_writer(std::io::stderr)
        .init();
    match options.scene {
        None => entering(&options),
        Some(Scene::Pages(options)) => pages::measure(&options),
        Some(Scene::Herd(options)) => herd::measure(&options),
        Some(Scene::Instances(options)) => instances::measure(&options),
        Some(Scene::Opening(options)) => opening::measure(&options),
        Some(Scene::Bulk(options)) => bulk::measure(&options),
        Some(Scene::Gate(options)) => gate::measure(&options),
    }
}

fn entering(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = options.postgres.as_ref().map(|url| server.block_on(Schema::new(url)));
    let load_average = load_average();
    let (contenders, filled) = contenders(options, &server, folder.path(), schema.as_ref());
    let engine = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let promises = schema.as_ref().map(|schema| schema.promises.clone());
    let mut report = Report { engine, promises, load_average, filled, ..Report::default() };
    let mut people = 0;
    for &connections in &options.connections {
        let mut rounds: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..options.rounds {
            for (at, (_, contender)) in contenders.iter().enumerate() {
                let time = Duration::from_secs_f64(options.seconds / options.rounds as f64);
                if let (Some(schema), Contender::Jebi { folding: true, .. }) = (&schema, contender) {
                    server.block_on(schema.sweep());
                }
                rounds[at].push(round(&server, contender, connections, time, &mut people));
            }
        }
        for ((name, _), rounds) in contenders.iter().zip(rounds) {
            report.lines.push(Line::new(name, connections, &rounds));
        }
    }
    let on_sqlite = contenders.iter().find(|(name, _)| name.starts_with('c'));
    if let Some((_, Contender::Jebi { jebi, .. })) =
        on_sqlite.filter(|_| options.only.iter().any(|only| only == "f"))
    {
        report.writes = writes(options, &server, folder.path(), jebi, &mut people);
    }
    drop(contenders);
    if let Some(schema) = schema {
        server.block_on(schema.drop());
    }
    if options.json { report.print_json() } else { report.print() }
}

/// Who takes part; and how many entries k has before it begins, and how many seconds it took to put them there.
/// By their names in the table.
type Contenders = Vec<(&'static str, Contender)>;

fn contenders(
    options: &Options,
    server: &Runtime,
    folder: &Path,
    schema: Option<&Schema>,
) -> (Contenders, Option<(usize, f64)>) {
    let path = |name: &str| {
        let path = folder.join(name);
        std::fs::create_dir(&path).expect("a folder");
        path
    };
    let floor = |addr| Contender::Floor { addr };
    let jebi = |name: &str, url: Option<&str>, folding| Contender::Jebi {
        jebi: server.block_on(Jebi::start(&path(name), url)),
        folding,
    };
    let takes_part = |letter: &str| options.only.iter().any(|only| only == letter);
    let (mut all, mut filled) = (Vec::new(), None);
    if takes_part("a") {
        all.push(("a  bare form", floor(server.block_on(floors::bare()))));
    }
    if takes_part("b") {
        all.push(("b  form + synced file", floor(server.block_on(floors::appending(folder)))));
    }
    if takes_part("n") {
        let jebi = server.block_on(Jebi::unkept(&path("unkept")));
        all.push(("n  jebi, nothing kept", Contender::Jebi { jebi, folding: false }));
    }
    if takes_part("c") {
        all.push(("c  jebi, SQLite, folding", jebi("folding", None, true)));
    }
    if takes_part("k") {
        let jebi = server.block_on(Jebi::start(&path("full"), None));
        let begun = Instant::now();
        server.block_on(jebi.fill(options.entries));
        filled = Some((options.entries, begun.elapsed().as_secs_f64()));
        all.push(("k  jebi, the same, table filled", Contender::Jebi { jebi, folding: true }));
    }
    if takes_part("c'") {
        all.push(("c' jebi, SQLite, not folding", jebi("not-folding", None, false)));
    }
    if let Some(schema) = schema.filter(|_| takes_part("d")) {
        all.push(("d  jebi, PostgreSQL, folding", jebi("postgres", Some(&schema.url), true)));
    }
    if takes_part("e") {
        all.push(("e  form + transaction each", floor(server.block_on(floors::transacting(folder)))));
    }
    for peer in &options.peer {
        all.push((peer.name, floor(peer.addr)));
    }
    (all, filled)
}

fn round(
    server: &Runtime,
    contender: &Contender,
    connections: usize,
    time: Duration,
    people: &mut usize,
) -> Round {
    let mut take = |per_second: usize| {
        let first = *people;
        *people += (per_second as f64 * time.as_secs_f64()) as usize;
        first..*people
    };
    let run = |addr, requests| generator::run(&[addr], connections, requests, time).expect("a round");
    match contender {
        Contender::Floor { addr } => {
            let mut people = take(PER_SECOND);
            let requests = Requests::new(floors::PATH, floors::ANSWER.to_owned(), people.len(), |_| {
                let person = real::address(people.next().unwrap_or_default());
                format!("person=email:{person}&want=250000&wish=pm%2Bam")
            });
            run(*addr, requests)
        }
        Contender::Jebi { jebi, folding } => {
            let requests = jebi.requests(take(PER_SECOND_JEBI));
            let background = folding.then(|| server.block_on(jebi.background()));
            let round = run(jebi.addr, requests);
            if let Some(background) = background {
                server.block_on(background.stop());
            }
            server.block_on(jebi.settle());
            round
        }
    }
}

fn writes(options: &Options, server: &Runtime, folder: &Path, jebi: &Jebi, people: &mut usize) -> Vec<Write> {
    let time = Duration::from_secs_f64(options.seconds / options.rounds as f64);
    let mut all: Vec<(&'static str, Vec<f64>)> = vec![
        ("f  appends to the inbox, 64 writers", Vec::new()),
        ("f  appends to the inbox, 256 writers", Vec::new()),
        ("f  appends to the inbox, 1,024 writers", Vec::new()),
        ("f  raw SQLite, 256 rows an insert", Vec::new()),
        ("   syncs of an appended block", Vec::new()),
        ("   folding, nobody entering", Vec::new()),
    ];
    for _ in 0..options.rounds {
        for (at, writers) in [64, 256, 1_024].into_iter().enumerate() {
            all[at].1.push(server.block_on(writes::inbox(jebi, writers, time)));
            server.block_on(jebi.settle());
        }
        all[3].1.push(server.block_on(writes::raw(folder, time)));
        all[4].1.push(writes::syncs(folder, time / 4));
        let requests = jebi.requests(*people..*people + 20_000);
        *people += 20_000;
        generator::run(&[jebi.addr], 64, requests, Duration::from_secs(60)).expect("entries to fold");
        let begun = Instant::now();
        let folded = server.block_on(jebi.settle()) as f64;
        all[5].1.push(folded / begun.elapsed().as_secs_f64());
    }
    all.into_iter().map(|(name, rates)| Write::new(name, rates)).collect()
}

/// A schema of our own on somebody's PostgreSQL.
struct Schema {
    admin: sea_orm::DatabaseConnection,
    name: String,
    url: String,
    /// What the server promises of what it has committed.
    promises: String,
}

impl Schema {
    async fn new(url: &str) -> Self {
        use sea_orm::ConnectionTrait;
        let admin = sea_orm::Database::connect(url).await.expect("PostgreSQL");
        let name = format!("jebi_bench_{}", std::process::id());
        admin.execute_unprepared(&format!("CREATE SCHEMA {name}")).await.expect("a schema");
        let and = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{and}options=-csearch_path%3D{name}");
        let promises = promises::said(&url).await;
        Self { admin, name, url, promises }
    }

    /// What was there before is vacuumed and on disk: else the database does it beside what is measured next.
    async fn sweep(&self) {
        use sea_orm::ConnectionTrait;
        for sql in ["VACUUM (ANALYZE)", "CHECKPOINT"] {
            self.admin.execute_unprepared(sql).await.expect("swept");
        }
    }

    async fn drop(self) {
        use sea_orm::ConnectionTrait;
        let dropped = self.admin.execute_unprepared(&format!("DROP SCHEMA {} CASCADE", self.name)).await;
        dropped.expect("the schema dropped");
    }
}

fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}
