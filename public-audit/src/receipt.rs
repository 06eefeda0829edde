//! The receipt: the public code of an entry (protocol §2).

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::slug::Slug;

/// 80 bits, written `famx-6k54-dc9p-a7yz` in lower-case Crockford base32.
///
/// The order of the bits is the order of the texts, so sorting receipts and sorting lines agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt([u8; 10]);

/// In ascending order of ASCII, without i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The value of each character, 32 for those that are not in the alphabet.
const VALUES: [u8; 256] = {
    let mut values = [32; 256];
    let mut at = 0;
    while at < 32 {
        values[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values
};

/// Why there is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The text is not four groups of four characters of the alphabet.
    #[error("a receipt is written like famx-6k54-dc9p-a7yz, in lower case without i, l, o and u")]
    Form,
    /// The round's slug is malformed.
    #[error(transparent)]
    Slug(#[from] crate::slug::SlugError),
    /// The person key is empty, longer than 256 bytes or has a control character, which could
    /// make two different inputs hash alike.
    #[error("a person key is 1 to 256 bytes without control characters")]
    PersonKey,
}

impl Receipt {
    /// The receipt of the person `person_key` in the round `slug`.
    ///
    /// `salt` is `HMAC-SHA256(round key, person key)`; whoever shows salt and person key opens the
    /// receipt, nobody else can link it to anyone.
    ///
    /// # Errors
    /// When slug or person key could not be written on one line each.
    pub fn derive(slug: &str, salt: &[u8; 32], person_key: &str) -> Result<Self, ReceiptError> {
        let slug: Slug = slug.parse()?;
        if !(1..=256).contains(&person_key.len()) || person_key.chars().any(char::is_control) {
            return Err(ReceiptError::PersonKey);
        }
        let input = format!("jebi-receipt-1\n{slug}\n{}\n{person_key}\n", hex::encode(salt));
        let digest: [u8; 32] = Sha256::digest(input.as_bytes()).into();
        let mut bits = [0; 10];
        bits.copy_from_slice(&digest[..10]);
        Ok(Self(bits))
    }

    /// The receipt with these 80 bits.
    #[must_use]
    pub const fn from_bytes(bits: [u8; 10]) -> Self {
        Self(bits)
    }

    /// The 80 bits.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }

    /// The 19 ASCII characters, for hashing without an allocation.
    #[must_use]
    pub fn to_ascii(self) -> [u8; 19] {
        let mut bits = [0_u8; 16];
        bits[6..].copy_from_slice(&self.0);
        let bits = u128::from_be_bytes(bits);
        let mut text = [b'-'; 19];
        for place in 0..16 {
            let five = (bits >> (75 - 5 * place)) & 31;
            text[place + place / 4] = ALPHABET[five as usize];
        }
        text
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ascii = self.to_ascii();
        f.pad(std::str::from_utf8(&ascii).unwrap_or_default())
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let text = text.as_bytes();
        if text.len() != 19 {
            return Err(ReceiptError::Form);
        }
        let (mut bits, mut strange) = (0_u128, false);
        for (at, character) in text.iter().enumerate() {
            if at % 5 == 4 {
                strange |= *character != b'-';
            } else {
                let five = VALUES[usize::from(*character)];
                strange |= five > 31;
                bits = (bits << 5) | u128::from(five & 31);
            }
        }
        if strange {
            return Err(ReceiptError::Form);
        }
        let mut receipt = [0; 10];
        receipt.copy_from_slice(&bits.to_be_bytes()[6..]);
        Ok(Self(receipt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_order() {
        for text in ["0000-0000-0000-0000", "zzzz-zzzz-zzzz-zzzz", "famx-6k54-dc9p-a7yz"] {
            assert_eq!(text.parse::<Receipt>().map(|r| r.to_string()).as_deref(), Ok(text));
        }
        let smaller: Receipt = "9zzz-zzzz-zzzz-zzzz".parse().unwrap();
        let larger: Receipt = "a000-0000-0000-0000".parse().unwrap();
        assert!(smaller < larger);
        for bad in [
            "FAMX-6k54-dc9p-a7yz",
            "famx6k54dc9pa7yz",
            "famx-6k54-dc9p-a7yz ",
            "famx-6k54-dc9p-a7yi",
            "famx-6k54_dc9p-a7yz",
            "",
            "famx-6k54-dc9p-a7y",
            "fam--6k54-dc9p-a7yz",
        ] {
            assert_eq!(bad.parse::<Receipt>(), Err(ReceiptError::Form), "{bad}");
        }
    }

    #[test]
    fn hostile_inputs() {
        let salt = [0; 32];
        assert!(Receipt::derive("t", &salt, "ci:a\nb").is_err());
        assert!(Receipt::derive("t", &salt, "").is_err());
        assert!(Receipt::derive("T", &salt, "ci:a").is_err());
        assert!(Receipt::derive("", &salt, "ci:a").is_err());
    }
}
