//! One and two `jebi serve` on one PostgreSQL, in turns.
//!
//! `JEBI_TEST_DURABLE=1 tests/run env benches/run instances`
//!
//! They are processes as an operator starts them, and everything is on the same cores: generator, PostgreSQL, instances.
//! With two cores there is nothing for a second instance to win; it must not cost anything.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use tokio::runtime::Runtime;

use crate::{
    Schema,
    aim::Aim,
    generator::{Round, run},
    real::Jebi,
    served::{Place, Served},
    table::{median, quantile_ms},
};

#[derive(Debug, Args)]
pub struct Options {
    /// Seconds of each turn
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Turns of each
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Keep-alive connections, over both
    #[arg(long, default_value_t = 256)]
    connections: usize,
    /// A PostgreSQL; a schema of its own is made there
    #[arg(long)]
    postgres: String,
    /// Requests made beforehand for each second
    #[arg(long, default_value_t = 40_000)]
    per_second: usize,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = server.block_on(Schema::new(&options.postgres));
    let jebi = server.block_on(Jebi::start(folder.path(), Some(&schema.url)));
    let places = ["one", "two"].map(|name| Place::new(&jebi, name, ""));
    let time = Duration::from_secs_f64(options.seconds);
    let mut people = 0;
    let mut turn = |count: usize| {
        let first = people;
        people += (options.per_second as f64 * options.seconds) as usize;
        let requests = jebi.requests(first..people);
        let mut serving: Vec<Served> = places[..count].iter().map(Place::start).collect();
        for one in &mut serving {
            server.block_on(one.ready());
        }
        let addrs: Vec<_> = serving.iter().map(|one| one.addr).collect();
        let round = run(&addrs, options.connections, requests, time).expect("a turn");
        serving.into_iter().for_each(Served::stop);
        server.block_on(jebi.settle());
        round
    };
    let turns: Vec<(Round, Round)> = (0..options.rounds).map(|_| (turn(1), turn(2))).collect();
    drop(jebi);
    let promises = schema.promises.clone();
    server.block_on(schema.drop());

    let of = |value: &dyn Fn(&(Round, Round)) -> f64| median(turns.iter().map(value).collect());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("### Two instances on one PostgreSQL beside one\n\n{promises}\n");
    println!(
        "Entries acknowledged, over {} connections, medians of {} turns. Generator, PostgreSQL and instances share \
         {cores} cores: 1.3 is the goal where the cores allow it, and never below 1.\n",
        options.connections, options.rounds
    );
    println!("| instances | entries a second | p99 | ratio | aim | reached | never below | reached |");
    println!("| ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |");
    let line = |count: usize, rate: f64, p99: f64, ratio: f64| {
        let [aim, floor] = if count == 1 { [Aim::None; 2] } else { [Aim::AtLeast(1.3), Aim::AtLeast(1.0)] };
        println!(
            "| {count} | {rate:.0} | {p99:.1} ms | {ratio:.2} | {} | {} |",
            aim.cells(ratio),
            floor.cells(ratio)
        );
    };
    let one = of(&|turn| turn.0.rate);
    line(1, one, of(&|turn| quantile_ms(&turn.0.latencies, 0.99)), 1.0);
    let two = of(&|turn| turn.1.rate);
    line(2, two, of(&|turn| quantile_ms(&turn.1.latencies, 0.99)), two / one);
    if turns.iter().any(|turn| turn.0.ran_out || turn.1.ran_out) {
        println!("\nA turn ran out of requests: more of them by `--per-second`.");
    }
}
