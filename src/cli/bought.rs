//! `jebi bought`: a seller's list of purchases. Only on its word has anybody missed a time.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::{
    app::{App, Round},
    clock::Clock,
    config::Config,
    domain::draft::local_time,
    lifecycle::after::bought::bought,
    store::bought::{find_until, source_of},
};

/// Which round, and the list.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The seller's list, CSV: receipt, time, amount
    file: PathBuf,
    /// Whose list it is, by its name in the round; needs not be said where the round has one seller
    #[arg(long)]
    seller: Option<String>,
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
    let source = source(options, &round)?;
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
    let known = find_until(app.db.read(), round.row.id).await?;
    match options.until {
        Some(until) if known.is_none_or(|known| known < until) => {
            println!("Another seller of the round has not said so yet: until then nobody has missed a time.")
        }
        Some(_) => {
            println!("Who has not bought by then has missed a time that was over, from the next offer on.")
        }
        None => {
            println!("Nobody misses a time on this list's word: say with --until up to when it is complete.")
        }
    }
    Ok(if report.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whose purchases these are. Lists are compared seller by seller later, so it has to be known now.
fn source(options: &Options, round: &Round) -> anyhow::Result<String> {
    let names: Vec<&str> = round.sellers.iter().map(|terms| terms.name.as_str()).collect();
    match (options.seller.as_deref(), names.as_slice()) {
        (Some(name), names) if names.contains(&name) => Ok(source_of(name)),
        (None, [only]) => Ok(source_of(only)),
        // A round that names no seller is sold by whoever the city knows.
        (None, []) => Ok(options.file.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        (Some(name), _) => {
            anyhow::bail!("`{name}` is no seller of this round; its sellers: {}", names.join(", "))
        }
        (None, names) => anyhow::bail!("say whose list it is with --seller: {}", names.join(", ")),
    }
}
