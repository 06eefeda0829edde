//! DKIM signatures (RFC 6376): that a mail is ours and that nobody changed it on the way.
//!
//! Both canonicalizations are `relaxed`: lettre's `simple` form of headers signs another folding than it
//! sends. The list of headers is our own: what decides where an unsubscription goes must be signed too
//! (RFC 8058 section 4).

use lettre::message::{
    Message,
    dkim::{
        DkimCanonicalization, DkimCanonicalizationType::Relaxed, DkimConfig, DkimSigningAlgorithm,
        DkimSigningKey,
    },
    header::HeaderName,
};
use pkcs8::{ObjectIdentifier, PrivateKeyInfo, der::Decode};
use std::{fmt, sync::Arc};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, pem::PemObject};

use base64::{Engine, prelude::BASE64_STANDARD};

/// Signed wherever they stand in a mail, and protected against being added where they do not.
const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// An RSA key of 2,048 bits is never shorter than this in PKCS #1; one of 1,024 bits is about 610 bytes.
const SHORTEST_RSA: usize = 1_150;

/// A key and where its public half is published.
#[derive(Clone)]
pub struct Dkim(Arc<DkimConfig>);

/// Why a key cannot sign, in words for whoever wrote the configuration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DkimError {
    /// Not a key at all.
    #[error("expected a private key in PEM (-----BEGIN PRIVATE KEY-----)")]
    Pem,
    /// A key of another kind.
    #[error("expected an RSA or Ed25519 key")]
    Kind,
    /// A key that many receivers would not believe.
    #[error("the RSA key is shorter than 2048 bits")]
    Short,
    /// A selector or domain that cannot stand in DNS.
    #[error("the selector and the domain must be names in DNS")]
    Name,
}

impl Dkim {
    /// Reads a private key as openssl writes it.
    ///
    /// # Errors
    /// [`DkimError`].
    pub fn new(selector: &str, domain: &str, pem: &str) -> Result<Self, DkimError> {
        let is_name = |text: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !text.is_empty() && text.len() <= 200 && text.chars().all(known)
        };
        if !is_name(selector) || !is_name(domain) {
            return Err(DkimError::Name);
        }
        let headers = HEADERS.map(HeaderName::new_from_ascii_str).into();
        let relaxed = DkimCanonicalization { header: Relaxed, body: Relaxed };
        let config = DkimConfig::new(selector.to_owned(), domain.to_owned(), key(pem)?, headers, relaxed);
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn sign(&self, message: &mut Message) {
        message.sign(&self.0);
    }
}

fn key(pem: &str) -> Result<DkimSigningKey, DkimError> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| DkimError::Pem)? {
        PrivateKeyDer::Pkcs1(key) => rsa(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => {
            let info = PrivateKeyInfo::from_der(key.secret_pkcs8_der()).map_err(|_| DkimError::Pem)?;
            match info.algorithm.oid {
                RSA => rsa(info.private_key),
                // RFC 8410 section 7: 32 bytes in an OCTET STRING of their own.
                ED25519 => {
                    let seed = info.private_key.strip_prefix(&[4, 32]).ok_or(DkimError::Pem)?;
                    let seed = BASE64_STANDARD.encode(seed);
                    DkimSigningKey::new(&seed, DkimSigningAlgorithm::Ed25519).map_err(|_| DkimError::Pem)
                }
                _ => Err(DkimError::Kind),
            }
        }
        _ => Err(DkimError::Kind),
    }
}

fn rsa(pkcs1: &[u8]) -> Result<DkimSigningKey, DkimError> {
    if pkcs1.len() < SHORTEST_RSA {
        return Err(DkimError::Short);
    }
    // lettre takes text only.
    let base64 = BASE64_STANDARD.encode(pkcs1);
    let mut pem = String::from("-----BEGIN RSA PRIVATE KEY-----\n");
    let mut rest = base64.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        pem.extend([line, "\n"]);
        rest = more;
    }
    if !rest.is_empty() {
        pem.extend([rest, "\n"]);
    }
    pem.push_str("-----END RSA PRIVATE KEY-----\n");
    DkimSigningKey::new(&pem, DkimSigningAlgorithm::Rsa).map_err(|_| DkimError::Pem)
}

impl fmt::Debug for Dkim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Dkim")
    }
}
