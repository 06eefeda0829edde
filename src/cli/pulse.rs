//! `jebi pulse`: a pulse copied by hand, for a machine without a way out. As good as a fetched one:
//! it is the signature that counts.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    lifecycle::pulse::{believe, keep},
};

/// Whose pulse, and what it is.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The signature of the drand round the rules name, as any relay shows it
    #[arg(long, value_name = "HEX")]
    signature: String,
}

/// Keeps a pulse; the running service draws with it.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let pulse = believe(&round.rules.beacon, &options.signature)?;
    if !keep(&app, &round.row, &pulse, app.clock.now()).await? {
        bail!("the round has its pulse already, or its seed is not revealed yet");
    }
    println!("The pulse is right and kept. The running service draws within seconds.");
    Ok(ExitCode::SUCCESS)
}
