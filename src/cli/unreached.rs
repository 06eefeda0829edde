//! `jebi unreached`: whom no mail and no text message reached, as a list for whoever calls.

use std::{io::Write, process::ExitCode};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;
use clap::Args;

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::{
        contact::{Channel, Contact},
        csv::csv_line,
    },
    notify::{
        message::{Sender, sheet},
        unreached::{self, Person},
    },
    store::{self, access::Access},
};

/// Which round, and why the list is taken.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// Only entries with this value of a field, such as region=jungang: the list of one dong office
    #[arg(long, value_name = "FIELD=VALUE")]
    only: Vec<String>,
    /// Who takes it
    #[arg(long)]
    clerk: String,
    /// Why; the list holds personal data, so the access log keeps who took it and this reason
    #[arg(long)]
    reason: String,
}

/// Writes the list to standard output: CSV that opens in a Korean spreadsheet.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(!options.reason.trim().is_empty(), "say why you take this list");
    let sender = Sender::of(&config.municipality);
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let clerk = authenticate(&app, &options.clerk, Role::Clerk).await?;
    let mut people = unreached::list(&app, &round).await?;
    people.retain(|person| is_wanted(&person.told.fields, &options.only));
    let about = format!("{} unreached ({})", options.slug, people.len());
    let taken = Access {
        clerk_id: Some(clerk.id),
        kind: "took",
        about: &about,
        address: "",
        reason: &options.reason,
    };
    let txn = app.db.begin().await?;
    store::access::insert(&txn, app.clock.now(), taken).await?;
    txn.commit().await?;
    std::io::stdout().write_all(csv(&people, &sender, &options.slug).as_bytes())?;
    eprintln!("{} people of {} are to be reached. Noted: {}", people.len(), options.slug, options.reason);
    Ok(ExitCode::SUCCESS)
}

/// Whether an entry's fields have every value that is asked for.
pub fn is_wanted(fields: &str, only: &[String]) -> bool {
    only.iter().all(|wanted| fields.split(' ').any(|field| field == wanted))
}

/// The list: what each has to be told, in their language, why it did not reach them, and where to try.
pub fn csv(people: &[Person], sender: &Sender, slug: &str) -> String {
    // Mark for spreadsheets that this is UTF-8.
    let mut text = "\u{feff}receipt,lang,about,tell,why,said,contact,fields,ended,letter\r\n".to_owned();
    for person in people {
        text += &row(person, sender, slug);
    }
    text
}

fn row(person: &Person, sender: &Sender, slug: &str) -> String {
    let (told, notice) = (&person.told, &person.notice);
    let sheet = sheet(&told.message, told.lang, sender, slug);
    let (about, tell) = sheet.map_or_else(Default::default, |sheet| {
        let facts = sheet.facts.iter().map(|(name, value)| format!("{name}: {value}"));
        (sheet.heading.clone(), facts.collect::<Vec<_>>().join(" / "))
    });
    let cells = [
        notice.about.clone(),
        told.lang.tag().to_owned(),
        about,
        tell,
        person.why.words().to_owned(),
        person.said.clone().unwrap_or_default(),
        told.contact.as_ref().map(dialled).unwrap_or_default(),
        told.fields.clone(),
        local(notice.ended_at.filter(|_| person.printed_at.is_none())),
        local(person.printed_at),
    ];
    csv_line(cells.iter().map(String::as_str))
}

fn local(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.with_timezone(&Seoul).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_number_can_be_dialled() {
        let contact = Contact::parse(Channel::Sms, "010-1234-5678").unwrap();
        assert_eq!(dialled(&contact), "010-1234-5678");
    }

    #[test]
    fn a_dong_office_gets_its_own_people() {
        let only = |wanted: &str| is_wanted("region=jungang household=4", &[wanted.to_owned()]);
        assert!(only("region=jungang") && only("household=4") && is_wanted("", &[]));
        assert!(!only("region=jung") && !only("region=donghae"));
    }
}
