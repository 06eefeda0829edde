//! Whom we trust, and TLS from the first byte as a stream that lettre can use.
//!
//! lettre can open an implicit TLS connection itself, but then without `TCP_NODELAY`; hence the wrapper.

use super::config::{ConfigError, SmtpConfig};
use crate::config::Tls;
use lettre::transport::smtp::client::{AsyncTokioStream, Certificate, TlsParameters};
use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// The public roots and the city's own, ready for either kind of TLS.
pub(super) enum Trust {
    None,
    Starttls(TlsParameters),
    Implicit(TlsConnector, ServerName<'static>),
}

impl Trust {
    pub fn new(config: &SmtpConfig) -> Result<Self, ConfigError> {
        let extra = config.extra_roots_pem.as_deref().unwrap_or_default().as_bytes();
        match config.tls {
            Tls::None => Ok(Self::None),
            Tls::Starttls => {
                let mut builder = TlsParameters::builder(config.host.clone());
                if !extra.is_empty() {
                    builder = builder.add_root_certificate(Certificate::from_pem(extra).map_err(trust)?);
                }
                Ok(Self::Starttls(builder.build().map_err(trust)?))
            }
            Tls::Implicit => {
                let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
                for certificate in CertificateDer::pem_slice_iter(extra) {
                    roots.add(certificate.map_err(trust)?).map_err(trust)?;
                }
                // The provider is named: rustls cannot choose when a build holds more than one.
                let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                    .with_safe_default_protocol_versions()
                    .map_err(trust)?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                let name = ServerName::try_from(config.host.clone()).map_err(trust)?;
                Ok(Self::Implicit(TlsConnector::from(Arc::new(tls)), name))
            }
        }
    }

    pub fn for_starttls(&self) -> Result<TlsParameters, &'static str> {
        match self {
            Self::Starttls(parameters) => Ok(parameters.clone()),
            Self::None | Self::Implicit(..) => Err("not configured"),
        }
    }
}

fn trust(why: impl fmt::Display) -> ConfigError {
    ConfigError::Trust(why.to_string())
}

/// A TLS session over TCP.
#[derive(Debug)]
pub(super) struct Implicit(TlsStream<TcpStream>);

impl Implicit {
    pub async fn handshake(trust: &Trust, tcp: TcpStream) -> io::Result<Self> {
        match trust {
            Trust::Implicit(connector, name) => Ok(Self(connector.connect(name.clone(), tcp).await?)),
            Trust::None | Trust::Starttls(_) => Err(io::Error::other("not configured")),
        }
    }
}

impl AsyncTokioStream for Implicit {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Implicit {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Implicit {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
