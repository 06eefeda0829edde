//! A running instance: the app, its background work and its metronome.

use std::sync::Arc;

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    app::App,
    config,
    jobs::{self, Metronome, MetronomeError},
    notify::vendor::Vendor,
    web::{self, accept},
};

/// Background work that is under way. It ends also when this is dropped, though not in order.
pub struct Service {
    metronome: Metronome,
    tasks: Vec<JoinHandle<()>>,
    stop: DropGuard,
}

impl Service {
    /// Starts the background work of `app`.
    ///
    /// # Errors
    /// [`MetronomeError`].
    pub async fn start(app: &App, vendors: Vec<Arc<Vendor>>) -> Result<Self, MetronomeError> {
        let stop = CancellationToken::new();
        let (metronome, knocks) = Metronome::start().await?;
        let tasks = jobs::start(app, vendors, &knocks, &stop);
        Ok(Self { metronome, tasks, stop: stop.drop_guard() })
    }

    /// Starts only the sending: for a process beside others that serve.
    ///
    /// # Errors
    /// [`MetronomeError`].
    pub async fn start_sending(app: &App, vendors: Vec<Arc<Vendor>>) -> Result<Self, MetronomeError> {
        let stop = CancellationToken::new();
        let (metronome, knocks) = Metronome::start().await?;
        let tasks = jobs::start_sending(app, vendors, &knocks, &stop);
        Ok(Self { metronome, tasks, stop: stop.drop_guard() })
    }

    /// Shows staff and machines what waits and what leaves, until the service stops. Whoever is asked for nothing
    /// must not fail for want of a port.
    pub async fn show(&mut self, app: &App) {
        let address = app.config.metrics;
        if address.port() == 0 {
            return;
        }
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) => {
                tracing::warn!(%address, %error, "no live view and no metrics: choose another `metrics` address");
                return;
            }
        };
        let (site, stop) = (web::live::router(app.clone()), self.stop.token().clone());
        self.tasks.push(tokio::spawn(async move {
            let served = axum::serve(listener, site).with_graceful_shutdown(stop.cancelled_owned()).await;
            if let Err(error) = served {
                tracing::error!(%error, "the live view ended");
            }
        }));
    }

    /// Ends it in order: what is under way is finished, outcomes are written.
    pub async fn stop(self) {
        self.stop.disarm().cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task did not end in order");
            }
        }
        self.metronome.stop().await;
    }
}

/// The carriers of the configuration.
///
/// # Errors
/// A sentence that says which setting cannot work.
pub async fn vendors(config: &config::Config) -> Result<Vec<Arc<Vendor>>, String> {
    let mut vendors = Vec::new();
    if let Some(mail) = &config.mail {
        vendors.push(Arc::new(Vendor::mail(mail, &config.municipality)?));
    }
    if let Some(sms) = &config.sms {
        vendors.push(Arc::new(Vendor::sms(sms, &config.municipality).await?));
    }
    Ok(vendors)
}

/// Serves the site on `listener` until `shutdown`.
///
/// # Errors
/// What the system said about the listener.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    accept::serve(listener, web::site(app.clone()), (&app.config.limits).into(), shutdown).await
}
