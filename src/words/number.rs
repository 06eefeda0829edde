//! Counts as people read them.

use super::Lang;

/// `79,304`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `4,312번째` or `4,312th`. Fluent for Rust has no ordinals, so they are made here.
pub fn ordinal(number: u64, lang: Lang) -> String {
    let text = grouped(number);
    match (lang, number % 10, number % 100) {
        (Lang::Ko | Lang::KoSimple, _, _) => text + "번째",
        (Lang::En, _, 11..=13) => text + "th",
        (Lang::En, 1, _) => text + "st",
        (Lang::En, 2, _) => text + "nd",
        (Lang::En, 3, _) => text + "rd",
        (Lang::En, _, _) => text + "th",
    }
}

/// `1,204 B`, `3.4 MB`: the size of a file in the record.
pub fn bytes(count: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", grouped(count / unit), count % unit * 10 / unit);
    match count {
        0..10_000 => format!("{} B", grouped(count)),
        10_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000.. => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn ordinals_follow_each_language() {
        let english = [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th")];
        for (number, text) in english {
            assert_eq!(ordinal(number, Lang::En), text);
        }
        assert_eq!(ordinal(111, Lang::En), "111th");
        assert_eq!(ordinal(4_322, Lang::En), "4,322nd");
        assert_eq!(ordinal(4_312, Lang::Ko), "4,312번째");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(bytes(1_204), "1,204 B");
        assert_eq!(bytes(3_456_789), "3.4 MB");
        assert_eq!(bytes(45_600), "45.6 kB");
    }
}
