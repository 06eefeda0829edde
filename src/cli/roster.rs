//! `jebi roster`: lists of people that the municipality brings along.

mod import;
mod show;

use std::process::ExitCode;

use clap::Subcommand;

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    lifecycle::{announce::Staff, confirm::confirm},
    words::number::grouped,
};

/// What can be done about rosters.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read a list of people from CSV or XLSX
    Import(import::Options),
    /// Let a complete roster replace the one in use: two members of staff
    Confirm {
        /// The roster
        name: String,
        /// Who asks for it
        #[arg(long)]
        clerk: String,
        /// Who approves it; somebody else
        #[arg(long)]
        approver: String,
    },
    /// Show all rosters
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(options) => import::run(config, options).await,
        Command::List { json } => show::list(config, json).await,
        Command::Confirm { name, clerk, approver } => {
            let app = App::start(config, Clock::wall()).await?;
            authenticate(&app, &clerk, Role::Clerk).await?;
            authenticate(&app, &approver, Role::Approver).await?;
            let people = confirm(&app, &name, None, &Staff::new(&clerk, &approver)).await?;
            let people = grouped(u64::try_from(people).unwrap_or_default());
            println!("The roster {name} with {people} people is in use now. The one before is being erased.");
            Ok(ExitCode::SUCCESS)
        }
    }
}
