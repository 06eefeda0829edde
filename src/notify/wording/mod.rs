//! The clerks' own words: a file of templates for one round, in a language that can do nothing but put
//! values into text.
//!
//! The compiled words are always there. Whatever is wrong with somebody's own, at whatever hour, the notice
//! leaves in the compiled ones and the log says so.

mod check;
mod preview;
mod sample;
mod values;

use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Deserialize;

pub use check::{Problem, check};
pub use preview::{Preview, preview};
pub use sample::{sample, sample_of};
pub use values::{Kind, SAMPLE_CODE};

use super::message::{Message, Sender};
use crate::words::Lang;

/// Steps a template may take; a long notice takes a few hundred.
const FUEL: u64 = 20_000;
/// Characters of one rendered text; an LMS holds a thousand syllables.
const LONGEST: usize = 10_000;

/// What law a notice falls under (정보통신망법 제50조).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// About one's own entry.
    #[default]
    Notice,
    /// Praises something: marked as such by us, with a free number to refuse further ones.
    Ad,
}

/// A file of words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wording {
    /// Under what law.
    pub class: Class,
    /// The free number of an `ad` (080).
    pub opt_out: Option<String>,
    /// Whether a body may bear an address. Whoever learns that we never send one cannot be fooled by one.
    pub links: bool,
    /// The words.
    pub words: Vec<Own>,
}

/// The words of one kind of notice in one language. What is left out stays as compiled.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Own {
    /// What it is about: the key of a [`Kind`].
    pub reason: String,
    /// `ko`, `ko-simple`, `en`.
    pub lang: String,
    /// The text message.
    pub sms: Option<String>,
    /// The subject of the mail.
    pub subject: Option<String>,
    /// The body of the mail, above who sends it and whom to ask.
    pub mail: Option<String>,
}

/// Words with their values in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The text message.
    pub sms: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The body.
    pub mail: Option<String>,
}

impl Wording {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence with line and column.
    pub fn parse(text: &str) -> Result<Arc<Self>, String> {
        toml::from_str(text).map(Arc::new).map_err(|error| error.to_string())
    }

    /// The words for a notice, as far as there are any and they are sound.
    pub fn say(&self, message: &Message, lang: Lang, from: &Sender) -> Said {
        let Some(kind) = Kind::of(message) else { return Said::default() };
        let is_ours = |own: &&Own| own.reason == kind.key() && Lang::from_tag(&own.lang) == Some(lang);
        let Some(own) = self.words.iter().find(is_ours) else { return Said::default() };
        let values = values::values(message, lang, from);
        let part = |name: &str, template: &Option<String>| {
            let template = template.as_ref()?;
            match render(template, &values) {
                Ok(text) => Some(text),
                Err(error) => {
                    tracing::error!(
                        reason = kind.key(),
                        lang = lang.tag(),
                        part = name,
                        error,
                        "words of a round cannot be used: the usual ones leave"
                    );
                    None
                }
            }
        };
        let (sms, mut subject, mut mail) =
            (part("sms", &own.sms), part("subject", &own.subject), part("mail", &own.mail));
        // An advertisement under the usual subject would not be marked, and one that is marked says how to refuse.
        if self.class == Class::Ad && subject.is_some() != mail.is_some() {
            (subject, mail) = (None, None);
        }
        Said {
            sms: sms.map(|sms| self.marked(sms.replace('\n', " "), true)),
            subject: subject.map(|subject| self.marked(subject.replace('\n', " "), false)),
            mail: mail.map(|mail| match self.refusal() {
                Some(refusal) => format!("{mail}\n\n{refusal}"),
                None => mail,
            }),
        }
    }

    /// `(광고)` at the very beginning, in exactly that spelling, and how to refuse further ones at the end:
    /// added here, so that no clerk can forget it.
    fn marked(&self, text: String, with_refusal: bool) -> String {
        let Some(refusal) = self.refusal() else { return text };
        match with_refusal {
            true => format!("(광고){text} {refusal}"),
            false => format!("(광고){text}"),
        }
    }

    fn refusal(&self) -> Option<String> {
        let number = self.opt_out.as_deref().unwrap_or_default();
        (self.class == Class::Ad).then(|| format!("무료수신거부 {number}"))
    }
}

fn environment<'source>() -> Environment<'source> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
}

fn render(template: &str, values: &[(&'static str, String)]) -> Result<String, String> {
    let context = Value::from_pairs(values.iter().map(|(name, value)| (*name, value.as_str())));
    let environment = environment();
    let text = environment.render_named_str("words", template, context).map_err(|error| said(&error))?;
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing is left of it".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Err(format!("longer than {LONGEST} characters"));
    }
    if text.contains(|c: char| c.is_control() && c != '\n') {
        return Err("a control character".to_owned());
    }
    Ok(text.to_owned())
}

fn said(error: &minijinja::Error) -> String {
    let place = error.line().map(|line| format!("line {line}: ")).unwrap_or_default();
    format!("{place}{error}").replace(" (in words:1)", "")
}

#[cfg(test)]
mod tests;
