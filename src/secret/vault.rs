//! Sealing at rest and in cookies: XChaCha20-Poly1305 with a random nonce, bound to a purpose.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Serialize, de::DeserializeOwned};

/// Seals and opens values under one key. The purpose is authenticated with them: what was sealed
/// as a cookie never opens as an address.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

/// What opening gave: nothing says *why* something did not open, on purpose.
pub type Opened<T> = Option<T>;

const NONCE: usize = 24;

impl Vault {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals any serialisable value to URL-safe base64 text.
    pub fn seal<T: Serialize>(&self, purpose: &str, value: &T) -> String {
        // Our own plain structs of text and numbers always serialise, and sealing a few hundred
        // bytes cannot fail; an empty text opens as nothing, should that ever change.
        let Ok(plain) = serde_json::to_vec(value) else { return String::new() };
        let nonce = super::random_bytes::<NONCE>();
        let payload = Payload { msg: &plain, aad: purpose.as_bytes() };
        let Ok(sealed) = self.0.encrypt(&XNonce::from(nonce), payload) else { return String::new() };
        BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Vault::seal`] made for the same purpose; `None` for anything else.
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, text: &str) -> Opened<T> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        serde_json::from_slice(&self.0.decrypt(&XNonce::from(nonce), payload).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_for_its_purpose_only_and_never_when_touched() {
        let vault = Vault::new(&[7; 32]);
        let text = vault.seal("cookie", &"010-1234-5678");
        assert_eq!(vault.open::<String>("cookie", &text).as_deref(), Some("010-1234-5678"));
        assert_eq!(vault.open::<String>("address", &text), None);
        assert_eq!(Vault::new(&[8; 32]).open::<String>("cookie", &text), None);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let touched = String::from_utf8_lossy(&bytes);
            assert_eq!(vault.open::<String>("cookie", &touched), None, "byte {at}");
        }
    }
}
