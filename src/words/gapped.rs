//! A text with variables is taken apart once, not for each reader: what stands between them never changes.
//!
//! Fluent is asked for it once in each language, with the name of each variable in its place. Only where nothing but
//! variables is to be put in; a text that chooses its words by a number is put together by Fluent each time.

use std::{fmt::Display, sync::OnceLock};

use super::{Lang, texts};

/// What no text has in it.
const MARK: char = '\u{1}';

/// One text in all languages, as it was taken apart first.
#[derive(Debug)]
pub struct Gapped {
    key: &'static str,
    pieces: [OnceLock<Option<Vec<Piece>>>; Lang::ALL.len()],
}

#[derive(Debug)]
enum Piece {
    Words(String),
    /// The variable of this name.
    Gap(String),
}

impl Gapped {
    /// Not taken apart yet.
    pub const fn new(key: &'static str) -> Self {
        Self { key, pieces: [const { OnceLock::new() }; Lang::ALL.len()] }
    }

    /// What stands for a variable while the text is taken apart.
    pub fn gap(name: &str) -> String {
        format!("{MARK}{name}{MARK}")
    }

    /// The text in a language with its variables; `say` puts it together with gaps the first time. `None` if it chooses
    /// its words.
    pub fn text(
        &self,
        lang: Lang,
        say: impl FnOnce() -> String,
        variables: &[(&str, &dyn Display)],
    ) -> Option<String> {
        let pieces = self.pieces.get(lang as usize)?;
        let taken_apart = || texts::only_fills_in(lang, self.key).then(|| apart(&say()));
        let pieces = pieces.get_or_init(taken_apart).as_ref()?;
        let mut text = String::with_capacity(256);
        for piece in pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Gap(name) => {
                    let (_, value) = variables.iter().find(|(known, _)| known == name)?;
                    // A string takes whatever is written.
                    let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{value}"));
                }
            }
        }
        Some(text)
    }
}

/// Words and names take turns.
fn apart(text: &str) -> Vec<Piece> {
    let parts = text.split(MARK).enumerate();
    let piece = |(at, part): (usize, &str)| match at % 2 {
        0 => Piece::Words(part.to_owned()),
        _ => Piece::Gap(part.to_owned()),
    };
    parts.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use i18n_embed_fl::fl;

    use super::*;

    /// What Fluent says, and what is put together from pieces.
    fn both(lang: Lang, contact: &str) -> (String, Option<String>) {
        static SAID: Gapped = Gapped::new("help-contact");
        let say = || fl!(lang.loader(), "help-contact", contact = Gapped::gap("contact"));
        let whole = fl!(lang.loader(), "help-contact", contact = contact);
        (whole, SAID.text(lang, say, &[("contact", &contact)]))
    }

    #[test]
    fn it_says_what_fluent_says_in_each_language() {
        for lang in Lang::ALL {
            for contact in ["055-000-0000", "{ $contact }", ""] {
                let (whole, filled) = both(lang, contact);
                assert!(whole.contains(contact));
                assert_eq!(filled, Some(whole));
            }
        }
    }

    #[test]
    fn a_text_that_chooses_its_words_is_left_to_fluent() {
        static SAID: Gapped = Gapped::new("busy-seconds");
        let say = |lang: Lang| fl!(lang.loader(), "busy-seconds", seconds = Gapped::gap("seconds"));
        assert_eq!(SAID.text(Lang::En, || say(Lang::En), &[("seconds", &1)]), None);
        let korean = SAID.text(Lang::Ko, || say(Lang::Ko), &[("seconds", &1)]);
        assert_eq!(korean, Some(fl!(Lang::Ko.loader(), "busy-seconds", seconds = 1)));
    }
}
