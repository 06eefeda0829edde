//! The key file, and the keys derived from it (HKDF-SHA256, RFC 5869), one for each purpose.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use public_audit::{hex, note::Signer};
use sha2::Sha256;

use super::{Vault, random_bytes};

/// Every key of a deployment. Several instances on one database must be given the same file.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    cookies: Vault,
    people: Vault,
    rounds: Vault,
    digests: Hmac<Sha256>,
    csrf: Hmac<Sha256>,
    signing: [u8; 32],
    /// Signers by name: to make one is as much work as to sign.
    signers: RwLock<HashMap<Box<str>, Arc<Signer>>>,
}

/// Names under which one deployment signs, at once: one, unless it has moved.
const NAMES: usize = 64;

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Reading or making the file failed.
    #[error("the key file {path} cannot be used: {source}; check the folder and its permissions")]
    File {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A key file was named and is not there.
    #[error(
        "there is no key file {0}: correct `secret_key_file`, or make one with `openssl rand -hex 32 > {0}`"
    )]
    Missing(PathBuf),
    /// There is a file, but not ours.
    #[error("the key file {0} must hold 64 hexadecimal digits; restore it from your backup")]
    Form(PathBuf),
}

impl Keys {
    /// Reads a key file that somebody named: one that is not there is a mistake, not a wish.
    ///
    /// # Errors
    /// [`KeyError`], each saying what to do.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        match path.exists() {
            true => Self::load_or_make(path),
            false => Err(KeyError::Missing(path.to_owned())),
        }
    }

    /// Reads the key file, or makes one (readable by its owner only) where none exists.
    ///
    /// # Errors
    /// [`KeyError`], each saying what to do.
    pub fn load_or_make(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        match fs::read_to_string(path) {
            Ok(text) => {
                let root = hex::decode(text.trim()).map_err(|_| KeyError::Form(path.to_owned()))?;
                Ok(Self::from_root(&root))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let root = random_bytes::<32>();
                match write_new(path, &root) {
                    // Another instance was a moment faster: its key is the key.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load_or_make(path),
                    written => written.map(|()| Self::from_root(&root)).map_err(failed),
                }
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The keys that grow from these 32 bytes.
    pub fn from_root(root: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, root);
        let derive = |purpose: &str| {
            let mut key = [0; 32];
            // 32 bytes are far below HKDF's limit of 8,160: this cannot fail.
            hkdf.expand(purpose.as_bytes(), &mut key).map(|()| key).unwrap_or(key)
        };
        Self(Arc::new(Inner {
            cookies: Vault::new(&derive("jebi cookies 1")),
            people: Vault::new(&derive("jebi people 1")),
            rounds: Vault::new(&derive("jebi rounds 1")),
            digests: mac(&derive("jebi digests 1")),
            csrf: mac(&derive("jebi csrf 1")),
            signing: derive("jebi signing 1"),
            signers: RwLock::default(),
        }))
    }

    /// For visitors' cookies.
    pub fn cookies(&self) -> &Vault {
        &self.0.cookies
    }

    /// For addresses and person keys at rest.
    pub fn people(&self) -> &Vault {
        &self.0.people
    }

    /// For round keys and organiser seeds at rest.
    pub fn rounds(&self) -> &Vault {
        &self.0.rounds
    }

    /// A keyed digest in hex, for finding an address again without storing it.
    pub fn digest(&self, purpose: &str, value: &str) -> String {
        hex::encode(&code(&self.0.digests, purpose, value))
    }

    /// The first half of such a digest, where there are millions of them.
    pub fn brief(&self, purpose: &str, value: &str) -> [u8; 16] {
        let mut brief = [0; 16];
        let digest = code(&self.0.digests, purpose, value);
        brief.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        brief
    }

    /// The token that proves a form was served to this visitor.
    pub fn csrf(&self, session: &str) -> String {
        hex::encode(&code(&self.0.csrf, "form", session)[..16])
    }

    /// Signs seals and receipts under the deployment's name.
    pub fn signer(&self, name: &str) -> Result<Arc<Signer>, public_audit::note::NoteError> {
        if let Some(signer) = self.0.signers.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(Arc::clone(signer));
        }
        let signer = Arc::new(Signer::new(name, &self.0.signing)?);
        let mut signers = self.0.signers.write().unwrap_or_else(PoisonError::into_inner);
        if signers.len() >= NAMES {
            signers.clear();
        }
        signers.insert(name.into(), Arc::clone(&signer));
        Ok(signer)
    }
}

/// `salt` of protocol §2: the same person entering again gets the same receipt.
pub fn salt(round_key: &[u8; 32], person_key: &str) -> [u8; 32] {
    mac(round_key).chain_update(person_key.as_bytes()).finalize().into_bytes().into()
}

/// RFC 2104 pads a short key with zeros to the hash's block of 64 bytes.
fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}

fn code(mac: &Hmac<Sha256>, purpose: &str, value: &str) -> [u8; 32] {
    // The NUL keeps ("a", "bc") and ("ab", "c") apart; no purpose contains one.
    let mac = mac.clone().chain_update(purpose).chain_update([0]).chain_update(value);
    mac.finalize().into_bytes().into()
}

/// Makes a file that only its owner can read; never over another.
pub(super) fn write_new(path: &Path, root: &[u8; 32]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{}\n", hex::encode(root)).as_bytes())?;
    file.sync_all()
}
