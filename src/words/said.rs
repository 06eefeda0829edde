//! A text without variables is looked up and put together once, not for each reader: a page has dozens of them.

use std::sync::OnceLock;

use super::Lang;

/// One text in all languages, as it was said first.
#[derive(Debug)]
pub struct Said([OnceLock<String>; Lang::ALL.len()]);

impl Said {
    /// Not said yet.
    #[allow(clippy::new_without_default, reason = "it is a static")]
    pub const fn new() -> Self {
        Self([const { OnceLock::new() }; Lang::ALL.len()])
    }

    /// The text in a language; `say` puts it together the first time.
    pub fn text(&self, lang: Lang, say: impl FnOnce() -> String) -> String {
        self.0.get(lang as usize).map_or_else(String::new, |said| said.get_or_init(say).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_its_own_once() {
        let said = Said::new();
        for lang in Lang::ALL {
            assert_eq!(said.text(lang, || lang.tag().to_owned()), lang.tag());
            assert_eq!(said.text(lang, || "again".to_owned()), lang.tag());
        }
    }
}
