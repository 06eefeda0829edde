//! What is wrong with a file of words, all of it at once, before anybody is sent any of it.

use std::collections::BTreeSet;

use super::{Class, Kind, Own, SAMPLE_CODE, Wording, environment, sample};
use crate::{
    notify::{
        message::{self, Sender},
        sms::bytes,
    },
    words::Lang,
};

/// Something to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `assigned.ko.sms`.
    pub place: String,
    /// What, in a sentence.
    pub what: String,
}

/// Everything that is wrong with a file.
pub fn check(wording: &Wording, from: &Sender) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |place: &str, what: String| problems.push(Problem { place: place.to_owned(), what });
    let number = wording.opt_out.as_deref().unwrap_or_default();
    if wording.class == Class::Ad && !number.starts_with("080") {
        add(
            "opt_out",
            "class = \"ad\" needs a free number to refuse further ones: opt_out = \"080-000-0000\""
                .to_owned(),
        );
    }
    if wording.words.is_empty() {
        add(
            "words",
            "there are none: write [[words]] with reason, lang, and sms, subject or mail".to_owned(),
        );
    }
    let mut seen = BTreeSet::new();
    for own in &wording.words {
        let name = format!("{}.{}", own.reason, own.lang);
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.key() == own.reason) else {
            let known = Kind::ALL.map(Kind::key).join(", ");
            add(&name, format!("`reason` must be one of: {known}"));
            continue;
        };
        let Some(lang) = Lang::ALL.into_iter().find(|lang| lang.tag() == own.lang) else {
            add(&name, format!("`lang` must be one of: {}", Lang::ALL.map(Lang::tag).join(", ")));
            continue;
        };
        if !seen.insert(name.clone()) {
            add(&name, "is there twice".to_owned());
        }
        if wording.class == Class::Ad && own.subject.is_some() != own.mail.is_some() {
            add(&name, "an advertisement by mail needs both `subject` and `mail`".to_owned());
        }
        for (part, template) in [("sms", &own.sms), ("subject", &own.subject), ("mail", &own.mail)] {
            let Some(template) = template else { continue };
            let place = format!("{name}.{part}");
            for what in wrongs(wording, kind, part, template) {
                add(&place, what);
            }
        }
        for (part, what) in rendered(wording, own, kind, lang, from) {
            add(&format!("{name}.{part}"), what);
        }
    }
    problems
}

/// What can be seen in the template itself.
fn wrongs(wording: &Wording, kind: Kind, part: &str, template: &str) -> Vec<String> {
    let environment = environment();
    let parsed = match environment.template_from_named_str("words", template) {
        Ok(parsed) => parsed,
        Err(error) => return vec![super::said(&error)],
    };
    let mut wrongs = Vec::new();
    let used = parsed.undeclared_variables(false);
    let known = kind.known();
    for unknown in used.iter().filter(|name| !known.contains(&name.as_str())).collect::<BTreeSet<_>>() {
        wrongs.push(format!("there is no `{unknown}` here; there are: {}", known.join(", ")));
    }
    if part != "subject" {
        for needed in kind.needed().iter().filter(|needed| !used.contains(**needed)) {
            wrongs.push(format!("without {{{{ {needed} }}}} nobody could act on it"));
        }
    }
    if !wording.links && has_link(template) {
        wrongs.push(
            "there is an address to press; we send none (say where in words, with {{ site }})".to_owned(),
        );
    }
    if template.contains("(광고)") || template.contains("무료수신거부") {
        wrongs.push("`(광고)` and the number to refuse are added by jebi: write class = \"ad\"".to_owned());
    }
    wrongs
}

/// What shows only with values in it.
fn rendered(
    wording: &Wording,
    own: &Own,
    kind: Kind,
    lang: Lang,
    from: &Sender,
) -> Vec<(&'static str, String)> {
    let message = sample(kind, lang);
    let values = super::values::values(&message, lang, from);
    let mut wrongs = Vec::new();
    for (part, template) in [("sms", &own.sms), ("subject", &own.subject), ("mail", &own.mail)] {
        if let Some(Err(error)) = template.as_ref().map(|template| super::render(template, &values)) {
            wrongs.push((part, error));
        }
    }
    if let Some(sms) = wording.say(&message, lang, from).sms {
        let whole = message::text_with_code(sms, lang, from, Some(SAMPLE_CODE));
        if let Err(unfit) = bytes::measure(&whole) {
            wrongs.push(("sms", unfit.to_string()));
        }
    }
    wrongs
}

/// Whether a handset would make something to press of it: a scheme, or a name with a dot and a domain.
fn has_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_name = |word: &str| {
        let word = word.split(['/', '?', ':']).next().unwrap_or_default().trim_matches('.');
        let Some((before, last)) = word.rsplit_once('.') else { return false };
        let letters = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        letters && before.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let in_url = |c: char| c.is_ascii_alphanumeric() || "-._~/?:@%".contains(c);
    lower.contains("://") || lower.contains("www.") || lower.split(|c: char| !in_url(c)).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::has_link;

    #[test]
    fn what_a_handset_would_make_a_link_of_is_one() {
        for link in [
            "https://a",
            "www.a",
            "tongyeong.go.kr로",
            "(bit.ly/3x)",
            "a@b.kr",
            "제비.kr",
            "see example.com.",
        ] {
            assert_eq!(has_link(link), link != "제비.kr", "{link}");
        }
        for plain in
            ["오전 10:20", "1.5배", "12.31.까지", "a.m.", "055-650-0000", "끝.", "{{ start }}. 통영", "No.1"]
        {
            assert!(!has_link(plain), "{plain}");
        }
    }
}
