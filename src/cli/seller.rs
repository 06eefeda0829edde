//! `jebi seller`: who sells, and with which keys.

use std::process::ExitCode;

use anyhow::{bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Subcommand;
use sea_orm::{DatabaseTransaction, SqlErr};

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    jobs::WEBHOOK_SECRET,
    lifecycle::sale::SELLER_KEY,
    secret::{random_bytes, random_id},
    store,
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
            if store::seller::find(app.db.read(), name).await?.is_none() {
                bail!("there is no seller `{name}`: `jebi seller add` makes one");
            }
            let txn = app.db.begin().await?;
            let key = another(&app, &txn, name).await?;
            txn.commit().await?;
            println!("Key (shown once): {key}");
        }
        Command::Revoke { name, id } => {
            ensure!(id.len() >= 4, "write at least four characters of the key's id");
            let txn = app.db.begin().await?;
            let ended = store::seller::revoke(&txn, name, id, app.clock.now()).await?;
            ensure!(ended == 1, "{ended} keys of `{name}` begin so: see `jebi seller list`");
            txn.commit().await?;
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
    let plain =
        name.trim() == name && !name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\' | '.'));
    ensure!(
        plain && (1..=64).contains(&name.chars().count()),
        "a name has 1 to 64 characters, without / \\ and ."
    );
    let secret = format!("whsec_{}", BASE64_STANDARD.encode(random_bytes::<32>()));
    let txn = app.db.begin().await?;
    let sealed = app.keys.people().seal(WEBHOOK_SECRET, &secret);
    match store::seller::insert(&txn, name, sealed, app.clock.now()).await {
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            bail!("there is a seller `{name}` already: `jebi seller key` gives it another key")
        }
        inserted => inserted?,
    }
    let key = another(app, &txn, name).await?;
    txn.commit().await?;
    println!("Seller `{name}`. Both are shown once; keep them like passwords.");
    println!("Key:             {key}");
    println!("Webhook secret:  {secret}");
    Ok(())
}

async fn another(app: &App, txn: &DatabaseTransaction, name: &str) -> anyhow::Result<String> {
    let key = format!("jebi_{}{}", random_id(), random_id());
    store::seller::insert_key(txn, name, app.keys.digest(SELLER_KEY, &key), app.clock.now()).await?;
    Ok(key)
}
