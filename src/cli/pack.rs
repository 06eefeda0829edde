//! `jebi pack`: everything about a round that may outlive its people, as one file.

use std::{fs::File, io, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    staff::{export::Taker, pack},
};

/// Which round, and where the pack goes.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// Where the archive goes, `ROUND-audit-pack.zip` unless given; a file that is there stays there
    #[arg(long)]
    out: Option<PathBuf>,
    /// Why it is taken; kept in the access log
    #[arg(long, default_value = "jebi pack")]
    reason: String,
}

/// Writes it.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let taker = Taker { clerk_id: None, address: "", reason: &options.reason };
    let mut made = pack::pack(&app, &round, taker, app.clock.now()).await?;
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from(&made.name));
    let mut file = File::create_new(&out).with_context(|| out.display().to_string())?;
    io::copy(&mut made.file, &mut file)?;
    file.sync_all()?;
    println!(
        "{}: {} files, {} bytes. There is no personal data in it.",
        out.display(),
        made.rows,
        made.bytes
    );
    Ok(ExitCode::SUCCESS)
}
