//! How long a text is for a Korean carrier, and what the carrier would mangle.
//!
//! Carriers take CP949, two bytes for a syllable: up to 90 bytes are one SMS, up to 2,000 one LMS at about
//! three times the price, and what is longer is cut. A character that is not in CP949 becomes `?` on the way,
//! or the whole text is refused after it was paid for.

use encoding_rs::EUC_KR;

/// Bytes of one SMS.
pub const SMS: usize = 90;
/// Bytes of one LMS.
pub const LMS: usize = 2_000;

/// What a carrier charges for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Up to 90 bytes.
    Sms,
    /// Up to 2,000 bytes.
    Lms,
}

impl Class {
    /// As vendors spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Lms => "LMS",
        }
    }
}

/// The size of a text that carriers can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// In CP949.
    pub bytes: usize,
    /// What it costs.
    pub class: Class,
    /// Syllables outside of KS X 1001 (`뷁`, `똠`): in CP949, but old handsets show a box.
    pub uncommon: usize,
}

/// Why no carrier could carry a text as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A character that CP949 has not.
    #[error("the text holds a character that Korean carriers cannot carry")]
    Character,
    /// Longer than an LMS.
    #[error("the text is longer than 2,000 bytes, so carriers would cut it")]
    Long,
}

/// Measures a text.
///
/// # Errors
/// [`Unfit`].
pub fn measure(text: &str) -> Result<Size, Unfit> {
    // The third value, and only it, tells of characters that were replaced by `&#…;` of up to nine bytes.
    let (encoded, _, replaced) = EUC_KR.encode(text);
    if replaced {
        return Err(Unfit::Character);
    }
    if encoded.len() > LMS {
        return Err(Unfit::Long);
    }
    let class = if encoded.len() > SMS { Class::Lms } else { Class::Sms };
    Ok(Size { bytes: encoded.len(), class, uncommon: uncommon(&encoded) })
}

/// Whether CP949 has a character.
pub fn is_carried(character: char) -> bool {
    !EUC_KR.encode(character.encode_utf8(&mut [0; 4])).2
}

/// Pairs with a byte below 0xA1 are CP949's own; KS X 1001 has both above.
fn uncommon(encoded: &[u8]) -> usize {
    let (mut count, mut rest) = (0, encoded);
    while let [first, after @ ..] = rest {
        rest = match after {
            [second, after @ ..] if *first >= 0x80 => {
                count += usize::from(*first < 0xa1 || *second < 0xa1);
                after
            }
            after => after,
        };
    }
    count
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn bytes_are_those_of_the_carrier() {
        for (text, bytes, class, uncommon) in [
            ("[제비] 1+1", 10, Class::Sms, 0),
            (&"가".repeat(45), 90, Class::Sms, 0),
            (&"가".repeat(46), 92, Class::Lms, 0),
            (&"가".repeat(1_000), 2_000, Class::Lms, 0),
            ("똠방각하 뷁 …·", 16, Class::Sms, 2),
        ] {
            assert_eq!(measure(text).unwrap(), Size { bytes, class, uncommon }, "{text}");
        }
    }

    #[test]
    fn what_would_arrive_mangled_is_refused() {
        // An emoji, an isolate that Fluent inserts, a letter of another script.
        for text in ["축하합니다 🎉", "\u{2068}제비\u{2069}", "ไทย"] {
            assert_eq!(measure(text), Err(Unfit::Character), "{text}");
        }
        assert_eq!(measure(&"가".repeat(1_001)), Err(Unfit::Long));
    }
}
