//! `jebi clerk add`: staff who may act on rounds.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::{Subcommand, ValueEnum};
use sea_orm::SqlErr;

use crate::{app::App, clock::Clock, config::Config, secret::hash_password, secret::verify_password, store};

/// What can be done about staff.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add somebody; the password is asked for, or read from standard input
    Add {
        /// Name, as the journal will show it
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value_t = Role::Clerk)]
        role: Role,
    },
}

/// What staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Prepares rounds
    Clerk,
    /// Approves what a clerk prepared
    Approver,
}

impl Role {
    /// As in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Approver => "approver",
        }
    }
}

/// The shortest password; longer is better than odder (NIST SP 800-63B).
const SHORTEST: usize = 12;

/// Adds a member of staff.
pub async fn run(config: Config, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Add { name, role } = command;
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' '));
    ensure!(
        plain && (1..=64).contains(&name.chars().count()),
        "a name has 1 to 64 letters, digits, spaces, . - _"
    );
    let app = App::start(config, Clock::wall()).await?;
    let password = ask(&format!("Password for {name}: "))?;
    ensure!(password.chars().count() >= SHORTEST, "a password needs at least {SHORTEST} characters");
    let hash = hash_password(&password).map_err(anyhow::Error::msg)?;
    let txn = app.db.begin().await?;
    match store::clerk::insert(&txn, name, role.key(), hash, app.clock.now()).await {
        Ok(()) => txn.commit().await?,
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            bail!("there is somebody called {name} already; choose another name")
        }
        Err(error) => return Err(error.into()),
    }
    println!("{name} may now act as {}.", role.key());
    Ok(ExitCode::SUCCESS)
}

/// Asks for the password of a member of staff and checks it and their role.
pub async fn authenticate(app: &App, name: &str, role: Role) -> anyhow::Result<()> {
    let password = ask(&format!("Password for {name} ({}): ", role.key()))?;
    let clerk = store::clerk::find(app.db.read(), name).await?;
    let known =
        clerk.is_some_and(|clerk| clerk.role == role.key() && verify_password(&password, &clerk.password));
    ensure!(known, "{name} with this password may not act as {}", role.key());
    Ok(())
}

/// A line that does not show on a terminal.
pub fn ask(prompt: &str) -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt).context("no password was given");
    }
    let mut line = String::new();
    ensure!(io::stdin().read_line(&mut line)? > 0, "no password on standard input");
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
