//! `[mail.dkim]`: the signature that lets a mail server know a mail as ours.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// DKIM (RFC 6376): which key, and where its public half is published.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dkim {
    /// The name of the key in DNS: `SELECTOR._domainkey.DOMAIN`.
    pub selector: String,
    /// The domain that signs; that of `mail.from` unless set.
    pub domain: Option<String>,
    /// A private key in PEM: RSA of 2,048 bits or more, or Ed25519.
    pub key_file: PathBuf,
}
