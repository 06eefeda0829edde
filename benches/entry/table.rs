//! What is printed.

use serde_json::json;

use crate::{aim::Aim, generator::Round};

/// One contender at one number of connections: medians over its rounds.
pub struct Line {
    name: &'static str,
    connections: usize,
    rate: f64,
    /// Slowest and fastest round.
    rates: (f64, f64),
    p50_ms: f64,
    p99_ms: f64,
    server_us: f64,
    generator_us: f64,
    ran_out: bool,
}

impl Line {
    pub fn new(name: &'static str, connections: usize, rounds: &[Round]) -> Self {
        let of = |value: &dyn Fn(&Round) -> f64| median(rounds.iter().map(value).collect());
        let quantile = |q: f64| of(&|round| quantile_ms(&round.latencies, q));
        let rates = rounds.iter().map(|round| round.rate);
        Self {
            name,
            connections,
            rate: of(&|round| round.rate),
            rates: (rates.clone().fold(f64::MAX, f64::min), rates.fold(0.0, f64::max)),
            p50_ms: quantile(0.50),
            p99_ms: quantile(0.99),
            server_us: of(&|round| round.server_us),
            generator_us: of(&|round| round.generator_us),
            ran_out: rounds.iter().any(|round| round.ran_out),
        }
    }
}

/// One kind of durable write: the median of its rounds, per second.
pub struct Write {
    name: &'static str,
    rate: f64,
}

impl Write {
    pub fn new(name: &'static str, rates: Vec<f64>) -> Self {
        Self { name, rate: median(rates) }
    }
}

#[derive(Default)]
pub struct Report {
    /// Where jebi keeps entries.
    pub engine: &'static str,
    /// What a PostgreSQL promises.
    pub promises: Option<String>,
    pub load_average: String,
    /// What stood in k's table before it began, and in how many seconds it was put there.
    pub filled: Option<(usize, f64)>,
    pub lines: Vec<Line>,
    pub writes: Vec<Write>,
}

/// At so many connections something is wanted.
const WANTED_AT: usize = 256;

/// Which ratios are looked at first, and what issue 8 wants of them at 256 connections.
const RATIOS: [(&str, &str, Aim); 15] = [
    ("c ", "n ", Aim::AtLeast(0.6)),
    ("c ", "a ", Aim::AtLeast(0.6)),
    ("n ", "a ", Aim::None),
    ("d ", "n ", Aim::AtLeast(0.35)),
    ("d ", "a ", Aim::AtLeast(0.35)),
    ("c'", "a ", Aim::None),
    ("c ", "b ", Aim::None),
    ("c'", "b ", Aim::None),
    ("c ", "e ", Aim::AtLeast(10.0)),
    ("b ", "a ", Aim::None),
    ("k ", "c ", Aim::Within(0.75, 1.25)),
    ("c ", "g ", Aim::AtLeast(50.0)),
    ("c ", "h ", Aim::AtLeast(50.0)),
    ("d ", "g ", Aim::AtLeast(50.0)),
    ("d ", "h ", Aim::AtLeast(50.0)),
];

/// And of the slowest answers of one in a hundred, in milliseconds.
const P99: [(&str, Aim); 2] = [("c ", Aim::AtMost(30.0)), ("k ", Aim::AtMost(30.0))];

/// One contender beside another.
struct Ratio {
    above: &'static str,
    below: &'static str,
    connections: usize,
    /// Of requests a second.
    rate: f64,
    aim: Aim,
    /// Of the server's processor time for a request.
    time: f64,
}

impl Report {
    fn ratios(&self) -> Vec<Ratio> {
        let mut connections: Vec<usize> = self.lines.iter().map(|line| line.connections).collect();
        connections.dedup();
        let mut ratios = Vec::new();
        for (above, below, aim) in RATIOS {
            for &connections in &connections {
                let find = |name: &str| {
                    self.lines
                        .iter()
                        .find(|line| line.connections == connections && line.name.starts_with(name))
                };
                if let (Some(one), Some(other)) = (find(above), find(below)) {
                    let (rate, time) = (one.rate / other.rate, one.server_us / other.server_us);
                    let aim = if connections == WANTED_AT { aim } else { Aim::None };
                    let (above, below) = (above.trim(), below.trim());
                    ratios.push(Ratio { above, below, connections, rate, aim, time });
                }
            }
        }
        ratios
    }

    fn takes_part(&self, letter: &str) -> bool {
        self.lines.iter().any(|line| line.name.starts_with(letter))
    }

    pub fn print(&self) {
        let ratios = self.ratios();
        self.print_heading();
        self.print_reading(&ratios);
        println!("| ratio of requests/s | connections | measured | aim at 256 | reached | processor time |");
        println!("| --- | --: | --: | --: | --- | --: |");
        for Ratio { above, below, connections, rate, aim, time } in &ratios {
            println!("| {above}/{below} | {connections} | {rate:.2} | {} | {time:.2} |", aim.cells(*rate));
        }
        println!(
            "\n| contender | connections | requests/s (slowest–fastest round) | p50 ms | p99 ms | aim at 256 | reached | server µs \
             | generator µs |"
        );
        println!("| --- | --: | --: | --: | --: | --: | --- | --: | --: |");
        for line in &self.lines {
            let aim =
                P99.iter().find(|(name, _)| line.connections == WANTED_AT && line.name.starts_with(name));
            println!(
                "| {} | {} | {:.0} ({:.0}–{:.0}){} | {:.1} | {:.1} | {} | {:.1} | {:.1} |",
                line.name,
                line.connections,
                line.rate,
                line.rates.0,
                line.rates.1,
                if line.ran_out { " ran out" } else { "" },
                line.p50_ms,
                line.p99_ms,
                aim.map_or(Aim::None, |(_, aim)| *aim).cells(line.p99_ms),
                line.server_us,
                line.generator_us,
            );
        }
        if !self.writes.is_empty() {
            println!("\n| durable writes | per second |\n| --- | --: |");
            for write in &self.writes {
                println!("| {} | {:.0} |", write.name, write.rate);
            }
        }
    }

    fn print_heading(&self) {
        // That of the peers is printed by what starts them.
        if let Some((entries, seconds)) = self.filled {
            let entries = jebi::words::number::grouped(entries as u64);
            println!("### Entering with an empty table and with {entries} entries in it, on SQLite\n");
            println!(
                "\"c\" begins with an empty table, \"k\" with {entries} entries and their notices, put there in {seconds:.0} s \
                 before; they take turns. The aim is the same rate within a quarter.\n"
            );
        } else if !self.takes_part("g ") {
            println!("### Entering, beside the same form with less behind it, on {}\n", self.engine);
        }
        if let Some(promises) = &self.promises {
            println!("{promises}\n");
        }
        println!("Load average at the start: {}\n", self.load_average);
    }

    /// What the letters are, and how the "same form handler without a database" is read.
    fn print_reading(&self, ratios: &[Ratio]) {
        if !self.takes_part("n ") || !self.takes_part("a ") {
            return;
        }
        let ours = if self.takes_part("c ") { "c" } else { "d" };
        println!(
            "\"a\" parses three fields, makes a receipt and answers; it knows nobody. \"n\" is jebi's own handler with all that \
             it does (a sealed session opened and sealed anew, the token of the form, the rules of the round, the sealed \
             address, the receipt, headers, limits of connections) and nothing kept. So {ours}/n is what keeping costs, and n/a \
             what knowing who enters costs; {ours}/a is both.\n"
        );
        let strict =
            ratios.iter().find(|ratio| ratio.above == ours && ratio.below == "a" && ratio.aim != Aim::None);
        if let Some(Ratio { rate, aim, .. }) = strict {
            let is_reached =
                if aim.is_reached(*rate) == Some(true) { "is reached too" } else { "is not reached" };
            println!(
                "The aim compares with \"the same form handler without a database\": that is n, since it answers the same form \
                 with the same work and lacks only the keeping. {ours}/a is the stricter reading, with the same aim, and \
                 {is_reached}.\n"
            );
        }
    }

    pub fn print_json(&self) {
        let ratios = self.ratios();
        let ratios = ratios.iter().map(|ratio| {
            json!({
                "of": ratio.above, "to": ratio.below, "connections": ratio.connections, "rate": ratio.rate,
                "processor_time": ratio.time, "reached": ratio.aim.is_reached(ratio.rate),
            })
        });
        let lines = self.lines.iter().map(|line| {
            json!({
                "contender": line.name, "connections": line.connections, "rate": line.rate,
                "slowest": line.rates.0, "fastest": line.rates.1, "p50_ms": line.p50_ms, "p99_ms": line.p99_ms,
                "server_us": line.server_us, "generator_us": line.generator_us, "ran_out": line.ran_out,
            })
        });
        let writes = self.writes.iter().map(|write| json!({ "what": write.name, "rate": write.rate }));
        let all = json!({
            "load_average": self.load_average, "promises": self.promises, "ratios": ratios.collect::<Vec<_>>(),
            "contenders": lines.collect::<Vec<_>>(), "writes": writes.collect::<Vec<_>>(),
        });
        println!("{all:#}");
    }
}

pub fn quantile_ms(sorted: &[u32], q: f64) -> f64 {
    let at = ((sorted.len() as f64 * q) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |us| f64::from(*us) / 1_000.0)
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
