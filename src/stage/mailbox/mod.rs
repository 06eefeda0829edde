//! A small mail server that only receives: where the residents of `jebi demo`, of drills and of the benches read mail.
//!
//! It is a **stand-in** for the residents' real mail servers, on loopback, without TLS, spam checks or a
//! disk; the SMTP state machine is the crate `mailin`, the MIME decoding `mail-parser`. What it proves is
//! that notices cross a real socket and that each recipient got exactly one. `tests/it/smtp.rs` has Python's
//! `smtplib` judge it from the other side, and sends the same notices to aiosmtpd, a server we did not write.

mod session;
mod store;

pub use store::{Mail, NeverCame};

use std::{collections::HashMap, fmt, io, net::SocketAddr, sync::Arc, time::Duration};
use store::Store;
use tokio::{
    net::{TcpListener, ToSocketAddrs},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// What becomes of mail on its way to the residents.
pub trait Postman: Send + Sync + fmt::Debug {
    /// Whether somebody has a mailbox; to all others the server says 550.
    fn knows(&self, recipient: &str) -> bool;
    /// A mail was taken, with this text: whether it gets there.
    fn brings(&self, recipient: &str, body: &str) -> bool;
}

/// The running server. Dropping it stops it; [`Mailbox::close`] waits for the end.
#[derive(Debug)]
pub struct Mailbox {
    address: SocketAddr,
    store: Arc<Store>,
    stop: CancellationToken,
    server: Option<JoinHandle<()>>,
}

impl Mailbox {
    /// Listens; port 0 finds a free one, see [`Mailbox::addr`].
    ///
    /// # Errors
    /// Whatever the operating system says about the address.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        Self::bind_with(address, None).await
    }

    /// Likewise; what comes is given to this postman. Without one everybody has a mailbox, and everything gets there.
    ///
    /// # Errors
    /// As [`Mailbox::bind`].
    pub async fn bind_with(
        address: impl ToSocketAddrs,
        postman: Option<Arc<dyn Postman>>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (store, stop) = (Arc::new(Store::new(postman)), CancellationToken::new());
        let server = tokio::spawn(session::serve(listener, Arc::clone(&store), stop.clone()));
        Ok(Self { address, store, stop, server: Some(server) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.address
    }

    /// All mails a recipient got, oldest first, the lost ones too. Upper and lower case are the same recipient.
    #[must_use]
    pub fn messages_for(&self, recipient: &str) -> Vec<Mail> {
        self.store.mails(recipient)
    }

    /// Waits for the `nth` mail (1 is the first) of a recipient.
    ///
    /// # Errors
    /// [`NeverCame`] when the patience is over.
    pub async fn wait_for(&self, recipient: &str, nth: usize, patience: Duration) -> Result<Mail, NeverCame> {
        self.store.wait(recipient, patience, |store| store.nth(recipient, nth)).await
    }

    /// Waits for the first mail of a recipient that satisfies `wanted`.
    ///
    /// # Errors
    /// [`NeverCame`] when the patience is over.
    pub async fn wait_until(
        &self,
        recipient: &str,
        patience: Duration,
        wanted: impl Fn(&Mail) -> bool,
    ) -> Result<Mail, NeverCame> {
        self.store.wait(recipient, patience, |store| store.mails(recipient).into_iter().find(&wanted)).await
    }

    /// How many mails have arrived, counted once for each recipient.
    #[must_use]
    pub fn count(&self) -> usize {
        self.store.count()
    }

    /// How many mails each recipient has got: each exactly one, if the sender is right.
    #[must_use]
    pub fn counts(&self) -> HashMap<String, usize> {
        self.store.counts()
    }

    /// Stops listening, closes the connections and waits until both are done.
    pub async fn close(mut self) {
        self.stop.cancel();
        if let Some(server) = self.server.take() {
            // A session that panicked has nothing to tell that its sender does not know.
            let _ = server.await;
        }
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
