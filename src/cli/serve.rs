//! `jebi serve`: residents, and everything that is due, until it is told to stop.

use std::process::ExitCode;

use anyhow::{Context, anyhow};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    app::App,
    cli::log,
    clock::Clock,
    config::Config,
    roster::upload::sweep_uploads,
    service::{self, Service},
};

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    config.ready_to_serve()?;
    log::init(&config.log).map_err(|error| anyhow!(error))?;
    let vendors = service::vendors(&config).await.map_err(|error| anyhow!(error))?;
    let listen = config.listen;
    let app = App::start(config, Clock::wall()).await?;
    // What a process that was killed left behind.
    sweep_uploads(&app.config.state_dir).context("a list of people that was being read is still there")?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}: choose another `listen` address, or stop what uses this one")
    })?;
    let mut service = Service::start(&app, vendors).await?;
    service.show(&app).await;
    tracing::info!(address = %listener.local_addr()?, "serving");
    service::serve(&app, listener, stopped()).await?;
    service.stop().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Resolves when somebody wants the process to end.
pub(super) async fn stopped() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
