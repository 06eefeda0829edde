//! `jebi void`: a round that cannot go on is ended by two members of staff, in public.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::proposal::Act,
    lifecycle::announce::Staff,
    staff::acts::{Word, settle},
};

/// Which round, why, and on whose word.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// Why, in one line that everybody can read
    #[arg(long)]
    reason: String,
    /// Who asks for it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// Voids a round.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    let staff = Staff::new(&options.clerk, &options.approver);
    let act = Act::Void { reason: options.reason.clone() };
    settle(&app, &act, Some(&round), Word::default(), &staff).await?;
    println!("The round is void. The running service tells everybody who entered, and the journal says why.");
    Ok(ExitCode::SUCCESS)
}
