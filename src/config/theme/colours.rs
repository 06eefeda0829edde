//! The colours of a page, and whether they can be read: the contrast that WCAG 2.2 (1.4.3, 1.4.11) asks for, computed.

use std::collections::BTreeMap;

/// The stylesheet whose custom properties a theme may set.
const STYLESHEET: &str = include_str!("../../../templates/static/jebi.css");

/// Colours by the names of the stylesheet's custom properties.
pub(super) type Colours = BTreeMap<String, String>;

/// Letters on a ground, as the stylesheet puts them.
const TEXT: [(&str, &str); 23] = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "tint"),
    ("ink", "now-tint"),
    ("ink", "plain-tint"),
    ("ink", "rehearsal"),
    ("soft", "paper"),
    ("soft", "card"),
    ("soft", "tint"),
    ("soft", "now-tint"),
    ("soft", "plain-tint"),
    ("main", "paper"),
    ("main", "card"),
    ("main", "tint"),
    ("main-deep", "tint"),
    ("main-deep", "paper"),
    ("on-main", "main"),
    ("on-main", "main-deep"),
    ("now", "now-tint"),
    ("on-now", "now"),
    ("bad", "paper"),
    ("bad", "card"),
    ("on-main", "bad"),
];
/// Edges of fields on a ground.
const EDGES: [(&str, &str); 2] = [("edge", "paper"), ("edge", "card")];
const OF_TEXT: f64 = 4.5;
const OF_EDGES: f64 = 3.0;

/// The colours of the stylesheet itself: light and dark.
pub(super) fn usual() -> (Colours, Colours) {
    let mut blocks = STYLESHEET.split(":root {").skip(1).map(|rest| {
        let block = rest.split('}').next().unwrap_or_default();
        let pairs = block.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        pairs
            .filter(|(_, value)| value.starts_with('#'))
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    });
    (blocks.next().unwrap_or_default(), blocks.next().unwrap_or_default())
}

/// What cannot be read of these colours, over the usual ones; and what is no colour.
pub(super) fn problems(section: &str, usual: &Colours, own: &Colours) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, value) in own {
        if !usual.contains_key(name) {
            let known: Vec<&str> = usual.keys().map(String::as_str).collect();
            problems
                .push(format!("[{section}] `{name}` is no colour of ours; they are {}.", known.join(", ")));
        } else if parse(value).is_none() {
            problems.push(format!("[{section}] `{name}` is \"{value}\": write it as #rrggbb."));
        }
    }
    let colour = |name: &str| own.get(name).or_else(|| usual.get(name)).and_then(|value| parse(value));
    let pairs = TEXT.iter().map(|pair| (pair, OF_TEXT)).chain(EDGES.iter().map(|pair| (pair, OF_EDGES)));
    for ((front, ground), least) in pairs {
        let (Some(a), Some(b)) = (colour(front), colour(ground)) else { continue };
        let ratio = contrast(a, b);
        if ratio < least {
            problems.push(format!(
                "[{section}] `{front}` on `{ground}` has a contrast of {ratio:.2}:1, {least}:1 is the least that \
                 everybody can read (WCAG 2.2)."
            ));
        }
    }
    problems
}

/// `#rgb` or `#rrggbb`.
fn parse(value: &str) -> Option<[u8; 3]> {
    let digits =
        value.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let whole: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    let number = u32::from_str_radix(&whole, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The ratio of WCAG: 1 for the same colour, 21 for black on white.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_wcag() {
        let ratio = |a, b| contrast(parse(a).unwrap_or_default(), parse(b).unwrap_or_default());
        assert!((ratio("#000", "#fff") - 21.0).abs() < 1e-9 && (ratio("#abc", "#aabbcc") - 1.0).abs() < 1e-9);
        // The grey that every checker calls the darkest to fail, and the one that passes.
        assert!(ratio("#777777", "#ffffff") < 4.5 && ratio("#767676", "#ffffff") >= 4.5);
        assert_eq!((parse("red"), parse("#12"), parse("#12345g")), (None, None, None));
    }

    #[test]
    fn our_own_colours_can_be_read() {
        let (light, dark) = usual();
        assert!(
            light.len() >= 18 && dark.keys().eq(light.keys().filter(|name| name.as_str() != "focus")),
            "{light:?} {dark:?}"
        );
        for (section, colours) in [("light", &light), ("dark", &dark)] {
            assert_eq!(problems(section, colours, &Colours::new()), Vec::<String>::new());
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_numbers() {
        let (light, _) = usual();
        let own = [("main", "#8fbf9f"), ("logo", "#000000"), ("ink", "black")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let said = problems("light", &light, &own).join("\n");
        assert!(
            said.contains("`logo` is no colour of ours") && said.contains("`ink` is \"black\""),
            "{said}"
        );
        assert!(said.contains("`main` on `paper` has a contrast of 1.9") && said.contains("4.5:1"), "{said}");
    }
}
