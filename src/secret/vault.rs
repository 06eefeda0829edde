//! Sealing at rest and in cookies: XChaCha20-Poly1305 with a random nonce, bound to a purpose.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use serde::{Serialize, de::DeserializeOwned};

/// Seals and opens values under one key. The purpose is authenticated with them: what was sealed
/// as a cookie never opens as an address.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

/// What opening gave: nothing says *why* something did not open, on purpose.
pub type Opened<T> = Option<T>;

const NONCE: usize = 24;
const TAG: usize = 16;
/// Most of what is sealed is shorter: one piece of memory holds it from the first byte to the last.
const USUAL: usize = 1_024;

impl Vault {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals any serialisable value to URL-safe base64 text.
    pub fn seal<T: Serialize>(&self, purpose: &str, value: &T) -> String {
        let mut text = String::new();
        self.seal_onto(&mut text, purpose, value);
        text
    }

    /// The same, behind what a text holds already.
    pub fn seal_onto<T: Serialize>(&self, text: &mut String, purpose: &str, value: &T) {
        // Our own plain structs of text and numbers always serialise, and sealing a few hundred
        // bytes cannot fail; an empty text opens as nothing, should that ever change.
        let nonce = super::random_bytes::<NONCE>();
        let mut sealed = Vec::with_capacity(USUAL);
        sealed.extend_from_slice(&nonce);
        if serde_json::to_writer(&mut sealed, value).is_err() {
            return;
        }
        let Some(plain) = sealed.get_mut(NONCE..) else { return };
        let tag = self.0.encrypt_inout_detached(&XNonce::from(nonce), purpose.as_bytes(), plain.into());
        let Ok(tag) = tag else { return };
        sealed.extend_from_slice(&tag);
        BASE64_URL_SAFE_NO_PAD.encode_string(&sealed, text);
    }

    /// Opens what [`Vault::seal`] made for the same purpose; `None` for anything else.
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, text: &str) -> Opened<T> {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE)?;
        let (plain, tag) = sealed.split_at_mut_checked(sealed.len().checked_sub(TAG)?)?;
        let nonce: [u8; NONCE] = (&*nonce).try_into().ok()?;
        let tag: [u8; TAG] = (&*tag).try_into().ok()?;
        let (nonce, tag) = (XNonce::from(nonce), Tag::from(tag));
        self.0.decrypt_inout_detached(&nonce, purpose.as_bytes(), (&mut *plain).into(), &tag).ok()?;
        serde_json::from_slice(plain).ok()
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
        for short in ["", "A", &text[..32], &text[..54]] {
            assert_eq!(vault.open::<String>("cookie", short), None, "{short}");
        }
        let mut behind = "jebi=".to_owned();
        vault.seal_onto(&mut behind, "cookie", &vec![7; 5_000]);
        assert_eq!(vault.open("cookie", &behind[5..]), Some(vec![7; 5_000]));
        assert_eq!(Vault::new(&[8; 32]).open::<String>("cookie", &text), None);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let touched = String::from_utf8_lossy(&bytes);
            assert_eq!(vault.open::<String>("cookie", &touched), None, "byte {at}");
        }
    }
}
