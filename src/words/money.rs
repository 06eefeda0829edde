//! Won as people read them. Amounts are whole won; there is no other currency.

use super::{Lang, number::grouped};

/// `250,000원` or `₩250,000`.
pub fn won(amount: u64, lang: Lang) -> String {
    match lang {
        Lang::Ko | Lang::KoSimple => format!("{}원", grouped(amount)),
        Lang::En => format!("₩{}", grouped(amount)),
    }
}

/// The same without `₩`, which Korean SMS (CP949) cannot carry: `250,000원` or `KRW 250,000`.
pub fn won_plain(amount: u64, lang: Lang) -> String {
    match lang {
        Lang::Ko | Lang::KoSimple => won(amount, lang),
        Lang::En => format!("KRW {}", grouped(amount)),
    }
}

/// A budget: `12억 5,000만 원` or `₩1.25 billion`, but only where that is exact; else every digit.
pub fn budget(amount: u64, lang: Lang) -> String {
    match lang {
        Lang::Ko | Lang::KoSimple if amount >= 100_000_000 && amount.is_multiple_of(10_000) => {
            let (eok, man) = (amount / 100_000_000, amount % 100_000_000 / 10_000);
            match man {
                0 => format!("{}억 원", grouped(eok)),
                _ => format!("{}억 {}만 원", grouped(eok), grouped(man)),
            }
        }
        Lang::En if amount >= 1_000_000 && amount.is_multiple_of(10_000) => {
            let (unit, name) =
                if amount >= 1_000_000_000 { (1_000_000_000, "billion") } else { (1_000_000, "million") };
            let thousandths = amount % unit / (unit / 1_000);
            // More than three decimals would not be exact: fall back to all digits.
            if !amount.is_multiple_of(unit / 1_000) {
                return won(amount, lang);
            }
            let decimals = format!("{thousandths:03}");
            match decimals.trim_end_matches('0') {
                "" => format!("₩{} {name}", grouped(amount / unit)),
                rest => format!("₩{}.{rest} {name}", grouped(amount / unit)),
            }
        }
        _ => won(amount, lang),
    }
}

/// What `percent` of an amount comes to, rounded down to whole won.
pub fn percent_of(amount: u64, percent: u64) -> u64 {
    u64::try_from(u128::from(amount) * u128::from(percent) / 100).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_is_written_the_way_each_language_does() {
        assert_eq!(won(250_000, Lang::Ko), "250,000원");
        assert_eq!(won(250_000, Lang::En), "₩250,000");
        assert_eq!(won_plain(250_000, Lang::En), "KRW 250,000");
    }

    #[test]
    fn budgets_are_short_only_where_exact() {
        assert_eq!(budget(1_250_000_000, Lang::Ko), "12억 5,000만 원");
        assert_eq!(budget(18_000_000_000, Lang::Ko), "180억 원");
        assert_eq!(budget(1_250_000_001, Lang::Ko), "1,250,000,001원");
        assert_eq!(budget(90_000_000, Lang::Ko), "90,000,000원");
        assert_eq!(budget(1_250_000_000, Lang::En), "₩1.25 billion");
        assert_eq!(budget(18_000_000_000, Lang::En), "₩18 billion");
        assert_eq!(budget(2_340_000, Lang::En), "₩2.34 million");
        assert_eq!(budget(1_234_560_000, Lang::En), "₩1,234,560,000");
        assert_eq!(budget(1_250_000_001, Lang::En), "₩1,250,000,001");
    }

    #[test]
    fn a_share_of_an_amount_does_not_overflow() {
        assert_eq!(percent_of(250_000, 90), 225_000);
        assert_eq!(percent_of(u64::MAX, 100), u64::MAX);
    }
}
