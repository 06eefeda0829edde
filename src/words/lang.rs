//! Which language a reader gets.

use i18n_embed::fluent::FluentLanguageLoader;

/// A language every text exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Korean, what residents and clerks read, and what is used when nothing else is asked for.
    #[default]
    Ko,
    /// Easy Korean (쉬운 말): short sentences and everyday words, a language of its own.
    KoSimple,
    /// English.
    En,
}

impl Lang {
    /// Every language, the fallback first.
    pub const ALL: [Lang; 3] = [Lang::Ko, Lang::KoSimple, Lang::En];

    /// The language of a tag such as `ko`, `ko-simple`, `en-GB` or `EN_us`; `None` if we do not speak it.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let tag = tag.trim();
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let is = |lang: &Lang, tag: &str| lang.tag().eq_ignore_ascii_case(tag);
        let whole = Lang::ALL.into_iter().find(|lang| is(lang, tag));
        whole.or_else(|| Lang::ALL.into_iter().find(|lang| is(lang, primary)))
    }

    /// Whether numbers, dates and money are written the Korean way.
    pub const fn is_korean(self) -> bool {
        matches!(self, Lang::Ko | Lang::KoSimple)
    }

    /// The tag for `lang` attributes, cookies and the database. `simple` is a registered variant
    /// (RFC 5646): a screen reader reads such a page as Korean.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::KoSimple => "ko-simple",
            Lang::En => "en",
        }
    }

    /// The language's own name, for the switch: a reader must find it without knowing the page's language.
    pub const fn own_name(self) -> &'static str {
        match self {
            Lang::Ko => "한국어",
            Lang::KoSimple => "쉬운 말",
            Lang::En => "English",
        }
    }

    /// The best language for an `Accept-Language` header.
    ///
    /// Unreadable parts are skipped, never refused: a wrong header must not cost anybody the page.
    pub fn negotiate(accept_language: &str) -> Lang {
        let mut best: Option<(Lang, f32)> = None;
        for part in accept_language.split(',').take(32) {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Lang::from_tag) else { continue };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok().filter(|q| q.is_finite()));
            let Some(weight) = weight.filter(|q| *q > 0.0) else { continue };
            if best.is_none_or(|(_, weight_so_far)| weight > weight_so_far) {
                best = Some((lang, weight));
            }
        }
        best.map_or_else(Lang::default, |(lang, _)| lang)
    }

    /// The texts of this language.
    pub fn loader(self) -> &'static FluentLanguageLoader {
        super::texts::loader(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_and_without_a_region() {
        assert_eq!(Lang::from_tag("ko-KR"), Some(Lang::Ko));
        assert_eq!(Lang::from_tag("EN_us"), Some(Lang::En));
        assert_eq!(Lang::from_tag("ko-Simple"), Some(Lang::KoSimple));
        assert_eq!(Lang::from_tag("fr"), None);
        assert_eq!(Lang::from_tag(""), None);
    }

    #[test]
    fn the_header_is_negotiated_by_weight_and_forgiven_when_unreadable() {
        assert_eq!(Lang::negotiate("en-GB,en;q=0.9,ko;q=0.8"), Lang::En);
        assert_eq!(Lang::negotiate("fr, en;q=0.5, ko;q=0.7"), Lang::Ko);
        assert_eq!(Lang::negotiate("en;q=0, ko;q=0.1"), Lang::Ko);
        assert_eq!(Lang::negotiate(";;,q=,en;q=nan,\u{0}"), Lang::Ko);
        assert_eq!(Lang::negotiate(""), Lang::Ko);
    }
}
