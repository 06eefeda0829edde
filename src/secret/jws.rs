//! Signed tokens that a seller checks without asking us: JWS in compact form (RFC 7515) with Ed25519 (RFC 8037).
//!
//! The keys have a file of their own: a seller trusts them for money, the journal's name is for history, and
//! they change at another pace. The first key of the file signs; the others are published, so that what they
//! signed is good until it runs out.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use public_audit::hex;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{keys::write_new, random_bytes};

/// The longest token that is looked at; ours have some 500 bytes.
const LONGEST: usize = 4_096;

/// What kind of token it is. A hand-over is never taken for a pass, nor the other way round (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The right to buy.
    Pass,
    /// What the gate gives along.
    Handover,
    /// The digest of a list.
    List,
}

impl Kind {
    fn typ(self) -> &'static str {
        match self {
            Self::Pass => "jebi-pass+jwt",
            Self::Handover => "jebi-handover+jwt",
            Self::List => "jebi-list+jwt",
        }
    }
}

/// The keys that sign passes. Cheap to clone.
#[derive(Clone)]
pub struct PassKeys(Arc<Vec<Key>>);

struct Key {
    kid: String,
    signing: SigningKey,
}

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PassKeyError {
    /// Reading or making the file failed.
    #[error("the pass key file {0} cannot be used: {1}; check the folder and its permissions")]
    File(PathBuf, io::Error),
    /// A file was named and is not there.
    #[error(
        "there is no pass key file {0}: correct `pass_key_file`, or make one with `openssl rand -hex 32 > {0}`"
    )]
    Missing(PathBuf),
    /// There is a file, but not ours.
    #[error("the pass key file {0} must hold lines of 64 hexadecimal digits, the newest first")]
    Form(PathBuf),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl PassKeys {
    /// Reads a key file that somebody named, or the usual one, which is made where none is.
    ///
    /// # Errors
    /// [`PassKeyError`], each saying what to do.
    pub fn load(path: &Path, named: bool) -> Result<Self, PassKeyError> {
        let failed = |source| PassKeyError::File(path.to_owned(), source);
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).ok_or_else(|| PassKeyError::Form(path.to_owned())),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
            Err(_) if named => Err(PassKeyError::Missing(path.to_owned())),
            Err(_) => match write_new(path, &random_bytes::<32>()) {
                Ok(()) => Self::load(path, true),
                // Another instance was a moment faster: its key is the key.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(path, true),
                Err(error) => Err(failed(error)),
            },
        }
    }

    /// The keys of a file's lines; `None` if there are none, or one that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys: Option<Vec<Key>> =
            lines.map(|line| hex::decode(line).ok().map(|seed| key(&seed))).collect();
        keys.filter(|keys| !keys.is_empty()).map(|keys| Self(Arc::new(keys)))
    }

    /// Signs claims with the newest key. Ed25519 is deterministic: the same claims are the same token.
    pub fn sign(&self, kind: Kind, claims: &impl Serialize) -> String {
        let Some(key) = self.0.first() else { return String::new() };
        let header = Header { alg: "EdDSA".to_owned(), typ: kind.typ().to_owned(), kid: key.kid.clone() };
        // Neither fails: both are structs of texts and numbers.
        let part = |json: Result<Vec<u8>, _>| BASE64.encode(json.unwrap_or_default());
        let text = format!("{}.{}", part(serde_json::to_vec(&header)), part(serde_json::to_vec(claims)));
        let signature = key.signing.sign(text.as_bytes());
        format!("{text}.{}", BASE64.encode(signature.to_bytes()))
    }

    /// The claims of a token of this kind that one of our keys signed; `None` for anything else.
    pub fn open<T: DeserializeOwned>(&self, kind: Kind, token: &str) -> Option<T> {
        let parts = Parts::of(token)?;
        let header: Header = serde_json::from_slice(&parts.header).ok()?;
        if header.alg != "EdDSA" || header.typ != kind.typ() {
            return None;
        }
        let key = self.0.iter().find(|key| key.kid == header.kid)?;
        parts.claims(&key.signing.verifying_key())
    }

    /// The public halves as a JWK Set (RFC 7517).
    pub fn jwks(&self) -> Value {
        let keys = self.0.iter().map(|key| {
            let mut jwk = jwk(&key.signing.verifying_key());
            if let Some(jwk) = jwk.as_object_mut() {
                for (name, value) in [("kid", key.kid.as_str()), ("alg", "EdDSA"), ("use", "sig")] {
                    jwk.insert(name.to_owned(), value.into());
                }
            }
            jwk
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}

/// A token taken apart; nothing of it is believed yet.
struct Parts<'t> {
    header: Vec<u8>,
    text: &'t str,
    claims: &'t str,
    signature: Signature,
}

impl<'t> Parts<'t> {
    fn of(token: &'t str) -> Option<Self> {
        let (text, signature) = token.rsplit_once('.').filter(|_| token.len() <= LONGEST)?;
        let (header, claims) = text.split_once('.')?;
        let signature = Signature::from_slice(&BASE64.decode(signature).ok()?).ok()?;
        Some(Self { header: BASE64.decode(header).ok()?, text, claims, signature })
    }

    /// The claims, if this key signed them.
    fn claims<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Option<T> {
        key.verify_strict(self.text.as_bytes(), &self.signature).ok()?;
        serde_json::from_slice(&BASE64.decode(self.claims).ok()?).ok()
    }
}

/// What a statement of a city's identity system says of itself.
pub const STATEMENT: &str = "jebi-identity+jwt";

#[derive(Deserialize)]
struct StatementHeader {
    alg: String,
    typ: String,
    // What must be understood and is not.
    crit: Option<Value>,
}

/// The claims of a statement that one of these public keys signed (each 32 bytes in base64url); `None` for anything
/// else.
pub fn open_statement<T: DeserializeOwned>(keys: &[String], token: &str) -> Option<T> {
    let parts = Parts::of(token)?;
    let header: StatementHeader = serde_json::from_slice(&parts.header).ok()?;
    if header.alg != "EdDSA" || header.typ != STATEMENT || header.crit.is_some() {
        return None;
    }
    let public = |key: &String| {
        let bytes: [u8; 32] = BASE64.decode(key).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok()
    };
    keys.iter().filter_map(public).find_map(|key| parts.claims(&key))
}

fn key(seed: &[u8; 32]) -> Key {
    let signing = SigningKey::from_bytes(seed);
    // RFC 7638: the digest of the required members in their order, which is that of `serde_json`.
    let thumbprint = Sha256::digest(jwk(&signing.verifying_key()).to_string());
    Key { kid: BASE64.encode(thumbprint), signing }
}

fn jwk(public: &VerifyingKey) -> Value {
    json!({ "crv": "Ed25519", "kty": "OKP", "x": BASE64.encode(public.as_bytes()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.1 and A.3.
    const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    fn keys(seeds: &[&str]) -> PassKeys {
        PassKeys::parse(&seeds.join("\n")).unwrap()
    }

    #[test]
    fn keys_have_the_names_of_the_standard() {
        let jwks = keys(&[SEED]).jwks();
        assert_eq!(jwks["keys"][0]["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(jwks["keys"][0]["kid"], "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert!(PassKeys::parse("").is_none() && PassKeys::parse("9d61").is_none());
    }

    #[test]
    fn opens_what_it_signed_as_what_it_is_and_nothing_else() {
        let old = keys(&[SEED]);
        let token = old.sign(Kind::Pass, &json!({ "sub": "someone" }));
        let open = |keys: &PassKeys, kind, token: &str| keys.open::<Value>(kind, token);
        assert_eq!(open(&old, Kind::Pass, &token), Some(json!({ "sub": "someone" })));
        assert_eq!(open(&old, Kind::Handover, &token), None);
        // A key that signs no more is still believed, one that is gone is not.
        let other = "00".repeat(32);
        assert!(open(&keys(&[&other, SEED]), Kind::Pass, &token).is_some());
        assert!(open(&keys(&[&other]), Kind::Pass, &token).is_none());
        for at in 0..token.len() {
            let mut touched = token.clone().into_bytes();
            touched[at] = if touched[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&old, Kind::Pass, &String::from_utf8_lossy(&touched)), None, "byte {at}");
        }
        let part = |json: Value| BASE64.encode(json.to_string());
        let (_, claims, signature) = {
            let mut parts = token.split('.');
            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
        };
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        for header in [
            json!({ "alg": "none", "typ": "jebi-pass+jwt", "kid": kid }),
            json!({ "alg": "HS256", "typ": "jebi-pass+jwt", "kid": kid }),
            json!({ "alg": "EdDSA", "typ": "jebi-pass+jwt", "kid": kid, "crit": ["exp"] }),
        ] {
            for signature in [signature, ""] {
                let forged = format!("{}.{claims}.{signature}", part(header.clone()));
                assert_eq!(open(&old, Kind::Pass, &forged), None, "{header}");
            }
        }
    }
}
