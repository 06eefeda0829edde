//! `jebi clerk`: who may act on rounds, and what they did. For operators; staff themselves are on the web.

mod show;

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use clap::Subcommand;

pub use crate::domain::staff::Role;
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    secret::verify_password,
    staff::{
        account,
        roles::{self, Change},
    },
    store,
};

/// What can be done about staff.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add somebody; the password is asked for, or read from standard input
    Add {
        /// Name, as the journal's keepers will see it
        name: String,
        /// clerk, approver, auditor, counter, call-centre or observer
        #[arg(long, default_value = "clerk")]
        role: Role,
    },
    /// Give somebody another role; they are signed out everywhere
    Role {
        /// Name
        name: String,
        /// clerk, approver, auditor, counter, call-centre or observer
        role: Role,
    },
    /// A new password, asked for here; the app with the codes is set up anew at the next sign-in
    Reset {
        /// Name
        name: String,
    },
    /// The account of somebody at the city's identity provider ([identity.staff]); they are signed out everywhere
    Account {
        /// Name
        name: String,
        /// The value of the claim that `identity.staff.claim` names; left out: none any more
        value: Option<String>,
    },
    /// Staff no more; the name stays theirs
    Remove {
        /// Name
        name: String,
    },
    /// Everybody, and since when
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Who signed in, who was held off, whose role changed, who looked at whose data
    Log {
        /// How many lines
        #[arg(long, default_value_t = 50)]
        last: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub async fn run(config: Config, command: &Command) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let now = app.clock.now();
    match command {
        Command::Add { name, role } => {
            let password = ask(&format!("Password for {name}: "))?;
            roles::add(&app, name, *role, &password, now).await?;
            println!(
                "{name} may now act as {}. At the first sign-in on {}/console they set up an app for codes.",
                role.key(),
                app.config.public_url
            );
        }
        Command::Role { name, role } => {
            roles::change(&app, name, Change::Role(*role), now).await?;
            println!("{name} may now act as {}, and is signed out everywhere.", role.key());
        }
        Command::Reset { name } => {
            let password = ask(&format!("New password for {name}: "))?;
            roles::change(&app, name, Change::Reset(&password), now).await?;
            println!("{name} signs in with the new password and sets up an app for codes then.");
        }
        Command::Account { name, value } => {
            account::name(&app, name, value.as_deref(), now).await?;
            match value {
                Some(_) => println!("{name} signs in with this account as well, with the role they have."),
                None => println!("{name} has no account elsewhere any more."),
            }
        }
        Command::Remove { name } => {
            roles::change(&app, name, Change::Remove, now).await?;
            println!("{name} may do nothing any more, and is signed out everywhere.");
        }
        Command::List { json } => show::list(&app, *json).await?,
        Command::Log { last, json } => show::log(&app, *last, *json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for the password of a member of staff and checks it and their role.
pub async fn authenticate(app: &App, name: &str, role: Role) -> anyhow::Result<entities::clerk::Model> {
    let password = ask(&format!("Password for {name} ({}): ", role.key()))?;
    let clerk = store::clerk::find(app.db.read(), name).await?;
    let known = clerk.filter(|clerk| clerk.role == role.key() && verify_password(&password, &clerk.password));
    known.with_context(|| format!("{name} with this password may not act as {}", role.key()))
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
