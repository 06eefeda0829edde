//! One-time codes of an authenticator app (RFC 6238): SHA-1, six digits, thirty seconds, what all apps know.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

use super::random_bytes;

/// Bytes of a secret, as RFC 4226 §4 recommends for SHA-1.
pub type TotpSecret = [u8; 20];

/// How many steps before and after the present one are taken: phones are not always right.
const SKEW: i64 = 1;
const SECONDS: i64 = 30;

/// A new secret.
pub fn new_totp_secret() -> TotpSecret {
    random_bytes()
}

/// The step whose code was typed, if it is one of now. Whoever takes it must take none up to it again.
pub fn totp_step(secret: &TotpSecret, typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let present = now.timestamp().div_euclid(SECONDS);
    let is = |step: &i64| {
        let code = totp_code(secret, *step);
        bool::from(subtle::ConstantTimeEq::ct_eq(code.as_bytes(), typed.as_bytes()))
    };
    // All are looked at, so that the time taken says nothing of which it was.
    (present - SKEW..=present + SKEW).fold(None, |found, step| if is(&step) { Some(step) } else { found })
}

/// The code of a step.
pub fn totp_code(secret: &TotpSecret, step: i64) -> String {
    let time = u64::try_from(step * SECONDS).unwrap_or_default();
    totp(secret).map(|totp| totp.generate(time).to_string()).unwrap_or_default()
}

/// The code of an instant.
pub fn totp_now(secret: &TotpSecret, now: DateTime<Utc>) -> String {
    totp_code(secret, now.timestamp().div_euclid(SECONDS))
}

/// What an app scans: `otpauth://totp/…`.
pub fn totp_uri(secret: &TotpSecret, name: &str, issuer: &str) -> String {
    // A colon would end the issuer.
    let plain = |text: &str| text.replace(':', " ");
    let builder = Builder::new().with_secret(Secret::new_stack(*secret));
    let built = builder.with_account_name(plain(name)).with_issuer(Some(plain(issuer))).build();
    built.ok().and_then(|totp| totp.to_url().ok()).unwrap_or_default()
}

/// What one types where nothing can be scanned, in groups of four.
pub fn totp_typed(secret: &TotpSecret) -> String {
    let text = Secret::new_stack(*secret).to_base32();
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    groups.join(" ")
}

fn totp(secret: &TotpSecret) -> Option<Totp> {
    Builder::new().with_secret(Secret::new_stack(*secret)).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B: the last six of its eight digits.
        let secret = *b"12345678901234567890";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = DateTime::from_timestamp(second, 0).unwrap();
            assert_eq!(totp_now(&secret, now), code);
            assert_eq!(totp_step(&secret, code, now), Some(second / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_its_neighbours() {
        let secret = [7; 20];
        let at = |second: i64| DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap();
        let code = totp_now(&secret, at(0));
        for (second, good) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            assert_eq!(totp_step(&secret, &code, at(second)).is_some(), good, "{second}");
        }
        assert_eq!(totp_step(&secret, "", at(0)), None);
    }

    #[test]
    fn an_app_can_read_it() {
        let uri = totp_uri(&[7; 20], "kim: a", "통영시");
        assert!(
            uri.starts_with("otpauth://totp/") && uri.contains("secret=A4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYH"),
            "{uri}"
        );
        assert!(totp_typed(&[7; 20]).starts_with("A4DQ OBYH "));
    }
}
