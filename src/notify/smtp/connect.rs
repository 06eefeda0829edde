//! From an address to a connection that is ready for a mail.

use super::{
    config::SmtpConfig,
    pool::Connection,
    reply::tidy,
    tls::{Implicit, Trust},
};
use crate::config::Tls;
use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, AsyncTokioStream},
    extension::ClientId,
};
use std::{io, time::Duration};
use tokio::{net::TcpStream, time};

/// Connects, says hello, protects the connection and logs in; each within the time-out.
///
/// An `Err` is a sentence for a clerk: nothing was sent to anybody, and it is the channel that is broken.
pub(super) async fn open(config: &SmtpConfig, trust: &Trust) -> Result<Connection, String> {
    let patience = config.timeout;
    let place = format!("{}:{}", config.host, config.port);
    let tcp =
        within(patience, dial(config)).await.map_err(|why| format!("cannot connect to {place}: {why}"))?;

    let stream: Box<dyn AsyncTokioStream> = match config.tls {
        Tls::Implicit => Box::new(
            within(patience, Implicit::handshake(trust, tcp))
                .await
                .map_err(|why| format!("no TLS with {place}: {why}"))?,
        ),
        Tls::None | Tls::Starttls => Box::new(tcp),
    };
    let hello = config.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
    let mut smtp = within(patience, AsyncSmtpConnection::connect_with_transport(stream, &hello))
        .await
        .map_err(|why| format!("{place} does not greet us: {why}"))?;

    if config.tls == Tls::Starttls {
        let parameters = trust.for_starttls().map_err(|why| format!("no STARTTLS with {place}: {why}"))?;
        within(patience, smtp.starttls(parameters, &hello))
            .await
            .map_err(|why| format!("no STARTTLS with {place}: {why}"))?;
    }
    if let (Some(username), Some(password)) = (&config.username, &config.password) {
        let credentials = Credentials::new(username.clone(), password.expose().to_owned());
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        within(patience, smtp.auth(&mechanisms, &credentials))
            .await
            .map_err(|why| format!("{place} refuses the user name or password: {why}"))?;
    }
    Ok(Connection::new(smtp))
}

async fn dial(config: &SmtpConfig) -> io::Result<TcpStream> {
    let tcp = TcpStream::connect((config.host.as_str(), config.port)).await?;
    // Without it the final dot waits for the acknowledgement of the text before it: 44 ms a mail.
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

async fn within<T, E, F>(patience: Duration, work: F) -> Result<T, String>
where
    E: std::fmt::Display,
    F: Future<Output = Result<T, E>>,
{
    match time::timeout(patience, work).await {
        Ok(done) => done.map_err(|error| tidy(&error.to_string(), "")),
        Err(_) => Err(format!("no answer within {} ms", patience.as_millis())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_mail_never_waits_for_nagle() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = SmtpConfig::plain("127.0.0.1", port, "a@b.example".parse().unwrap());
        assert!(dial(&config).await.unwrap().nodelay().unwrap());
    }
}
