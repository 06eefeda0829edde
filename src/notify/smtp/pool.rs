//! A bounded set of connections: as many as the configuration says, reused, never left to rot.

use super::{
    config::{ConfigError, SmtpConfig},
    tls::Trust,
};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::Semaphore,
    time::{self, Instant},
};

/// Longer than this a parked connection is not trusted: servers close idle clients, some without a word.
const IDLE: Duration = Duration::from_secs(30);
/// After this many mails a connection is renewed, so that a load balancer can move us.
const MAILS: u32 = 1_000;
/// Patience for a courteous `QUIT`.
const GOODBYE: Duration = Duration::from_secs(2);

/// One open connection after `EHLO`, TLS and AUTH.
pub(super) struct Connection {
    pub smtp: Box<AsyncSmtpConnection>,
    mails: u32,
    parked: bool,
}

impl Connection {
    pub fn new(smtp: AsyncSmtpConnection) -> Self {
        Self { smtp: Box::new(smtp), mails: 0, parked: false }
    }

    /// Whether it was opened for this mail: then it cannot have died unseen.
    pub const fn is_fresh(&self) -> bool {
        !self.parked
    }

    pub const fn count(&mut self) {
        self.mails = self.mails.saturating_add(1);
    }

    async fn quit(mut self) {
        // Courtesy only: the mails before it have their replies.
        let _ = time::timeout(GOODBYE, self.smtp.quit()).await;
    }
}

/// The connections to one server. A mail holds a place while it is under way, and a new connection is opened
/// only by a mail that found none parked: so there are never more connections than places.
pub(super) struct Pool {
    pub config: SmtpConfig,
    pub trust: Trust,
    pub places: Semaphore,
    parked: Mutex<Parked>,
    idle: Duration,
    this: Weak<Pool>,
}

#[derive(Default)]
struct Parked {
    /// Last used last; the last one is taken first, so that the surplus grows old and is closed.
    connections: Vec<(Connection, Instant)>,
    sweeping: bool,
}

impl Pool {
    pub fn new(config: SmtpConfig) -> Result<Arc<Self>, ConfigError> {
        Self::with_idle(config, IDLE)
    }

    fn with_idle(config: SmtpConfig, idle: Duration) -> Result<Arc<Self>, ConfigError> {
        let config = config.checked()?;
        let trust = Trust::new(&config)?;
        let places = Semaphore::new(config.connections);
        let parked = Mutex::default();
        Ok(Arc::new_cyclic(|this| Self { config, trust, places, parked, idle, this: this.clone() }))
    }

    /// A parked connection that has not idled too long.
    pub fn take(&self) -> Option<Connection> {
        let mut parked = self.parked();
        let (connection, since) = parked.connections.pop()?;
        if since.elapsed() <= self.idle {
            return Some(connection);
        }
        // The newest is too old, so all are.
        parked.connections.clear();
        None
    }

    /// Keeps a connection for the next mail.
    pub async fn park(&self, mut connection: Connection) {
        if connection.mails >= MAILS || self.places.is_closed() {
            return connection.quit().await;
        }
        connection.parked = true;
        let start_sweeping = {
            let mut parked = self.parked();
            parked.connections.push((connection, Instant::now()));
            !std::mem::replace(&mut parked.sweeping, true)
        };
        if start_sweeping {
            tokio::spawn(sweep(self.this.clone(), self.idle / 3));
        }
    }

    pub async fn close(&self) {
        self.places.close();
        let connections = std::mem::take(&mut self.parked().connections);
        for (connection, _) in connections {
            connection.quit().await;
        }
    }

    /// Takes out those that have idled too long; `None` once nothing is parked and the sweep may end.
    fn overdue(&self) -> Option<Vec<Connection>> {
        let mut parked = self.parked();
        let split = parked.connections.partition_point(|(_, since)| since.elapsed() > self.idle);
        let overdue: Vec<_> = parked.connections.drain(..split).map(|(connection, _)| connection).collect();
        if parked.connections.is_empty() && overdue.is_empty() {
            parked.sweeping = false;
            return None;
        }
        Some(overdue)
    }

    fn parked(&self) -> MutexGuard<'_, Parked> {
        // Nothing in these few lines can leave the list half changed.
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says goodbye on connections nobody used for a while: a server's connection slots are not ours to keep.
async fn sweep(pool: Weak<Pool>, pause: Duration) {
    loop {
        time::sleep(pause).await;
        let Some(overdue) = pool.upgrade().and_then(|pool| pool.overdue()) else { return };
        for connection in overdue {
            connection.quit().await;
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Pool").field("config", &self.config).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
