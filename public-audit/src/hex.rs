//! Lower-case hexadecimal, the only kind that is ever hashed (protocol, conventions).

/// Why a text is not lower-case hex of the expected length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// The text has another number of characters than two per byte.
    #[error("expected {expected} hex characters, found {found}")]
    Length {
        /// Characters expected.
        expected: usize,
        /// Characters found.
        found: usize,
    },
    /// A character that is not one of `0123456789abcdef`; upper case is refused too, because two
    /// spellings of one value would be two different things to hash.
    #[error("only 0-9 and a-f are hex here")]
    Character,
}

/// Two lower-case characters per byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Exactly `N` bytes from exactly `2 N` lower-case characters.
///
/// # Errors
/// On any other length or character.
pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return Err(HexError::Length { expected: 2 * N, found: text.len() });
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = (nibble(pair[0])? << 4) | nibble(pair[1])?;
    }
    Ok(bytes)
}

fn nibble(character: u8) -> Result<u8, HexError> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(HexError::Character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict() {
        assert_eq!(decode::<2>("0aff"), Ok([10, 255]));
        assert_eq!(encode(&[10, 255]), "0aff");
        assert_eq!(decode::<2>("0aFf"), Err(HexError::Character));
        assert_eq!(decode::<2>("0af"), Err(HexError::Length { expected: 4, found: 3 }));
        assert_eq!(decode::<1>("é"), Err(HexError::Character));
    }
}
