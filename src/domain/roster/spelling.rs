//! One spelling for each text: the same name typed on two machines is the same name.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A cell without what cannot be seen: NFKC (full-width letters and digits become plain ones,
/// decomposed syllables whole ones), one space at most between words, none around them.
pub fn tidy(cell: &str) -> Cow<'_, str> {
    let trimmed = cell.trim_matches(|c: char| c == ' ');
    if is_tidy(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    let mut tidied = String::with_capacity(trimmed.len());
    for c in trimmed.nfkc() {
        match c {
            c if c.is_whitespace() || c.is_control() => {
                if !tidied.is_empty() && !tidied.ends_with(' ') {
                    tidied.push(' ');
                }
            }
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {}
            c => tidied.push(c),
        }
    }
    tidied.truncate(tidied.trim_end().len());
    Cow::Owned(tidied)
}

/// Nearly every cell: whole syllables and visible ASCII, words one space apart.
fn is_tidy(cell: &str) -> bool {
    let mut before = 'x';
    cell.chars().all(|c| {
        let plain = matches!(c, '!'..='~' | '가'..='힣') || (c == ' ' && before != ' ');
        before = c;
        plain
    })
}

/// A name as it is compared: spaces and case tell nobody apart.
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Whether a cell is what a spreadsheet shows in place of a value: the value is lost, and not empty.
pub fn is_failed(cell: &str) -> bool {
    const ERRORS: [&str; 9] =
        ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#DATA!"];
    ERRORS.iter().any(|error| cell.eq_ignore_ascii_case(error))
}
