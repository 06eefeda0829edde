//! What the demo ends with: for people and, with `--json`, for scripts.

use std::{collections::HashMap, path::PathBuf};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::Serialize;

use crate::words::{Lang, instant::minute, money::won, number::grouped};

/// The figures of a round.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Entries that took part.
    pub entered: u64,
    /// Residents who tapped twice, changed or came back.
    pub repeated: u64,
    /// Residents who withdrew.
    pub withdrawn: u64,
    /// Entries with a place.
    pub assigned: u64,
    /// Entries on the waitlist.
    pub waitlisted: u64,
    /// The smallest and largest amount, in won.
    pub amount: (u64, u64),
    /// All amounts together, in won.
    pub amount_sum: u64,
    /// The budget, in won.
    pub budget: u64,
    /// The first and the last personal minute.
    pub starts_at: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The most starts in one minute.
    pub starts_peak: u64,
    /// Result notices sent.
    pub notices: u64,
    /// The most result notices in one minute, as planned and as sent.
    pub notices_peak: (u64, u64),
    /// How much faster than real time they were sent.
    pub hurry: u32,
    /// Recipients who did not get exactly one result notice.
    pub not_exactly_one: u64,
    /// Seconds that entering took, and the whole demo.
    pub seconds: (f64, f64),
    /// Whether `jebi-audit verify` agrees.
    pub verified: bool,
    /// What it printed.
    pub report: String,
    /// What went wrong on the way.
    pub faults: Vec<String>,
    /// The site, if it stays up.
    pub site: String,
    /// The round.
    pub slug: String,
    /// The record.
    pub record: PathBuf,
}

impl Summary {
    /// Whether everything went as planned.
    pub fn is_good(&self) -> bool {
        self.verified && self.faults.is_empty() && self.not_exactly_one == 0 && self.notices == self.entered
    }

    /// For people.
    pub fn print(&self) {
        let n = |number: u64| grouped(number);
        let at = |instant: DateTime<Utc>| minute(instant, Lang::En);
        println!();
        println!(
            "Entered      {} residents over HTTP in {:.1} s ({} twice or changed, {} withdrew)",
            n(self.entered),
            self.seconds.0,
            n(self.repeated),
            n(self.withdrawn)
        );
        println!(
            "Shares       {} to {}, together {} of {}",
            won(self.amount.0, Lang::En),
            won(self.amount.1, Lang::En),
            won(self.amount_sum, Lang::En),
            won(self.budget, Lang::En)
        );
        println!("Places       {} assigned, {} on the waitlist", n(self.assigned), n(self.waitlisted));
        if let Some((first, last)) = self.starts_at {
            println!(
                "Minutes      first {}, last {}; at most {} people in one minute",
                at(first),
                at(last),
                n(self.starts_peak)
            );
        }
        println!(
            "Notices      {} results sent, peak per minute {} planned, {} actual (time compressed {} times)",
            n(self.notices),
            n(self.notices_peak.0),
            n(self.notices_peak.1),
            self.hurry
        );
        println!("Record       {}", self.record.display());
        println!();
        println!("jebi-audit verify, as a separate process:");
        self.report.lines().for_each(|line| println!("  {line}"));
        for fault in &self.faults {
            println!("FAULT        {fault}");
        }
        if self.not_exactly_one > 0 {
            println!(
                "FAULT        {} residents did not get exactly one result notice",
                n(self.not_exactly_one)
            );
        }
        println!();
        println!(
            "{} in {:.0} s.",
            if self.is_good() { "All as planned" } else { "NOT as planned" },
            self.seconds.1
        );
    }
}

/// The most of `instants` that fall into one minute.
pub fn peak_per_minute(instants: impl Iterator<Item = DateTime<Utc>>) -> u64 {
    let mut minutes: HashMap<DateTime<Utc>, u64> = HashMap::new();
    for instant in instants {
        let minute = instant.duration_trunc(TimeDelta::minutes(1)).unwrap_or(instant);
        *minutes.entry(minute).or_default() += 1;
    }
    minutes.into_values().max().unwrap_or(0)
}
