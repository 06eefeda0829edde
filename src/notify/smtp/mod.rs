//! E-mail by SMTP (RFC 5321): one mail, one recipient, one [`Outcome`].
//!
//! The commands of lettre's `AsyncSmtpConnection` are driven one by one, for two reasons that were measured:
//! - lettre's own pool neither bounds the number of connections nor sets `TCP_NODELAY`, and then waits 44 ms
//!   per mail for Nagle's algorithm and the delayed acknowledgement: 23 mails a second instead of thousands;
//! - only whoever sends the final dot knows whether it was sent, and that is the line between "retry" and
//!   "may have arrived" ([`Outcome`]).
//!
//! Nothing here reads a clock: the `Date` header is given, idle times use the runtime's monotonic timer.

mod config;
mod connect;
mod dialogue;
mod dkim;
mod headers;
mod outgoing;
mod parts;
mod pool;
mod reply;
mod tls;

pub use config::{ConfigError, SmtpConfig};
pub use dkim::{Dkim, DkimError};
pub use outgoing::{Calendar, Outgoing};

use crate::notify::outcome::Outcome;
use dialogue::Turn;
use pool::Pool;
use std::sync::Arc;

/// A mail server and the bounded set of connections to it. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct Smtp {
    pool: Arc<Pool>,
}

impl Smtp {
    /// Checks the configuration. No connection is made before the first mail.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting that cannot work.
    pub fn new(config: SmtpConfig) -> Result<Self, ConfigError> {
        Ok(Self { pool: Pool::new(config)? })
    }

    /// Sends one mail and says what became of it. Waits while all connections are busy.
    ///
    /// Each step of the dialogue has the configured time-out, so a server that hangs costs at most ten of
    /// them. Dropping the future closes its connection; what became of the mail is then unknown.
    pub async fn send(&self, mail: &Outgoing) -> Outcome {
        let composed = match outgoing::compose(mail, &self.pool.config.from, self.pool.config.dkim.as_ref()) {
            Ok(composed) => composed,
            Err(refusal) => return Outcome::permanent(refusal.to_string()),
        };
        let Ok(_place) = self.pool.places.acquire().await else {
            return Outcome::hold("the mail transport is shut down");
        };
        // A parked connection may have died unseen (421 after idling, a restarted server). That shows at the
        // first command, before anything of this mail is known to the server: only then is a second,
        // fresh connection used.
        if let Some(parked) = self.pool.take() {
            match dialogue::deliver(parked, &composed, self.pool.config.timeout).await {
                Turn::Ended { outcome, connection } => return self.settle(outcome, connection).await,
                Turn::Stale => {}
            }
        }
        let fresh = match connect::open(&self.pool.config, &self.pool.trust).await {
            Ok(fresh) => fresh,
            Err(reason) => return Outcome::hold(reason),
        };
        match dialogue::deliver(fresh, &composed, self.pool.config.timeout).await {
            Turn::Ended { outcome, connection } => self.settle(outcome, connection).await,
            Turn::Stale => Outcome::later("the server closed a fresh connection before the mail began"),
        }
    }

    /// Says goodbye on the parked connections and refuses further mails. Mails under way end normally.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn settle(&self, outcome: Outcome, connection: Option<pool::Connection>) -> Outcome {
        if let Some(connection) = connection {
            self.pool.park(connection).await;
        }
        outcome
    }
}
