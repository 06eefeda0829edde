//! `jebi seller`: who sells, and with which keys.

use std::process::ExitCode;

use clap::Subcommand;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    staff::sellers,
    store::{self, access::Access},
    words::{Lang, instant::minute},
};

/// What can be done about sellers.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a seller, as drafts will call it; prints its key and the secret of its webhooks, once
    Add {
        /// The name, as in [[seller]]
        name: String,
    },
    /// Give a seller another key, beside those it has
    Key {
        /// The name
        name: String,
    },
    /// End a key
    Revoke {
        /// The name
        name: String,
        /// The first characters of its id, as `jebi seller list` shows them
        id: String,
    },
    /// Who there is
    List,
}

/// Does it.
pub async fn run(config: Config, command: &Command) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    match command {
        Command::Add { name } => add(&app, name).await?,
        Command::Key { name } => {
            let given = sellers::another(&app, name, Access::default(), app.clock.now()).await?;
            println!("Key (shown once): {}", given.key);
        }
        Command::Revoke { name, id } => {
            sellers::end(&app, name, id, Access::default(), app.clock.now()).await?;
            println!("The key holds no more.");
        }
        Command::List => {
            for (seller, keys) in store::seller::list(app.db.read()).await? {
                println!("{}", seller.name);
                for key in keys {
                    let id = key.digest.get(..8).unwrap_or_default();
                    let ended = key
                        .revoked_at
                        .map_or(String::new(), |at| format!(", ended {}", minute(at, Lang::En)));
                    println!("  {id}  since {}{ended}", minute(key.made_at, Lang::En));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(app: &App, name: &str) -> anyhow::Result<()> {
    let given = sellers::add(app, name, Access::default(), app.clock.now()).await?;
    println!("Seller `{name}`. Both are shown once; keep them like passwords.");
    println!("Key:             {}", given.key);
    println!("Webhook secret:  {}", given.secret.unwrap_or_default());
    Ok(())
}
