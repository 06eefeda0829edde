//! `jebi pulse`: a pulse given by hand. From a beacon, for a machine without a way out: it is the
//! signature that counts. From a public event, such as a national lotto draw: two clerks type it.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::clerk::{Role, ask, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::proposal::Act,
    lifecycle::{
        announce::Staff,
        pulse::{believe, keep},
    },
    staff::acts::{Word, settle},
};

/// Whose pulse, and what it is.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The signature of the drand round the rules name, as any relay shows it
    #[arg(long, value_name = "HEX", required_unless_present = "declared", conflicts_with = "declared")]
    signature: Option<String>,
    /// Two members of staff type the values that the rules name, each for themselves
    #[arg(long, requires = "clerk", requires = "approver")]
    declared: bool,
    /// Who types first
    #[arg(long)]
    clerk: Option<String>,
    /// Who types again; somebody else
    #[arg(long)]
    approver: Option<String>,
}

/// Keeps a pulse; the running service draws with it.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    match &options.signature {
        Some(signature) => {
            let pulse = believe(&round.rules.beacon, signature)?;
            if !keep(&app, &round.row, &pulse, "", app.clock.now()).await? {
                bail!("the round has its pulse already, or its seed is not revealed yet");
            }
        }
        None => {
            let values = typed(&app, options.clerk.as_deref(), Role::Clerk).await?;
            let again = typed(&app, options.approver.as_deref(), Role::Approver).await?;
            let name = |name: &Option<String>| name.clone().unwrap_or_default();
            let staff = Staff::new(&name(&options.clerk), &name(&options.approver));
            let word = Word { again: Some(&again), seen: None };
            settle(&app, &Act::Declare { values }, Some(&round), word, &staff).await?;
        }
    }
    println!("The pulse is right and kept. The running service draws within seconds.");
    Ok(ExitCode::SUCCESS)
}

/// What one member of staff types; it does not show, so that the other cannot copy it.
async fn typed(app: &App, name: Option<&str>, role: Role) -> anyhow::Result<String> {
    let name = name.context("--clerk and --approver say who types")?;
    authenticate(app, name, role).await?;
    ask(&format!("{name}: the numbers, sources divided by / (for example 7 12 23 31 40 41 / 5): "))
}
