//! What is printed.

use serde_json::json;

use crate::generator::Round;

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
    pub load_average: String,
    pub lines: Vec<Line>,
    pub writes: Vec<Write>,
}

/// Which ratios are looked at first, and what issue 8 wants of them at 256 connections.
const RATIOS: [(&str, &str, &str); 14] = [
    ("c ", "a ", "0.60"),
    ("c ", "n ", "0.60"),
    ("n ", "a ", ""),
    ("d ", "n ", "0.35"),
    ("c'", "a ", ""),
    ("c ", "b ", ""),
    ("c'", "b ", ""),
    ("c ", "e ", "10"),
    ("d ", "a ", "0.35"),
    ("b ", "a ", ""),
    ("c ", "g ", "50"),
    ("c ", "h ", "50"),
    ("d ", "g ", "50"),
    ("d ", "h ", "50"),
];

impl Report {
    /// (above, below, connections, rate ratio, wanted, ratio of processor time per request)
    fn ratios(&self) -> Vec<(&str, &str, usize, f64, &'static str, f64)> {
        let mut connections: Vec<usize> = self.lines.iter().map(|line| line.connections).collect();
        connections.dedup();
        let mut ratios = Vec::new();
        for (above, below, wanted) in RATIOS {
            for &connections in &connections {
                let find = |name: &str| {
                    self.lines
                        .iter()
                        .find(|line| line.connections == connections && line.name.starts_with(name))
                };
                if let (Some(one), Some(other)) = (find(above), find(below)) {
                    let (rate, time) = (one.rate / other.rate, one.server_us / other.server_us);
                    ratios.push((above.trim(), below.trim(), connections, rate, wanted, time));
                }
            }
        }
        ratios
    }

    pub fn print(&self) {
        if !self.lines.iter().any(|line| line.name.starts_with("g ")) {
            println!("### Entering, beside the same form with less behind it, on {}\n", self.engine);
        }
        println!("Load average at the start: {}\n", self.load_average);
        if self.lines.iter().any(|line| line.name.starts_with("n ")) {
            println!(
                "\"a\" parses three fields, makes a receipt and answers; it knows nobody. \"n\" is jebi's own handler with all \
                 that it does (a sealed session opened and sealed anew, the token of the form, the rules of the round, the \
                 sealed address, the receipt, headers, limits of connections) and nothing kept. So c/n is what keeping costs, \
                 and n/a what knowing who enters costs; c/a is both.\n"
            );
        }
        println!("| ratio of requests/s | connections | measured | aim at 256 | processor time |");
        println!("| --- | --: | --: | --: | --: |");
        for (above, below, connections, rate, wanted, time) in self.ratios() {
            println!("| {above}/{below} | {connections} | {rate:.2} | {wanted} | {time:.2} |");
        }
        println!(
            "\n| contender | connections | requests/s (slowest–fastest round) | p50 ms | p99 ms | server µs | generator µs |"
        );
        println!("| --- | --: | --: | --: | --: | --: | --: |");
        for line in &self.lines {
            println!(
                "| {} | {} | {:.0} ({:.0}–{:.0}){} | {:.1} | {:.1} | {:.1} | {:.1} |",
                line.name,
                line.connections,
                line.rate,
                line.rates.0,
                line.rates.1,
                if line.ran_out { " ran out" } else { "" },
                line.p50_ms,
                line.p99_ms,
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

    pub fn print_json(&self) {
        let ratios = self.ratios();
        let ratios = ratios.iter().map(|(above, below, connections, rate, _, time)| {
            json!({ "of": above, "to": below, "connections": connections, "rate": rate, "processor_time": time })
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
            "load_average": self.load_average, "ratios": ratios.collect::<Vec<_>>(),
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
