//! What the limits of the built-in scenarios are called in Korean. A draft's limits are called as its clerk calls them: where
//! that is one of these words, it is said in Korean too; where it is other English, a page says that it is English.

const NAMES: [(&str, &str); 8] = [
    ("seller", "판매처"),
    ("SMS vendor", "문자 업체"),
    ("SMS vendors", "문자 업체"),
    ("mail relay", "메일 서버"),
    ("web", "누리집"),
    ("identity check", "본인 확인"),
    ("sign-in", "로그인"),
    ("payment network", "결제망"),
];

/// A name in Korean; as it is where it has no other.
pub fn korean(name: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == name).map_or(name, |(_, korean)| *korean)
}

/// Whether it is English: it has letters, and none but those.
pub fn is_english(name: &str) -> bool {
    name.is_ascii() && name.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{drill::Seller, plan::SCENARIOS};

    #[test]
    fn every_limit_of_the_built_in_scenarios_has_a_korean_name() {
        for scenario in SCENARIOS {
            let draft = scenario.draft().unwrap();
            let seller = Seller::of(&draft).map(|seller| seller.name);
            for name in draft.dependency.into_iter().map(|one| one.name).chain(seller) {
                assert!(!is_english(korean(&name)), "{}: {name}", scenario.name);
            }
        }
    }

    #[test]
    fn what_a_clerk_wrote_stays_as_it_is() {
        assert_eq!(["농협은행", "KB bank"].map(korean), ["농협은행", "KB bank"]);
        assert_eq!(["농협은행", "KB bank", "KB 은행", "24"].map(is_english), [false, true, false, false]);
    }
}
