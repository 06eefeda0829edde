//! Names of a notice that outsiders may see: in a return path, in the address that unsubscribes, and as a
//! code that a resident types. None says anything by itself, and none can be made up.

use crate::secret::Keys;

/// Hexadecimal digits of a tag's keyed digest: 80 bits.
const CHECK: usize = 20;
/// Half of a code's 40 bits.
const HALF: u32 = 20;
const ROUNDS: u32 = 8;
/// Crockford's: no letter that looks like a digit, no U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a tag is for: one for bounces does not unsubscribe anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The return path.
    Bounce,
    /// The address that ends mails about an entry.
    Unsubscribe,
}

impl Purpose {
    const fn key(self) -> &'static str {
        match self {
            Self::Bounce => "bounce tag",
            Self::Unsubscribe => "unsubscribe tag",
        }
    }
}

/// `1742.0f1e2d…`: lower case only, since mail servers on the way may change the case.
pub fn tag(keys: &Keys, purpose: Purpose, notice_id: i64) -> String {
    format!("{notice_id}.{}", check(keys, purpose, notice_id))
}

/// The notice of a tag that we made for this purpose.
pub fn find(keys: &Keys, purpose: Purpose, tag: &str) -> Option<i64> {
    let (id, given) = tag.split_once('.')?;
    let notice_id: i64 =
        id.parse().ok().filter(|id: &i64| *id > 0 && id.to_string().len() == tag.find('.').unwrap_or(0))?;
    let given = given.to_ascii_lowercase();
    let is_ours = subtle::ConstantTimeEq::ct_eq(check(keys, purpose, notice_id).as_bytes(), given.as_bytes());
    bool::from(is_ours).then_some(notice_id)
}

fn check(keys: &Keys, purpose: Purpose, notice_id: i64) -> String {
    let mut digest = keys.digest(purpose.key(), &notice_id.to_string());
    digest.truncate(CHECK);
    digest
}

/// The code that a notice bears for "did the city send me this?": `7K3M-9QXA`.
///
/// A keyed permutation (a Feistel network on HMAC-SHA-256) of the notice's number, so that nothing need be
/// stored to find the notice again, and so that codes of neighbours have nothing in common. Of all 2^40
/// codes, as many are right as there are notices: with ten million of them, one guess in a hundred thousand.
pub fn code(keys: &Keys, notice_id: i64) -> Option<String> {
    let number = u64::try_from(notice_id).ok().filter(|number| number >> (2 * HALF) == 0)?;
    let (mut left, mut right) = (half(number >> HALF), half(number));
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ mixed(keys, round, right));
    }
    let number = (u64::from(left) << HALF) | u64::from(right);
    let letters: String = (0..8)
        .rev()
        .filter_map(|place| ALPHABET.get(usize::try_from((number >> (5 * place)) & 31).ok()?))
        .map(|letter| char::from(*letter))
        .collect();
    let (first, second) = letters.split_at_checked(4)?;
    Some(format!("{first}-{second}"))
}

/// The notice that may bear a code, as somebody typed it. Whether there is such a notice, the outbox knows.
pub fn find_code(keys: &Keys, typed: &str) -> Option<i64> {
    let mut number: u64 = 0;
    let mut letters = 0;
    for letter in typed.chars().filter(|c| !(c.is_whitespace() || "-‐‑–－.".contains(*c))) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            // Full-width forms, as Korean keyboards make them.
            wide @ '０'..='９' => char::from_u32(u32::from(wide) - u32::from('０') + u32::from('0'))?,
            other => other,
        };
        let value = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
        number = (number << 5) | u64::try_from(value).ok()?;
        letters += 1;
        if letters > 8 {
            return None;
        }
    }
    if letters != 8 {
        return None;
    }
    let (mut left, mut right) = (half(number >> HALF), half(number));
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ mixed(keys, round, left), left);
    }
    i64::try_from((u64::from(left) << HALF) | u64::from(right)).ok()
}

fn half(number: u64) -> u32 {
    u32::try_from(number & ((1 << HALF) - 1)).unwrap_or_default()
}

fn mixed(keys: &Keys, round: u32, half: u32) -> u32 {
    let digest = keys.digest("notice code", &format!("{round}:{half}"));
    // Five hexadecimal digits are the 20 bits of a half.
    digest.get(..5).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_tag_is_ours_for_its_purpose_only_and_never_when_touched() {
        let keys = Keys::from_root(&[7; 32]);
        let bounce = tag(&keys, Purpose::Bounce, 1_742);
        assert!(bounce.len() <= 64 - "bounce+".len(), "a local part has 64 octets");
        assert_eq!(find(&keys, Purpose::Bounce, &bounce), Some(1_742));
        assert_eq!(find(&keys, Purpose::Bounce, &bounce.to_uppercase()), Some(1_742), "servers change case");
        assert_eq!(find(&keys, Purpose::Unsubscribe, &bounce), None);
        assert_eq!(find(&Keys::from_root(&[8; 32]), Purpose::Bounce, &bounce), None);
        for wrong in [
            "",
            ".",
            "1742.",
            "01742.00",
            "1743.0",
            "-1.0",
            &bounce.replacen("1742", "1743", 1),
            &bounce[..bounce.len() - 1],
        ] {
            assert_eq!(find(&keys, Purpose::Bounce, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_leads_back_to_its_notice_however_it_is_typed() {
        let keys = Keys::from_root(&[7; 32]);
        let mut codes = BTreeSet::new();
        for id in [1, 2, 3, 1_000, 10_000_000, (1 << 40) - 1] {
            let code = code(&keys, id).unwrap_or_default();
            assert_eq!((code.len(), code.find('-')), (9, Some(4)));
            for typed in [
                code.clone(),
                code.to_lowercase(),
                code.replace('-', " "),
                code.replace('0', "O").replace('1', "l"),
            ] {
                assert_eq!(find_code(&keys, &typed), Some(id), "{typed}");
            }
            codes.insert(code);
        }
        assert_eq!(codes.len(), 6);
        assert_eq!(code(&keys, 1 << 40), None);
        for wrong in ["", "7K3M", "7K3M-9QXAA", "7K3M-9QX!", "010-1234-5678"] {
            assert_eq!(find_code(&keys, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let keys = Keys::from_root(&[7; 32]);
        let number = |id| find_code(&keys, &code(&keys, id).unwrap_or_default());
        assert_eq!(number(5), Some(5));
        // Of a thousand codes in a row, each of the 32 letters comes first about 31 times.
        let mut first = [0; 128];
        for id in 1..=1_000 {
            let code = code(&keys, id).unwrap_or_default();
            first[usize::from(code.as_bytes()[0])] += 1;
        }
        for letter in ALPHABET {
            let count = first[usize::from(*letter)];
            assert!((10..=60).contains(&count), "{} comes {count} times", char::from(*letter));
        }
    }
}
