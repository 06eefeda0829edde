//! `jebi reconcile`: a seller's list beside our ledger, to the won.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    lifecycle::sale::reconcile::reconciled,
    staff::reconciled::{csv, report},
    words::Lang,
};

/// What to compare.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The seller's list, CSV: receipt (or hand-over), time, amount
    file: PathBuf,
    /// Only what was bought from this seller; else everything we know of
    #[arg(long)]
    seller: Option<String>,
    /// Write the differences there too, for Excel
    #[arg(long)]
    csv: Option<PathBuf>,
    /// ko or en
    #[arg(long, default_value = "ko", value_parser = lang)]
    lang: Lang,
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_tag(text).ok_or_else(|| "ko or en".to_owned())
}

/// Compares. 0: both say the same, to the won; 1: they differ, and how.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let text = std::fs::read(&options.file).with_context(|| options.file.display().to_string())?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let done = reconciled(&app, &round, &text, options.seller.as_deref()).await?;
    print!("{}", report(&done, options.lang));
    if let Some(path) = &options.csv {
        std::fs::write(path, csv(&done, options.lang)).with_context(|| path.display().to_string())?;
    }
    Ok(if done.is_even() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
