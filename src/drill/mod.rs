//! `jebi drill`: a rehearsal of one of the five incidents, with a report.
//!
//! The whole size runs in process: the real draw places everybody, or one in so many, and what they then do is counted
//! against every limit, beside the same people under two other rules. A stated part of them runs the whole round over
//! real sockets, in hurried time and with trouble. docs/drills.md says what of it is real.

mod entering;
mod gateway;
mod outcome;
mod people;
mod report;
mod round;
mod running;
mod seller;
mod serving;
mod time;
mod trouble;
mod whole;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, anyhow};
use clap::{Args, builder::PossibleValuesParser};

use crate::{domain::plan::Scenario, secret::Keys, stage::folder};

pub use outcome::{Held, Outcome, Reason};

/// The scenarios that are drilled.
pub const SCENARIOS: [&str; 5] = ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi"];

/// People over sockets if nobody says how many.
const PEOPLE: f64 = 200.0;

/// What to drill.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The incident
    #[arg(value_parser = PossibleValuesParser::new(SCENARIOS))]
    pub scenario: String,
    /// The part of the people that runs over real sockets, above 0 and up to 1 [default: 200 people]
    #[arg(long)]
    pub scale: Option<f64>,
    /// Chance of everything that people do
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the report and everything else that is made; emptied first if an earlier drill made it
    #[arg(long, value_name = "DIR", default_value = "jebi-drill")]
    pub report: PathBuf,
    /// Print the report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// In process, draw at most so many people; of more, a sample in windows as much longer
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    pub sample: u32,
    /// So many percent of what the seller says it takes are what it takes: what if it is mistaken?
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub capacity: u32,
}

/// Whose signature the report gets: the deployment's, where there is one.
pub struct Signature {
    /// Its keys.
    pub keys: Keys,
    /// Its name, as in its seals.
    pub name: String,
}

/// Drills. 0: the round held; 1: it did not, and why.
///
/// # Errors
/// When the drill cannot be set up or comes to a halt.
pub async fn run(options: &Options, signature: Option<Signature>) -> anyhow::Result<ExitCode> {
    let (outcome, page) = drill(options, signature).await?;
    match options.json {
        true => println!("{}", serde_json::to_string_pretty(&outcome)?),
        false => report::print(&outcome, &page),
    }
    Ok(if outcome.held.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Drills, and writes the report. Returns what came of it, and where the page is.
///
/// # Errors
/// When the drill cannot be set up or comes to a halt.
pub async fn drill(options: &Options, signature: Option<Signature>) -> anyhow::Result<(Outcome, PathBuf)> {
    let scenario = Scenario::find(&options.scenario).context("no such scenario")?;
    let draft = scenario.draft().map_err(|problem| anyhow!(problem))?;
    #[allow(clippy::cast_precision_loss, reason = "people")]
    let people = draft.expect.entrants.unwrap_or(1).max(1) as f64;
    let scale = options.scale.unwrap_or(PEOPLE / people);
    anyhow::ensure!(scale > 0.0 && scale <= 1.0, "--scale is above 0 and up to 1");
    let dir = folder::fresh(&options.report, "drill")?;
    let whole = whole::Whole::new(&options.scenario, &draft, options)?;
    let played = round::play(&whole, scale, options, &dir).await?;
    let outcome = outcome::outcome(options, scale, whole, &played);
    let page = report::write(&dir, &outcome, signature.unwrap_or(played.signature))?;
    Ok((outcome, page))
}
