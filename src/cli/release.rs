//! `jebi release`: a result that the bias guard holds is published by two members of staff.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::proposal::Act,
    lifecycle::{announce::Staff, release::warning},
    staff::acts::{Word, settle},
};

/// Which round, what was found, and on whose word.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// What you found, in one line that everybody can read
    #[arg(long)]
    reason: String,
    /// Move all times by so many days, where the first would begin before their people are told
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=31))]
    shift_days: u32,
    /// Who asks for it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// Releases a held result.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    if let Some(warning) = warning(&round, options.shift_days).filter(|_| options.shift_days > 0) {
        eprintln!("WARNING: {warning}.");
    }
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    let staff = Staff::new(&options.clerk, &options.approver);
    let act = Act::Release { reason: options.reason.clone(), shift_days: options.shift_days };
    settle(&app, &act, Some(&round), Word::default(), &staff).await?;
    println!(
        "The result is released, for the hour in the rules or at once if that has passed. The running service tells everybody, and the journal says what you found."
    );
    Ok(ExitCode::SUCCESS)
}
