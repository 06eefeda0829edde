//! One and two `jebi serve` on one PostgreSQL, in turns.
//!
//! `JEBI_TEST_DURABLE=1 tests/run env benches/run instances`
//!
//! They are processes as an operator starts them, and everything is on the same cores: generator, PostgreSQL, instances.
//! With two cores there is nothing for a second instance to win; it must not cost anything.

use std::{ops::Range, path::PathBuf, time::Duration};

use clap::Args;
use tokio::runtime::Runtime;

use crate::{
    Schema,
    aim::Aim,
    generator::{Round, run},
    processor,
    real::Jebi,
    served::{Place, Served},
    table::{median, quantile_ms},
};

#[derive(Debug, Args)]
pub struct Options {
    /// Seconds of each turn
    #[arg(long, default_value_t = 10.0)]
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

/// One turn, and who took how much of the processors for it, in microseconds an entry.
struct Turn {
    round: Round,
    instances: f64,
    others: f64,
}

/// Where all of it happens.
struct Stage {
    jebi: Jebi,
    places: [Place; 2],
    schema: Schema,
    server: Runtime,
}

impl Stage {
    /// `count` instances take the entries of these people.
    fn turn(&self, options: &Options, count: usize, people: Range<usize>) -> Turn {
        let requests = self.jebi.requests(people);
        self.server.block_on(self.schema.sweep());
        let mut serving: Vec<Served> = self.places[..count].iter().map(Place::start).collect();
        for one in &mut serving {
            self.server.block_on(one.ready());
        }
        let addrs: Vec<_> = serving.iter().map(|one| one.addr).collect();
        let (before, all) = (processor_of(&serving), processor::of_all());
        let time = Duration::from_secs_f64(options.seconds);
        let round = run(&addrs, options.connections, requests, time).expect("a turn");
        let instances = processor_of(&serving) - before;
        let others = (processor::of_all() - all).saturating_sub(instances);
        serving.into_iter().for_each(Served::stop);
        self.server.block_on(self.jebi.settle());
        let us = |time: Duration| time.as_secs_f64() * 1e6 / round.answered as f64;
        Turn { instances: us(instances), others: us(others), round }
    }
}

fn processor_of(serving: &[Served]) -> Duration {
    serving.iter().map(Served::processor).sum()
}

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = server.block_on(Schema::new(&options.postgres));
    let jebi = server.block_on(Jebi::start(folder.path(), Some(&schema.url)));
    let places = ["one", "two"].map(|name| Place::new(&jebi, name, ""));
    let stage = Stage { jebi, places, schema, server };
    let each = (options.per_second as f64 * options.seconds) as usize;
    let mut turns: [Vec<Turn>; 2] = Default::default();
    for number in 0..options.rounds {
        // Who goes first changes from turn to turn.
        let order = if number % 2 == 0 { [1, 2] } else { [2, 1] };
        for (place, count) in order.into_iter().enumerate() {
            let first = (2 * number + place) * each;
            turns[count - 1].push(stage.turn(options, count, first..first + each));
        }
    }
    let Stage { jebi, schema, server, .. } = stage;
    drop(jebi);
    let promises = schema.promises.clone();
    server.block_on(schema.drop());
    print(options, &promises, &turns);
}

fn print(options: &Options, promises: &str, turns: &[Vec<Turn>; 2]) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("### Two instances on one PostgreSQL beside one\n\n{promises}\n");
    println!(
        "Entries acknowledged, over {} connections, medians of {} turns of {} s. Generator, PostgreSQL and instances \
         share {cores} cores: 1.3 is the goal where the cores allow it, and never below 1. Who goes first changes from \
         turn to turn; before each the database is vacuumed. Who took how much of the \
         processors is said for each entry; all the rest is PostgreSQL, the generator and the system.\n",
        options.connections, options.rounds, options.seconds
    );
    println!(
        "| instances | entries a second | p99 | instances, µs an entry | all the rest | ratio | aim | reached | never below \
         | reached |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |");
    let of = |turns: &[Turn], value: &dyn Fn(&Turn) -> f64| median(turns.iter().map(value).collect());
    let one = of(&turns[0], &|turn| turn.round.rate);
    for (turns, count) in turns.iter().zip(1..) {
        let rate = of(turns, &|turn| turn.round.rate);
        let [aim, floor] = if count == 1 { [Aim::None; 2] } else { [Aim::AtLeast(1.3), Aim::AtLeast(1.0)] };
        println!(
            "| {count} | {rate:.0} | {:.1} ms | {:.1} | {:.1} | {:.2} | {} | {} |",
            of(turns, &|turn| quantile_ms(&turn.round.latencies, 0.99)),
            of(turns, &|turn| turn.instances),
            of(turns, &|turn| turn.others),
            rate / one,
            aim.cells(rate / one),
            floor.cells(rate / one)
        );
    }
    if turns.iter().flatten().any(|turn| turn.round.ran_out) {
        println!("\nA turn ran out of requests: more of them by `--per-second`.");
    }
}
