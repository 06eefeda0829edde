//! `jebi unreached`: whom no notice reached, as a list to call.

use std::{io::Write, process::ExitCode};

use anyhow::{Context, ensure};
use chrono_tz::Asia::Seoul;
use clap::Args;
use entities::notice;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::contact::{Channel, Contact},
    notify::words::CONTACT,
    store::{self, notice::Unreached},
};

/// Which round, and why the list is taken.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// Why you take this list; it holds personal data, so the log keeps this reason
    #[arg(long)]
    reason: String,
}

/// Writes the list to standard output: CSV that opens in a Korean spreadsheet.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(!options.reason.trim().is_empty(), "say why you take this list");
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let unreached = store::notice::list_unreached(app.db.read(), round.row.id).await?;
    let receipts: Vec<String> = unreached.iter().map(|one| one.notice.about.clone()).collect();
    let mut entries = std::collections::HashMap::new();
    for some in receipts.chunks(1_000) {
        entries.extend(store::entry::list(app.db.read(), round.row.id, some).await?);
    }
    // Mark for spreadsheets that this is UTF-8.
    let mut text = "\u{feff}receipt,notice,why,said,channel,contact,ended\r\n".to_owned();
    for one in &unreached {
        let entry = entries.get(&one.notice.about);
        let contact: Option<Contact> =
            entry.and_then(|entry| app.keys.people().open(CONTACT, &entry.person_sealed));
        text += &row(one, contact.as_ref());
    }
    std::io::stdout().write_all(text.as_bytes())?;
    eprintln!(
        "{} notices of {} reached nobody. Reason noted: {}",
        unreached.len(),
        options.slug,
        options.reason
    );
    Ok(ExitCode::SUCCESS)
}

fn row(one: &Unreached, contact: Option<&Contact>) -> String {
    let ended = one.notice.ended_at.map(|at| at.with_timezone(&Seoul).format("%Y-%m-%d %H:%M").to_string());
    let cells = [
        one.notice.about.clone(),
        one.notice.reason.clone(),
        why(&one.notice).to_owned(),
        one.said.clone().unwrap_or_default(),
        one.notice.channel.clone(),
        contact.map(dialled).unwrap_or_default(),
        ended.unwrap_or_default(),
    ];
    format!("{}\r\n", cells.map(|cell| cell_of(&cell)).join(","))
}

/// Why nobody was reached.
fn why(notice: &notice::Model) -> &'static str {
    match notice.state.as_str() {
        "rejected" => "refused",
        "undelivered" => "accepted, but never delivered",
        "unresolved" => "nobody knows whether it arrived",
        _ => "too late to be worth anything",
    }
}

/// `010-1234-5678`: to be dialled by a person.
fn dialled(contact: &Contact) -> String {
    match (contact.channel, contact.address.strip_prefix("+82")) {
        (Channel::Sms, Some(rest)) if rest.len() == 10 && rest.is_ascii() => {
            format!("0{}-{}-{}", &rest[..2], &rest[2..6], &rest[6..])
        }
        _ => contact.address.clone(),
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP: CSV injection) and that keeps its commas.
fn cell_of(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']);
    let text = if risky { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_a_number_can_be_dialled() {
        for (text, cell) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+8210", "'+8210"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("550 \"no\", gone", "\"550 \"\"no\"\", gone\""),
            ("abcd-efgh", "abcd-efgh"),
        ] {
            assert_eq!(cell_of(text), cell);
        }
        let contact = Contact::parse(Channel::Sms, "010-1234-5678").unwrap();
        assert_eq!(dialled(&contact), "010-1234-5678");
    }
}
