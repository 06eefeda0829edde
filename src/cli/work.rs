//! `jebi work`: sends notices and does nothing else. Any number of them may run on one PostgreSQL, beside
//! `jebi serve`.

use std::process::ExitCode;

use anyhow::anyhow;

use super::serve::stopped;
use crate::{
    app::App,
    cli::log,
    clock::Clock,
    config::Config,
    service::{self, Service},
};

/// Works until SIGINT or SIGTERM, then finishes what is under way.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    config.ready_to_serve()?;
    log::init(&config.log).map_err(|error| anyhow!(error))?;
    let vendors = service::vendors(&config).await.map_err(|error| anyhow!(error))?;
    let app = App::start(config, Clock::wall()).await?;
    let mut work = Service::start_sending(&app, vendors).await?;
    work.show(&app).await;
    tracing::info!("working");
    stopped().await;
    work.stop().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
