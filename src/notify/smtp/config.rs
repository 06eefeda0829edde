//! How to reach the mail server.

use super::{dkim::Dkim, outgoing::address};
use crate::config::{Secret, Tls};
use lettre::message::Mailbox;
use std::{net::IpAddr, time::Duration};

/// A mail server and the terms on which it is used.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// Name or address of the server; with TLS also the name its certificate must carry.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Protection of the connection: `STARTTLS` (RFC 3207) is required when configured, a server that does not
    /// offer it gets no mail; implicit TLS is RFC 8314.
    pub tls: Tls,
    /// PEM certificates trusted beside the public roots: a city's own authority.
    pub extra_roots_pem: Option<String>,
    /// User name, if the server wants one (AUTH PLAIN or LOGIN, RFC 4954).
    pub username: Option<String>,
    /// Password that belongs to it.
    pub password: Option<Secret>,
    /// The `From` header, and the envelope sender when a mail names none.
    pub from: Mailbox,
    /// The most connections open at once; also the most mails under way.
    pub connections: usize,
    /// Patience for each single step: connecting, each command, the answer to the final dot.
    pub timeout: Duration,
    /// Our name in `EHLO`; the host name if absent.
    pub hello: Option<String>,
    /// Signs every mail.
    pub dkim: Option<Dkim>,
}

impl SmtpConfig {
    /// A server without protection or password, for loopback: 8 connections, 30 seconds of patience.
    #[must_use]
    pub fn plain(host: impl Into<String>, port: u16, from: Mailbox) -> Self {
        Self {
            host: host.into(),
            port,
            tls: Tls::None,
            extra_roots_pem: None,
            username: None,
            password: None,
            from,
            connections: 8,
            timeout: Duration::from_secs(30),
            hello: None,
            dkim: None,
        }
    }

    pub(super) fn checked(mut self) -> Result<Self, ConfigError> {
        if self.host.is_empty() || self.host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(ConfigError::Host);
        }
        if self.connections == 0 || self.connections > 1_000 {
            return Err(ConfigError::Connections(self.connections));
        }
        if self.timeout.is_zero() {
            return Err(ConfigError::Timeout);
        }
        if self.username.is_some() != self.password.is_some() {
            return Err(ConfigError::HalfCredentials);
        }
        if self.username.is_some() && self.tls == Tls::None && !self.is_loopback() {
            return Err(ConfigError::PasswordInTheClear);
        }
        let odd = |name: &str| name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic());
        if self.hello.as_deref().is_some_and(odd) {
            return Err(ConfigError::Hello);
        }
        if self.from.name.as_deref().is_some_and(|name| name.contains(char::is_control)) {
            return Err(ConfigError::From);
        }
        self.from.email = address(self.from.email.as_ref()).ok_or(ConfigError::From)?;
        Ok(self)
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// A setting that cannot work, in words for whoever wrote the configuration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The host is not one word.
    #[error("smtp host: expected the name or address of a mail server")]
    Host,
    /// The number of connections is out of range.
    #[error("smtp connections: {0} is not between 1 and 1000")]
    Connections(usize),
    /// No patience at all.
    #[error("smtp timeout: must be longer than zero")]
    Timeout,
    /// One of user name and password is missing.
    #[error("smtp username and password: give both or neither")]
    HalfCredentials,
    /// The password would cross the network readable.
    #[error("smtp tls: a password is only sent over starttls or implicit TLS, or to this machine itself")]
    PasswordInTheClear,
    /// `EHLO` takes one ASCII word.
    #[error("smtp hello: expected one word of visible ASCII")]
    Hello,
    /// The sender cannot be written into a header.
    #[error("smtp from: expected an e-mail address, with a name without control characters")]
    From,
    /// The extra certificates or the host name do not parse.
    #[error("smtp tls: {0}")]
    Trust(String),
}
