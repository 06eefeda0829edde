//! `jebi shift`: after an interruption the times that had not begun begin later. What residents will read is shown
//! first; two members of staff then give their word.

use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;

use super::clerk::{Role, authenticate};
use crate::{
    app::{App, Round},
    clock::Clock,
    config::Config,
    domain::{draft::local_time, proposal::Act},
    lifecycle::{after::shift::Shifting, announce::Staff},
    notify::{
        content::title,
        message::{After, Held, Message, News, Sender, compose, text},
    },
    staff::acts::{Preview, Word, preview, settle},
    words::{Lang, instant::minute, number::grouped},
};

/// Which round, from when, for how long, why, and on whose word.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// When buying stopped: "2027-01-11 10:05", Korean time
    #[arg(long, value_parser = local_time)]
    from: DateTime<Utc>,
    /// For how long
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=44_640))]
    minutes: u64,
    /// Why, in one line that everybody can read
    #[arg(long)]
    reason: String,
    /// Who asks for it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// Shows what a shift would do, and does it.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let act = Act::Shift { from: options.from, minutes: options.minutes, reason: options.reason.clone() };
    if let Preview::Shift(to_come) = preview(&app, &act, Some(&round)).await? {
        show(&app, &round, &to_come, &options.reason);
    }
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    let staff = Staff::new(&options.clerk, &options.approver);
    settle(&app, &act, Some(&round), Word::default(), &staff).await?;
    println!("Done. The running service tells each person concerned, and the journal says why.");
    Ok(ExitCode::SUCCESS)
}

/// Whom it concerns, and what one of them will read.
fn show(app: &App, round: &Round, to_come: &Shifting, reason: &str) {
    let municipality = &app.config.municipality;
    let from = Sender {
        municipality: municipality.name.clone(),
        site_in_words: municipality.site_in_words.clone(),
        contact: municipality.contact.clone(),
    };
    let (later, longer): (Vec<_>, Vec<_>) =
        to_come.concerned.iter().partition(|one| one.before.starts_at != one.then.starts_at);
    println!(
        "{} people begin later, {} may buy for longer.",
        grouped(later.len() as u64),
        grouped(longer.len() as u64)
    );
    println!("The round ends at {}.", minute(to_come.ends_at, Lang::En));
    for (some, is_later) in [(later, true), (longer, false)] {
        let Some(one) = some.first() else { continue };
        let (starts_at, until) = (one.then.starts_at, one.then.until);
        let held = Held { starts_at, until, amount: one.amount };
        println!("\nThe first of them reads ({} before):", minute(one.before.starts_at, Lang::En));
        for lang in Lang::ALL {
            let news = match is_later {
                true => News::Later(held, reason.to_owned()),
                false => News::Longer(held, reason.to_owned()),
            };
            let title = title(round, lang).to_owned();
            let message = Message::After(After { title, receipt: one.receipt.clone(), news });
            let mail = compose(&message, lang, &from);
            println!("  {}", mail.subject);
            mail.body.lines().for_each(|line| println!("  | {line}"));
            println!("  SMS: {}", text(&message, lang, &from));
        }
    }
}
