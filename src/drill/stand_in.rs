//! A server of somebody else, played on loopback in a task of its own.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A stand-in that runs.
pub struct StandIn {
    /// Where it listens.
    pub address: SocketAddr,
    of: &'static str,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Starts that of whoever is called so.
    ///
    /// # Errors
    /// What the system said about the port.
    pub async fn start(of: &'static str, site: Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let until = stop.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, site).with_graceful_shutdown(until).await {
                tracing::error!(%error, "the stand-in of {of} ended");
            }
        });
        Ok(Self { address, of, stop, server })
    }

    /// Ends it.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.server.await {
            tracing::warn!(%error, "the stand-in of {} did not end in order", self.of);
        }
    }
}
