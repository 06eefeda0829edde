//! `jebi queue`: what waits, why, and when it will have left.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;
use clap::Args;

use crate::{app::App, clock::Clock, config::Config, notify::queue};

/// How it is shown.
#[derive(Debug, Args)]
pub struct Options {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Shows every queue.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let state = queue::state(&app).await?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&state)?);
        return Ok(ExitCode::SUCCESS);
    }
    for one in &state.queues {
        let empty = one.empty_at.map_or("never, as things stand".to_owned(), local);
        println!(
            "{:<6}{:<8}{:>9} planned {:>9} due {:>6} unknown {:>7}/min  waits: {}; empty: {empty}",
            one.channel,
            one.class,
            one.planned,
            one.due,
            one.unknown,
            one.per_minute,
            one.waits_for.words()
        );
    }
    for one in &state.vendors {
        let stopped = one.stopped_until.map(|until| format!("stopped until {}", local(until)));
        println!(
            "{:<14}{:>4} % of its notices, {:>6}/min  {} {}",
            one.name,
            one.share,
            one.per_minute,
            stopped.unwrap_or_default(),
            one.reason.as_deref().unwrap_or_default()
        );
    }
    for what in &state.paused {
        println!("paused by staff: {what} (jebi rate)");
    }
    println!("{:<14}{:>9} waiting to be printed (jebi letters)", "letter", state.letters);
    println!("duplicates {}, sent once more without knowing {}", state.duplicates, state.risks);
    Ok(ExitCode::SUCCESS)
}

fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Seoul).format("%Y-%m-%d %H:%M").to_string()
}
