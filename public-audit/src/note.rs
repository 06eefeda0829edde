//! C2SP signed notes with Ed25519 (<https://c2sp.org/signed-note>): the form of every signature.
//!
//! ```text
//! the text, every line ended by LF
//!
//! — name base64(key id ‖ signature)
//! ```

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::hex;

/// The byte that says Ed25519 in keys and key ids.
const ED25519: u8 = 0x01;
/// The largest note, in bytes.
pub const MAX_BYTES: usize = 64 << 10;
/// The most signature lines that are looked at.
pub(crate) const MAX_SIGNATURES: usize = 64;

/// Why a note or a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The key is not `name+id+base64` of an Ed25519 key, or its id is not its own.
    #[error("not an Ed25519 signed-note verifier key")]
    Key,
    /// The name is empty, or has a space, a plus or a control character.
    #[error("a key name has no spaces, no plus and no control characters")]
    Name,
    /// No text, empty line and signatures in it, or too large.
    #[error("not a signed note")]
    Form,
    /// Nobody who is known has signed.
    #[error("no signature by the expected key")]
    Unsigned,
    /// A signature by the expected key, and it is wrong.
    #[error("the signature does not fit the text")]
    Signature,
}

/// `sha256(name ‖ 0x0a ‖ kind ‖ public key)[:4]`.
pub(crate) fn key_id(kind: u8, name: &str, public: &[u8; 32]) -> [u8; 4] {
    let sum = Sha256::new().chain_update(name).chain_update([b'\n', kind]).chain_update(public);
    let digest: [u8; 32] = sum.finalize().into();
    [digest[0], digest[1], digest[2], digest[3]]
}

pub(crate) fn is_key_name(name: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    (1..=255).contains(&name.len()) && !name.contains(bad)
}

/// A text that can be signed: ended by LF, and without other control characters. It may have empty lines: the
/// last one of a note ends its text, and no signature is empty.
fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// Signs notes in one name.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// From 32 secret bytes, which the caller keeps.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::Name);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(secret) })
    }

    /// The public half, as it stands in the rules.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The whole signed note over `text`.
    ///
    /// # Errors
    /// [`NoteError::Form`] if the text does not end in LF or has control characters.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !is_text(text) {
            return Err(NoteError::Form);
        }
        let mut blob = key_id(ED25519, &self.name, self.key.verifying_key().as_bytes()).to_vec();
        blob.extend(self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n— {} {}\n", self.name, Base64::encode_string(&blob)))
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Checks notes of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    /// From a vkey, `name+hex id+base64(0x01 ‖ public key)`.
    ///
    /// # Errors
    /// [`NoteError::Key`].
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let mut buffer = [0; 33];
        let bytes = Base64::decode(key, &mut buffer).map_err(|_| NoteError::Key)?;
        let [ED25519, public @ ..] = bytes else { return Err(NoteError::Key) };
        let public: [u8; 32] = public.try_into().map_err(|_| NoteError::Key)?;
        let id: [u8; 4] = hex::decode(id).map_err(|_| NoteError::Key)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteError::Key)?;
        // Whatever follows takes these bytes for the point: they are the only ones that spell it.
        let canonical = key.to_edwards().compress().to_bytes() == public;
        let named = is_key_name(name) && id == key_id(ED25519, name, &public);
        if !named || !canonical || key.is_weak() {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// The vkey.
    #[must_use]
    pub fn to_vkey(&self) -> String {
        let public = self.key.as_bytes();
        let mut blob = vec![ED25519];
        blob.extend(public);
        let id = hex::encode(&key_id(ED25519, &self.name, public));
        format!("{}+{id}+{}", self.name, Base64::encode_string(&blob))
    }

    /// The name that signs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a note that this key has signed. Signatures of others are passed over.
    ///
    /// # Errors
    /// When the note is malformed, or this key has not signed it.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = split(note)?;
        let ours = key_id(ED25519, &self.name, self.key.as_bytes());
        let mut signed = false;
        for line in signatures {
            let (name, blob) = line;
            if name != self.name || blob[..4] != ours {
                continue;
            }
            let signature = Signature::from_slice(&blob[4..]).map_err(|_| NoteError::Signature)?;
            let fits = self.key.verify_strict(text.as_bytes(), &signature);
            fits.map_err(|_| NoteError::Signature)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::Unsigned) }
    }
}

/// The text of a note and its signature lines as `(name, key id ‖ signature)`, unchecked.
///
/// # Errors
/// [`NoteError::Form`].
#[allow(clippy::type_complexity, reason = "a pair of what a note consists of")]
pub fn split(note: &str) -> Result<(&str, Vec<(&str, Vec<u8>)>), NoteError> {
    if note.len() > MAX_BYTES {
        return Err(NoteError::Form);
    }
    // The last empty line is the one that ends the text.
    let at = note.rfind("\n\n").ok_or(NoteError::Form)?;
    let (text, lines) = (&note[..=at], &note[at + 2..]);
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
    if !is_text(text) || lines.split('\n').count() > MAX_SIGNATURES {
        return Err(NoteError::Form);
    }
    let signatures = lines.split('\n').map(|line| {
        let (name, blob) = line.strip_prefix("— ")?.split_once(' ')?;
        let blob = Base64::decode_vec(blob).ok()?;
        (is_key_name(name) && blob.len() >= 5).then_some((name, blob))
    });
    let signatures: Option<Vec<_>> = signatures.collect();
    Ok((text, signatures.ok_or(NoteError::Form)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note, made by the Go implementation.
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn foreign_vector() {
        let verifier = Verifier::parse(VKEY).unwrap();
        assert_eq!(verifier.to_vkey(), VKEY);
        assert!(verifier.open(NOTE).unwrap().ends_with("problem is.\n"));
    }

    #[test]
    fn one_changed_byte_is_noticed() {
        let signer = Signer::new("city.example/jebi", &[7; 32]).unwrap();
        let verifier = Verifier::parse(&signer.verifier().to_vkey()).unwrap();
        let note = signer.sign("jebi-entry-1\nt\n").unwrap();
        assert_eq!(verifier.open(&note), Ok("jebi-entry-1\nt\n"));
        for at in 0..note.len() {
            for change in [1_u8, 4, 0x20, 0x80] {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= change;
                if let Ok(text) = std::str::from_utf8(&bytes) {
                    assert!(verifier.open(text).is_err(), "byte {at}: {text}");
                }
            }
        }
    }

    #[test]
    fn keys_are_strict() {
        for bad in [
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX", // another key
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
            "PeterNeumann+c74f20a3",
            "",
        ] {
            assert_eq!(Verifier::parse(bad), Err(NoteError::Key), "{bad}");
        }
        assert!(Signer::new("a b", &[0; 32]).is_err());
        assert!(Signer::new("a+b", &[0; 32]).is_err());
    }
}
