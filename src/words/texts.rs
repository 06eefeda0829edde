//! The Fluent texts, compiled in, one loader per language.

use std::{borrow::Cow, sync::LazyLock};

use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};

use super::Lang;

/// Embedded with `include_str!` rather than rust-embed: a debug build then carries its texts too,
/// and an edited text makes cargo compile this crate again, so `fl!` checks it again.
pub(super) const FILES: [(Lang, &str, &str); 3] = [
    (Lang::Ko, "ko/jebi.ftl", include_str!("../../i18n/ko/jebi.ftl")),
    (Lang::KoSimple, "ko-simple/jebi.ftl", include_str!("../../i18n/ko-simple/jebi.ftl")),
    (Lang::En, "en/jebi.ftl", include_str!("../../i18n/en/jebi.ftl")),
];

struct Embedded;

impl I18nAssets for Embedded {
    fn get_files(&self, path: &str) -> Vec<Cow<'_, [u8]>> {
        FILES
            .iter()
            .filter(|(_, name, _)| *name == path)
            .map(|(_, _, text)| Cow::Borrowed(text.as_bytes()))
            .collect()
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(FILES.iter().map(|(_, name, _)| (*name).to_owned()))
    }
}

static KO: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Lang::Ko));
static KO_SIMPLE: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Lang::KoSimple));
static EN: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Lang::En));

/// The texts of a language, parsed at first use.
pub(super) fn loader(lang: Lang) -> &'static FluentLanguageLoader {
    match lang {
        Lang::Ko => &KO,
        Lang::KoSimple => &KO_SIMPLE,
        Lang::En => &EN,
    }
}

// The texts are part of the binary and a test loads them all, so failing here means a broken build.
#[allow(clippy::expect_used)]
fn load(lang: Lang) -> FluentLanguageLoader {
    let fallback = Lang::default().tag().parse().expect("the fallback language has a valid tag");
    let wanted = lang.tag().parse().expect("every language has a valid tag");
    let loader = FluentLanguageLoader::new("jebi", fallback);
    loader.load_languages(&Embedded, &[wanted]).expect("the embedded texts are valid Fluent");
    // Fluent would wrap every variable in U+2068 and U+2069, which Korean SMS cannot carry.
    loader.set_use_isolating(false);
    loader
}

/// Whether a text has variables put in, and nothing else: it does not choose its words by them.
pub(super) fn only_fills_in(lang: Lang, key: &str) -> bool {
    let text = FILES.iter().find(|(of, ..)| *of == lang).map_or("", |(_, _, text)| text);
    let mut lines = text
        .lines()
        .skip_while(|line| line.strip_prefix(key).is_none_or(|rest| !rest.trim_start().starts_with('=')));
    let Some(first) = lines.next() else { return false };
    let more = lines.take_while(|line| line.starts_with([' ', '}']));
    std::iter::once(first).chain(more).flat_map(|line| line.split('{').skip(1)).all(|rest| {
        let inside = rest.split_once('}').map_or("", |(inside, _)| inside).trim();
        let name = inside.strip_prefix('$').unwrap_or_default();
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use i18n_embed_fl::fl;

    use super::*;

    /// Key → the variables its text uses. Reads the small part of Fluent that our texts use.
    fn keys(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut key = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|first: char| first.is_ascii_lowercase())
                && let Some((name, _)) = line.split_once('=')
            {
                key = name.trim();
                assert!(!found.contains_key(key), "{key} is written twice");
                found.entry(key).or_default();
            }
            let variables = line.split('$').skip(1).map(|rest| {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                rest.get(..end).unwrap_or_default()
            });
            found.entry(key).or_default().extend(variables);
        }
        found.remove("");
        found
    }

    #[test]
    fn every_language_has_the_same_keys_and_variables() {
        let [(_, _, korean), others @ ..] = FILES;
        assert!(keys(korean).len() > 100, "the reader of this test reads nothing");
        let korean = keys(korean);
        for (_, name, text) in others {
            let other = keys(text);
            let lacks: Vec<_> = korean.keys().filter(|key| !other.contains_key(*key)).collect();
            let more: Vec<_> = other.keys().filter(|key| !korean.contains_key(*key)).collect();
            assert!(lacks.is_empty() && more.is_empty(), "{name} lacks {lacks:?} and has beyond it {more:?}");
            for (key, variables) in &other {
                assert_eq!(Some(variables), korean.get(key), "the variables of {key} in {name}");
            }
        }
        let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/i18n")).into_iter().flatten();
        assert_eq!(folders.count(), FILES.len(), "a language that nobody can choose");
    }

    #[test]
    fn no_korean_particle_that_changes_with_the_word_follows_a_variable() {
        let changing = ["은", "는", "이", "가", "을", "를", "과", "와", "로", "으로", "이나", "나"];
        let korean = FILES.iter().filter(|(lang, ..)| lang.is_korean());
        for line in korean.flat_map(|(_, _, text)| text.lines()) {
            for after in line.split('}').skip(1) {
                let end = after.find(|c: char| !('가'..='힣').contains(&c)).unwrap_or(after.len());
                let particle = after.get(..end).unwrap_or_default();
                assert!(!changing.contains(&particle), "`{particle}` after a variable: {line}");
            }
        }
    }

    #[test]
    fn texts_that_choose_their_words_are_known() {
        let chooses = |lang| move |key: &&str| !only_fills_in(lang, key);
        for (lang, _, text) in FILES {
            let keys = keys(text);
            let choosing: Vec<&str> = keys.keys().copied().filter(chooses(lang)).collect();
            let fluent = text.matches("->").count();
            assert!(choosing.len() >= fluent && choosing.len() < 10, "{lang:?}: {choosing:?}");
            let known = ["busy-seconds", "error-code-wrong"];
            assert!(lang != Lang::En || known.iter().all(|key| choosing.contains(key)), "{choosing:?}");
        }
    }

    #[test]
    fn texts_are_plain() {
        for (_, name, text) in FILES {
            for banned in ['\u{2014}', '\u{2013}', '\u{2068}'] {
                assert!(!text.contains(banned), "{name} contains {banned:?}");
            }
        }
    }

    #[test]
    fn variables_are_not_wrapped_in_invisible_marks() {
        for lang in Lang::ALL {
            let text = fl!(loader(lang), "code-sent", contact = "010-****-5678");
            assert!(text.contains("010-****-5678"));
            assert!(!text.contains('\u{2068}'));
        }
    }
}
