//! The service under drill: it can really be stopped and started again, on the same database, key and port.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    service::{self, Service},
    stage::GLANCE,
};

/// So often a port that is not free yet is tried.
const TRIES: usize = 200;

/// A running instance.
pub struct Running {
    /// What it shares.
    pub app: App,
    config: Config,
    clock: Clock,
    address: SocketAddr,
    service: Service,
    closing: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// What it needs and does not get.
    pub async fn start(config: Config, clock: Clock, address: SocketAddr) -> anyhow::Result<Self> {
        let listener = listen(address).await?;
        let vendors = service::vendors(&config).await.map_err(|error| anyhow!(error))?;
        let app = App::start(config.clone(), clock.clone()).await?;
        let service = Service::start(&app, vendors).await?;
        let closing = CancellationToken::new();
        let server = tokio::spawn({
            let (app, closing) = (app.clone(), closing.clone());
            async move { service::serve(&app, listener, closing.cancelled_owned()).await }
        });
        Ok(Self { app, config, clock, address, service, closing, server })
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// What the listener said in the end.
    pub async fn stop(self) -> anyhow::Result<Stopped> {
        self.closing.cancel();
        self.server.await??;
        self.service.stop().await;
        Ok(Stopped { config: self.config, clock: self.clock, address: self.address })
    }
}

/// What is left of a stopped instance: its configuration, and what it wrote.
pub struct Stopped {
    config: Config,
    clock: Clock,
    address: SocketAddr,
}

impl Stopped {
    /// Starts another one in its place.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub async fn start(self) -> anyhow::Result<Running> {
        Running::start(self.config, self.clock, self.address).await
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let mut last = None;
    for _ in 0..TRIES {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
        Clock::pause(GLANCE).await;
    }
    Err(last.map_or_else(|| anyhow!("never tried"), Into::into)).with_context(|| address.to_string())
}

/// Somebody who finds the site away tries again so often, at this distance.
pub const AGAIN: (usize, Duration) = (600, Duration::from_millis(100));

/// What residents met that they should not have.
#[derive(Debug, Default)]
pub struct Errors {
    /// Nobody answered: the service was down.
    pub away: std::sync::atomic::AtomicU64,
    /// Codes that never came.
    pub lost_codes: Arc<std::sync::atomic::AtomicU64>,
}
