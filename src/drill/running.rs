//! The service under drill: it can really be stopped and started again, on the same database, key and port.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::anyhow;
use axum::http::StatusCode;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    service::{self, Service},
    stage::{Refused, port::Port},
};

/// A running instance. It ends also when it is dropped, though not in order: where a drill comes to a halt, what it made is
/// moved next.
pub struct Running {
    /// What it shares.
    pub app: App,
    config: Config,
    clock: Clock,
    port: Port,
    service: Service,
    closing: DropGuard,
    server: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// What it needs and does not get.
    pub async fn start(config: Config, clock: Clock, port: Port) -> anyhow::Result<Self> {
        let listener = port.listen()?;
        let vendors = service::vendors(&config).await.map_err(|error| anyhow!(error))?;
        let app = App::start(config.clone(), clock.clone()).await?;
        let service = Service::start(&app, vendors).await?;
        let closing = CancellationToken::new();
        let server = tokio::spawn({
            let (app, closing) = (app.clone(), closing.clone());
            async move { service::serve(&app, listener, closing.cancelled_owned()).await }
        });
        Ok(Self { app, config, clock, port, service, closing: closing.drop_guard(), server })
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// What the listener said in the end.
    pub async fn stop(self) -> anyhow::Result<Stopped> {
        self.closing.disarm().cancel();
        self.server.await??;
        self.service.stop().await;
        Ok(Stopped { config: self.config, clock: self.clock, port: self.port })
    }
}

/// What is left of a stopped instance: its configuration, and what it wrote.
pub struct Stopped {
    config: Config,
    clock: Clock,
    port: Port,
}

impl Stopped {
    /// What it was started with, and the next one will be.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its clock, which goes on.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Starts another one in its place.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub async fn start(self) -> anyhow::Result<Running> {
        Running::start(self.config, self.clock, self.port).await
    }
}

/// Somebody who finds the site away tries again so often, at this distance.
pub const AGAIN: (usize, Duration) = (600, Duration::from_millis(100));

/// What residents met that they should not have.
#[derive(Debug, Default)]
pub struct Errors {
    /// Nobody answered: the service was down.
    pub away: AtomicU64,
    /// Codes that never came.
    pub lost_codes: Arc<AtomicU64>,
}

impl Errors {
    /// So many requests found nobody by now.
    pub fn away(&self) -> u64 {
        self.away.load(Ordering::Relaxed)
    }

    /// What somebody does who comes again for as long as nobody is there. Any other error is one that they met.
    ///
    /// # Errors
    /// What they met, or when the service stays away.
    pub async fn insist<T>(&self, act: impl AsyncFnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.insist_noting(act).await.0
    }

    /// The same, and whether nobody was there at first.
    pub async fn insist_noting<T>(
        &self,
        mut act: impl AsyncFnMut() -> anyhow::Result<T>,
    ) -> (anyhow::Result<T>, bool) {
        for tried in 0..AGAIN.0 {
            match act().await {
                Err(error) if is_away(&error) => {
                    self.away.fetch_add(1, Ordering::Relaxed);
                    Clock::pause(AGAIN.1).await;
                }
                done => return (done, tried > 0),
            }
        }
        (Err(anyhow!("the service did not come back")), true)
    }

    /// Whether nobody is there for somebody who tries once.
    pub async fn finds_nobody<T>(&self, act: impl AsyncFnOnce() -> anyhow::Result<T>) -> bool {
        let found = act().await.is_err_and(|error| is_away(&error));
        self.away.fetch_add(found.into(), Ordering::Relaxed);
        found
    }
}

/// Whether nobody answered, or said that they cannot now. A service that says anything else of itself is not away: it
/// is broken.
fn is_away(error: &anyhow::Error) -> bool {
    let broken = error.chain().any(|cause| cause.downcast_ref::<reqwest::Error>().is_some());
    let cannot = error.downcast_ref::<Refused>();
    broken || cannot.is_some_and(|refused| refused.0 == StatusCode::SERVICE_UNAVAILABLE)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;
    use crate::stage::folder;

    /// What they get in the end who meet these one after the other, how often they try, and how often nobody was there.
    async fn met(statuses: &[u16]) -> (anyhow::Result<()>, usize, u64, bool) {
        let (errors, mut tries) = (Errors::default(), 0);
        let (got, was_away) = errors
            .insist_noting(async || -> anyhow::Result<()> {
                let status = StatusCode::from_u16(statuses[tries])?;
                tries += 1;
                match status {
                    StatusCode::OK => Ok(()),
                    status => Err(Refused(status)).context("GET /rounds/a/my"),
                }
            })
            .await;
        (got, tries, errors.away(), was_away)
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_service_that_is_away_is_waited_for() {
        let (got, tries, away, was_away) = met(&[503, 503, 200]).await;
        assert_eq!((got.is_ok(), tries, away, was_away), (true, 3, 2, true));
        let (got, tries, away, was_away) = met(&[200]).await;
        assert_eq!((got.is_ok(), tries, away, was_away), (true, 1, 0, false));
        for broken in [500, 502, 504, 400, 404, 409, 429] {
            let (got, tries, away, _) = met(&[503, broken, 200]).await;
            assert_eq!((got.unwrap_err().downcast_ref::<Refused>().unwrap().0.as_u16(), tries), (broken, 2));
            assert_eq!(away, 1);
        }
    }

    #[tokio::test]
    async fn who_finds_nobody_at_the_port_found_the_service_away() {
        let port = Port::take().unwrap();
        let url = format!("http://{}/", port.address);
        let asked = crate::stage::Resident::client().unwrap().get(url).send().await;
        assert!(is_away(&anyhow::Error::from(asked.unwrap_err()).context("GET /")));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_that_is_dropped_ends_with_all_that_it_does() {
        let dir = tempfile::tempdir().unwrap();
        let port = Port::take().unwrap();
        let config = folder::config(dir.path(), &format!("http://{}", port.address), 9, "drill");
        let running = Running::start(config, Clock::wall(), port).await.unwrap();
        // The server and all tasks share it: once they have ended, it is gone.
        let shared = Arc::downgrade(&running.app.outbox);
        drop(running);
        for _ in 0..AGAIN.0 {
            if shared.strong_count() == 0 {
                return;
            }
            Clock::pause(AGAIN.1).await;
        }
        panic!("somebody is still at work a minute after it was dropped");
    }

    /// Whoever comes once and is told something else has found somebody.
    #[tokio::test]
    async fn who_tries_once_tries_once() {
        let errors = Errors::default();
        let said = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::NOT_FOUND].map(Refused);
        for (refused, away) in said.into_iter().zip([true, false]) {
            let act = async || -> anyhow::Result<()> { Err(refused.into()) };
            assert_eq!(errors.finds_nobody(act).await, away);
        }
        assert!(!errors.finds_nobody(async || anyhow::Ok(())).await);
        assert_eq!(errors.away(), 1);
    }
}
