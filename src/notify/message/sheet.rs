//! A notice as a sheet of paper: what one must know in the largest type, then what follows from it.

use chrono::{DateTime, Utc};
use i18n_embed_fl::fl;

use super::{Message, Sender, compose};
use crate::{
    notify::paper::{Layout, Sheet},
    words::{
        Lang,
        instant::minute,
        money::won,
        number::{grouped, ordinal},
    },
};

/// The sheet of a notice, if it is one that is worth a letter.
pub fn sheet(message: &Message, lang: Lang, from: &Sender, round: &str) -> Option<Sheet> {
    let l = lang.loader();
    let (receipt, facts) = match message {
        Message::Assigned { receipt, starts_at, until, amount, .. } => {
            (receipt, place(lang, *starts_at, *until, *amount))
        }
        Message::Waitlisted { receipt, position, count, .. } => (
            receipt,
            vec![(
                fl!(l, "mine-position"),
                fl!(l, "mine-position-text", position = ordinal(*position, lang), count = grouped(*count)),
            )],
        ),
        Message::After(after) => (
            &after.receipt,
            after.held().map(|held| place(lang, held.starts_at, held.until, held.amount)).unwrap_or_default(),
        ),
        Message::Voided { receipt, .. } => (receipt, Vec::new()),
        _ => return None,
    };
    let mail = compose(message, lang, from);
    // The facts stand above in large type; what is left are sentences.
    let (body, end) = mail.body.rsplit_once("\n----\n").unwrap_or((&mail.body, ""));
    let is_fact = |line: &str| facts.iter().any(|(_, value)| line.contains(value.as_str()));
    let kept = |line: &&str| !line.is_empty() && !is_fact(line);
    // A letter has no links either, but nobody would look for one on paper.
    let no_links = fl!(l, "mail-no-links");
    let end = end.lines().filter(|line| *line != no_links);
    Some(Sheet {
        sender: from.municipality.clone(),
        heading: mail.subject.trim_start_matches(&format!("[{}]", from.municipality)).trim().to_owned(),
        text: body.lines().filter(kept).chain(end).map(str::to_owned).collect(),
        scanned: format!("{round} {receipt}"),
        receipt: receipt.clone(),
        contact: fl!(l, "mail-contact", contact = from.contact.as_str()),
        layout: Layout::Letter,
        facts,
    })
}

/// When, until when, and how much.
fn place(lang: Lang, starts_at: DateTime<Utc>, until: DateTime<Utc>, amount: u64) -> Vec<(String, String)> {
    let l = lang.loader();
    vec![
        (fl!(l, "mine-start"), minute(starts_at, lang)),
        (fl!(l, "mine-until"), fl!(l, "mine-until-text", at = minute(until, lang))),
        (fl!(l, "mine-amount"), won(amount, lang)),
    ]
}
