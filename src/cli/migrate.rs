//! `jebi migrate`: the schema, brought up to date once, by whoever deploys.

use std::process::ExitCode;

use crate::{
    config::Config,
    store::{self, Db},
};

/// Migrates the database of the configuration.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&config.state_dir)?;
    let db = Db::of(&config).await?;
    let pending = store::migrations_pending(&db).await?;
    store::migrate(&db).await?;
    match pending {
        0 => println!("The database is up to date."),
        pending => println!("{pending} schema changes made. The database is up to date."),
    }
    Ok(ExitCode::SUCCESS)
}
