//! What is told at a counter beside what the form asks: who came for whom, and the number of a paper form.

use serde::{Deserialize, Serialize};

use super::{contact::is_registration_number, who::helped::Helped};

/// What somebody is to the person for whom they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Their child.
    Child,
    /// Their mother or father.
    Parent,
    /// Their husband or wife.
    Spouse,
    /// Another relative.
    Relative,
    /// Somebody who looks after them.
    Carer,
}

impl Relation {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Child, Self::Parent, Self::Spouse, Self::Relative, Self::Carer];

    /// As in tables and forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Parent => "parent",
            Self::Spouse => "spouse",
            Self::Relative => "relative",
            Self::Carer => "carer",
        }
    }

    /// The relation of a form's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.key() == key)
    }
}

/// Somebody who came for another.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// Who.
    pub person: Helped,
    /// What they are to them.
    pub relation: Relation,
}

/// Longest number of a paper form.
const PAPER: usize = 20;

/// The number that stands on a paper form: letters, digits and hyphens. `None` for what is none.
pub fn parse_paper(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let plain = typed.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_number = plain && (1..=PAPER).contains(&typed.chars().count()) && !is_registration_number(typed);
    is_number.then(|| typed.to_owned())
}

/// What a code on a slip says, or somebody reads from it: the round if it names one, and the receipt.
pub fn scanned(typed: &str) -> (Option<&str>, String) {
    let mut words = typed.split_whitespace().rev();
    let receipt = words.next().unwrap_or_default().to_ascii_lowercase();
    (words.next(), receipt)
}

/// The last four digits of a phone number, however much of it was typed; empty for none.
pub fn tail(typed: &str) -> String {
    let digits: Vec<char> = typed.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(4)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_form_is_no_registration_number() {
        assert_eq!(parse_paper(" 중앙-012 ").as_deref(), Some("중앙-012"));
        for typed in ["", " ", "900101-1234567", "12 34", "<b>", "123456789012345678901"] {
            assert_eq!(parse_paper(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_slip_is_read_with_or_without_its_round() {
        let receipt = "famx-6k54-dc9p-a7yz".to_owned();
        assert_eq!(scanned(" FAMX-6K54-DC9P-A7YZ "), (None, receipt.clone()));
        assert_eq!(scanned("tongyeong-2026-12 famx-6k54-dc9p-a7yz"), (Some("tongyeong-2026-12"), receipt));
        assert_eq!(scanned(""), (None, String::new()));
    }

    #[test]
    fn four_digits_are_enough_and_more_are_forgiven() {
        for typed in ["5678", "010-1234-5678", "+82 10 1234 5678"] {
            assert_eq!(tail(typed), "5678");
        }
        assert_eq!(tail(""), "");
    }
}
