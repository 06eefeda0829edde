//! One text message and the number it goes to.

use super::bytes::{self, Class};
use std::fmt;

/// A text to one resident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// E.164 with the plus sign: `+821012345678`.
    pub to: String,
    /// The words; the vendor splits what is too long for one message.
    pub body: String,
    /// Our own name for this notice, the same for every attempt.
    pub reference: String,
    /// The code in its words that is in no other text, if it has one.
    pub code: Option<String>,
}

impl fmt::Debug for Text {
    /// Neither number nor words: a code is a secret, a number is personal.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Text").field("reference", &self.reference).finish_non_exhaustive()
    }
}

impl Text {
    /// Why no vendor could send this, if so.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        if !is_e164(&self.to) {
            return Some("the recipient is not a telephone number in E.164 form");
        }
        if self.body.trim().is_empty() {
            return Some("the text is empty");
        }
        if self.body.contains(|c: char| c.is_control() && c != '\n') {
            return Some("the text holds a control character");
        }
        if self.reference.is_empty() || !self.reference.chars().all(|c| c.is_ascii_graphic()) {
            return Some("the reference is not one word of visible ASCII");
        }
        match bytes::measure(&self.body) {
            Ok(_) => None,
            Err(bytes::Unfit::Character) => {
                Some("the text holds a character that Korean carriers cannot carry")
            }
            Err(bytes::Unfit::Long) => Some("the text is longer than 2,000 bytes, so carriers would cut it"),
        }
    }

    /// Whether words in a vendor's list are this text: the same, or with its code, for what is told may have changed
    /// since, and some vendors change quotation marks.
    pub(super) fn is_said_in(&self, words: &str) -> bool {
        let by_code = self.code.as_deref().is_some_and(|code| words.contains(code));
        by_code || words.split_whitespace().eq(self.body.split_whitespace())
    }

    /// What it costs.
    pub(super) fn class(&self) -> Class {
        bytes::measure(&self.body).map_or(Class::Lms, |size| size.class)
    }
}

/// A plus sign and 8 to 15 digits, not beginning with zero (ITU-T E.164 section 6.2.1; no real number with
/// its country code is shorter than 8).
fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// The number as it is dialled in Korea: `+821012345678` is `01012345678`. A foreign number keeps its E.164
/// form, and so do the numbers without a trunk zero (`+8215881234` is `15881234`).
pub(super) fn korean(number: &str) -> String {
    match number.strip_prefix("+82") {
        // Nationwide service numbers (15xx, 16xx, 18xx with eight digits) are dialled without a zero.
        Some(rest) if rest.len() == 8 && rest.starts_with('1') => rest.to_owned(),
        Some(rest) => format!("0{rest}"),
        None => number.to_owned(),
    }
}

/// A reference inside a URL: everything but letters, digits and `-._~` percent-encoded (RFC 3986).
pub(super) fn in_url(reference: &str) -> String {
    reference
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn text(to: &str) -> Text {
        let body = "[제비] 인증번호 123456".into();
        Text { to: to.into(), body, reference: "r1.e1".into(), code: None }
    }

    #[test]
    fn only_e164_passes() {
        assert_eq!(text("+821012345678").refusal(), None);
        for bad in
            ["01012345678", "+82 1012345678", "+0821012345", "+82", "+8210123456789012", "+8210１234567", ""]
        {
            assert!(text(bad).refusal().is_some(), "{bad:?}");
        }
    }

    #[test]
    fn a_text_without_words_or_with_a_stray_character_is_refused() {
        for bad in [" \n", "bell\u{7}", "escape\u{1b}[0m", "축하 🎉", &"가".repeat(1_001)] {
            let mut text = text("+821012345678");
            text.body = bad.into();
            assert!(text.refusal().is_some(), "{bad:?}");
        }
    }

    #[test]
    fn numbers_as_dialled_in_korea() {
        for (e164, dialled) in [
            ("+821012345678", "01012345678"),
            ("+8255123456", "055123456"),
            ("+8215881234", "15881234"),
            ("+12025550123", "+12025550123"),
        ] {
            assert_eq!(korean(e164), dialled);
        }
    }

    #[test]
    fn a_text_is_known_again_by_its_code_or_its_words() {
        let plain = text("+821012345678");
        assert!(plain.is_said_in("[제비]  인증번호 123456\n") && !plain.is_said_in("[제비] 인증번호 123457"));
        let coded = Text { code: Some("7K3M-9QXA".into()), ..plain };
        assert!(
            coded.is_said_in("시간이 바뀌었습니다. 확인번호 7K3M-9QXA") && !coded.is_said_in("7K3M-9QXB")
        );
    }

    #[test]
    fn debug_shows_neither_number_nor_words() {
        assert_eq!(format!("{:?}", text("+821012345678")), "Text { reference: \"r1.e1\", .. }");
    }
}
