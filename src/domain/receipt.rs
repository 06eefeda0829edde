//! A receipt as people type it from a slip or a message.

use public_audit::Receipt;

/// Why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misread {
    /// Nothing was typed.
    Missing,
    /// More characters than it has, or fewer: so many.
    Length(usize),
    /// A character that no receipt has.
    Strange(char),
}

/// Reads what was typed: in capitals or wide letters, with any dashes or none, and with an `o` for the nought that it
/// must be, for there is no `o` in a receipt.
///
/// # Errors
/// [`Misread`].
pub fn read(typed: &str) -> Result<Receipt, Misread> {
    let mut characters = String::with_capacity(19);
    let mut count = 0_usize;
    for typed in typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)) {
        if count > 0 && count.is_multiple_of(4) {
            characters.push('-');
        }
        count += 1;
        let narrow = match typed {
            '！'..='～' => char::from_u32(u32::from(typed) - 0xfee0).unwrap_or(typed),
            typed => typed,
        };
        characters.push(match narrow.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other if other.is_ascii_alphanumeric() && other != 'u' => other,
            _ => return Err(Misread::Strange(typed)),
        });
    }
    match count {
        0 => Err(Misread::Missing),
        16 => characters.parse().map_err(|_| Misread::Length(count)),
        _ => Err(Misread::Length(count)),
    }
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '_' | '.' | '‐'..='―' | '−' | '－' | 'ー')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_it_in_many_ways() {
        let receipt: Receipt = "famx-6k04-dc1p-a7yz".parse().unwrap();
        for typed in [
            "famx-6k04-dc1p-a7yz",
            " FAMX 6K04 DC1P A7YZ ",
            "famx6k04dc1pa7yz",
            "FAMX–6ko4–dcIp–a7yz",
            "ｆａｍｘ－６ｋ０４－ｄｃｌｐ－ａ７ｙｚ",
            "famx-6kO4-dclp-\na7yz",
        ] {
            assert_eq!(read(typed), Ok(receipt), "{typed}");
        }
        assert_eq!(read(" - "), Err(Misread::Missing));
        assert_eq!(read("famx-6k04-dc1p-a7y"), Err(Misread::Length(15)));
        assert_eq!(read(&"9".repeat(500)), Err(Misread::Length(500)));
        assert_eq!(read("famx-6k04-dc1p-a7yu"), Err(Misread::Strange('u')));
        assert_eq!(read("minji@example.org"), Err(Misread::Strange('@')));
        assert_eq!(read("김하늘"), Err(Misread::Strange('김')));
    }
}
