//! `jebi bought`: a seller's list of purchases. Only on its word has anybody missed a time.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::{
    app::App, clock::Clock, config::Config, domain::draft::local_time, lifecycle::after::bought::bought,
};

/// Which round, and the list.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The seller's list, CSV: receipt, time, amount
    file: PathBuf,
    /// No purchase before then is missing in what was taken in: "2027-01-12 18:00", Korean time. Without it
    /// nobody is taken to have missed a time on this list's word
    #[arg(long, value_parser = local_time)]
    until: Option<DateTime<Utc>>,
}

/// Takes in a list. 0: all of it; 1: some lines were refused, each named.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let name = options.file.display().to_string();
    let text = std::fs::read(&options.file).with_context(|| name.clone())?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let source = options.file.file_name().unwrap_or_default().to_string_lossy();
    let report = bought(&app, &round.row, &text, &source, options.until, app.clock.now()).await?;
    for (line, what) in &report.strange {
        println!("{name}, line {line}: taken in, but look at it: {what}");
    }
    for (line, why) in &report.refused {
        eprintln!("{name}, line {line}: not taken in: {why}");
    }
    println!(
        "{} purchases taken in, {} were known, {} lines refused.",
        report.kept,
        report.known,
        report.refused.len()
    );
    match options.until {
        Some(_) => {
            println!("Who has not bought by then has missed a time that was over, from the next offer on.")
        }
        None => {
            println!("Nobody misses a time on this list's word: say with --until up to when it is complete.")
        }
    }
    Ok(if report.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
