//! How an entrant is reached, and who they are to the draw.

use serde::{Deserialize, Serialize};

use super::{roster::registration, who::answers::half_width};

/// Sealed addresses in `entry` and `code` open for this purpose.
pub const CONTACT: &str = "contact";

/// How a notice travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Mail.
    Email,
    /// Text message.
    Sms,
}

impl Channel {
    /// As in tables and URLs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// The channel of a table or form value.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Email, Self::Sms].into_iter().find(|channel| channel.key() == key)
    }
}

/// A checked, normalised address. Two spellings of one address are equal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// How it is used.
    pub channel: Channel,
    /// `minji@example.org`, or E.164 (`+821012345678`).
    pub address: String,
}

/// What is wrong with an address somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactError {
    /// Nothing was typed.
    Missing,
    /// Not an address of that kind.
    Invalid,
    /// It looks like a resident registration number, which is never accepted.
    RegistrationNumber,
}

impl Contact {
    /// Reads an e-mail address or a Korean mobile number as people type them.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn parse(channel: Channel, typed: &str) -> Result<Self, ContactError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ContactError::Missing);
        }
        if is_registration_number(typed) {
            return Err(ContactError::RegistrationNumber);
        }
        let address = match channel {
            Channel::Email => email(typed),
            Channel::Sms => mobile(typed),
        };
        address.map(|address| Self { channel, address }).ok_or(ContactError::Invalid)
    }

    /// What the identity check established, for the receipt (protocol §2).
    pub fn person_key(&self) -> String {
        match self.channel {
            Channel::Email => format!("email:{}", self.address),
            Channel::Sms => format!("phone:{}", self.address),
        }
    }

    /// Enough for its owner to recognise: `m…@example.org`, `010-····-5678`.
    pub fn masked(&self) -> String {
        match self.channel {
            Channel::Email => {
                let (name, domain) = self.address.split_once('@').unwrap_or(("", &self.address));
                let first: String = name.chars().take(1).collect();
                format!("{first}…@{domain}")
            }
            Channel::Sms => {
                let tail = self.address.len().saturating_sub(4);
                format!("010-····-{}", &self.address[tail..])
            }
        }
    }
}

/// Addresses never reach a log through `{:?}`.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contact({})", self.channel.key())
    }
}

/// Lower-cased: mail systems that tell `Kim@` from `kim@` apart do not exist in practice, people
/// who type both do.
fn email(typed: &str) -> Option<String> {
    let plain = typed.len() <= 254 && typed.is_ascii() && typed.contains('.');
    let address: lettre::Address = plain.then(|| typed.to_ascii_lowercase().parse().ok())??;
    let address = address.to_string();
    // A dotless or quoted address is legal and, typed into a public form, always a mistake.
    let domain = address.split_once('@')?.1;
    (domain.contains('.') && !address.contains('"')).then_some(address)
}

/// Korean mobiles only: a code sent to a landline, a shared or a foreign number is an invitation
/// to fraud (SMS pumping) before it is a service.
fn mobile(typed: &str) -> Option<String> {
    let digits = digits(typed)?;
    let national = digits.strip_prefix("82").map(|rest| format!("0{rest}")).unwrap_or(digits);
    let national = if national.starts_with("0010") { national[1..].to_owned() } else { national };
    let subscriber = national.strip_prefix("010")?;
    (subscriber.len() == 8).then(|| format!("+8210{subscriber}"))
}

/// Digits of a number with the usual separators and full-width forms; `None` if anything else
/// is in it.
fn digits(typed: &str) -> Option<String> {
    let mut digits = String::with_capacity(typed.len());
    for character in typed.chars() {
        match character {
            '0'..='9' => digits.push(character),
            '０'..='９' => digits.push(char::from_digit(character as u32 - '０' as u32, 10)?),
            '+' | '-' | ' ' | '.' | '(' | ')' | '‐' | '‑' | '–' | '－' => {}
            _ => return None,
        }
    }
    Some(digits)
}

/// Six digits of a birth date and seven more (주민등록번호), alone or among other words: never asked for, never kept.
pub fn is_registration_number(typed: &str) -> bool {
    is_one(typed) || holds_one(typed)
}

/// Whether there is one in a text. What a program made of letters and digits is none.
fn holds_one(text: &str) -> bool {
    let made = |word: &str| {
        word.len() > 13 && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !is_digits(word)
    };
    let words: Vec<&str> = text.split_whitespace().filter(|word| !made(word)).collect();
    let plain: String = words.join(" ").chars().map(half_width).collect();
    plain.len() >= 13 && !plain.starts_with('+') && registration::find(&plain).is_some()
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_one(typed: &str) -> bool {
    let Some(digits) = digits(typed) else { return false };
    let two = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok()).unwrap_or(0);
    // `+82 (0)10 …` has thirteen digits too and is a telephone number.
    !typed.trim_start().starts_with('+')
        && digits.len() == 13
        && (1..=12).contains(&two(2))
        && (1..=31).contains(&two(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sms(typed: &str) -> Result<String, ContactError> {
        Contact::parse(Channel::Sms, typed).map(|contact| contact.person_key())
    }

    #[test]
    fn one_mobile_has_one_key_however_it_is_typed() {
        for typed in [
            "010-1234-5678",
            "01012345678",
            "+82 10 1234 5678",
            "+82 (0)10-1234-5678",
            "０１０－１２３４－５６７８",
            "82-10-1234-5678",
        ] {
            assert_eq!(sms(typed).as_deref(), Ok("phone:+821012345678"), "{typed}");
        }
        for typed in ["02-123-4567", "010-1234-567", "+1 202 555 0100", "010-12a4-5678", "050-1234-5678"] {
            assert_eq!(sms(typed), Err(ContactError::Invalid), "{typed}");
        }
        assert_eq!(sms("  "), Err(ContactError::Missing));
    }

    #[test]
    fn an_email_is_lower_cased_and_must_be_reachable() {
        let email = |typed| Contact::parse(Channel::Email, typed).map(|contact| contact.address);
        assert_eq!(email(" Min.Ji@Example.org ").as_deref(), Ok("min.ji@example.org"));
        for typed in [
            "minji",
            "minji@",
            "@example.org",
            "minji@localhost",
            "a b@example.org",
            "민지@example.org",
            "a@b.c\r\nBcc: d@e.f",
        ] {
            assert_eq!(email(typed), Err(ContactError::Invalid), "{typed:?}");
        }
    }

    #[test]
    fn a_registration_number_is_recognised_anywhere() {
        assert_eq!(sms("900101-1234567"), Err(ContactError::RegistrationNumber));
        assert!(is_registration_number("900101 1234567"));
        assert!(!is_registration_number("+82-10-1234-5678"));
        for text in [
            "홍길동 900101-1234567",
            "홍길동900101-1234567입니다",
            "생년월일은 19900101 – 2234567 이고",
            "９００１０１－１２３４５６７ 로 확인",
            "주민번호 9001011234567 으로 확인",
            "900101-1234567@example.org",
        ] {
            assert!(is_registration_number(text), "{text}");
        }
        for text in [
            "2026-11-23 09:00 부터 2026-11-26 18:00 까지",
            "전화 010-1234-5678, 접수번호 famx-6k54-dc9p-a7yz",
            "+82 (0)10-1234-5678",
            "00a9001011234568ffee00a9001011234568ffee",
            "예산 1,250,000,000원",
            "sms:+821012345678",
        ] {
            assert!(!is_registration_number(text), "{text}");
        }
    }

    #[test]
    fn masks_show_enough_and_no_more() {
        let contact = |channel, typed| Contact::parse(channel, typed).map(|contact| contact.masked());
        assert_eq!(contact(Channel::Email, "minji@example.org").as_deref(), Ok("m…@example.org"));
        assert_eq!(contact(Channel::Sms, "01012345678").as_deref(), Ok("010-····-5678"));
    }
}
