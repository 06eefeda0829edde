//! A delivery receipt as message centres write it (SMPP 3.4 appendix B): `id:… sub:… stat:DELIVRD err:000 …`.

/// What a receipt says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The centre's number for the text.
    pub id: String,
    /// Whether it reached the handset; otherwise it never will.
    pub is_delivered: bool,
}

/// Reads one; `None` for what is none, or not final.
pub(super) fn receipt(said: &str) -> Option<Receipt> {
    let field = |name: &str| {
        let mut words = said.split_whitespace();
        words.find_map(|word| word.strip_prefix(name)).filter(|value| !value.is_empty())
    };
    let is_delivered = match field("stat:")? {
        "DELIVRD" => true,
        "EXPIRED" | "DELETED" | "UNDELIV" | "REJECTD" => false,
        _ => return None,
    };
    Some(Receipt { id: field("id:")?.to_owned(), is_delivered })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_final_receipts_count() {
        let of = |stat: &str| receipt(&format!("id:42 sub:001 dlvrd:001 stat:{stat} err:000 text:hello"));
        assert_eq!(of("DELIVRD"), Some(Receipt { id: "42".to_owned(), is_delivered: true }));
        assert_eq!(of("UNDELIV"), Some(Receipt { id: "42".to_owned(), is_delivered: false }));
        for none in ["ENROUTE", "ACCEPTD", "UNKNOWN", ""] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(receipt("stat:DELIVRD"), None);
        assert_eq!(receipt("안녕하세요"), None);
    }
}
