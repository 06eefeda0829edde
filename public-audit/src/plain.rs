//! What a stranger's file says, made fit for our own sentences: a terminal obeys some characters, and others
//! are not seen or turn a line around.

/// The text with every such character as its number, as in `\u{1b}`. Whoever wrote a record shall not write on
/// the screen of who verifies it that it matches.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => plain.push(character),
            other => plain.extend(other.escape_debug()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_stays_and_nothing_else() {
        for same in ["", "5 of 5: `a-b` \"c\" it's \\ — ⌊x⌋", "전통시장 상품권", "jebi.example/t+0a+b/c="]
        {
            assert_eq!(plain(same), same);
        }
        assert_eq!(plain("\u{1b}[2J\r\n\0\u{7}\u{9b}"), r"\u{1b}[2J\r\n\0\u{7}\u{9b}");
        assert_eq!(plain("a\u{202e}b\u{200b}c\u{feff}\u{2028}"), r"a\u{202e}b\u{200b}c\u{feff}\u{2028}");
    }
}
