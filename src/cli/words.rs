//! `jebi words`: the clerks' own words, looked at, tried on oneself, and set for a round by two people.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::contact::{Channel, Contact},
    lifecycle,
    notify::{
        message::Sender,
        outcome::Outcome,
        sms::bytes,
        vendor::{Ready, Vendor},
        wording::{self, Kind, SAMPLE_CODE, Wording},
    },
    words::Lang,
};

/// What to do with words.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say everything that is wrong with a file
    Check {
        /// The file
        file: PathBuf,
    },
    /// Show every text of a file as it would leave, with its bytes and what it costs
    Preview(Preview),
    /// Send one of them to oneself
    Test(Test),
    /// Set them for a round, on the word of two people; until its results are sent
    Set(Set),
}

/// What to show.
#[derive(Debug, Args)]
pub struct Preview {
    /// The file; without it, the usual words
    file: Option<PathBuf>,
    /// Only this kind: entered, sealed, assigned, waitlisted, reminder, open, caught_up … (see docs/words.example.toml)
    #[arg(long)]
    reason: Option<String>,
    /// Only this language: ko, ko-simple, en
    #[arg(long)]
    lang: Option<String>,
}

/// What to send to whom.
#[derive(Debug, Args)]
pub struct Test {
    /// The file; without it, the usual words
    file: Option<PathBuf>,
    /// A mail address or a mobile number: one's own
    #[arg(long)]
    to: String,
    /// Which kind
    #[arg(long, default_value = "assigned")]
    reason: String,
    /// Which language
    #[arg(long, default_value = "ko")]
    lang: String,
}

/// Whose words for which round.
#[derive(Debug, Args)]
pub struct Set {
    /// The round
    slug: String,
    /// The file
    file: PathBuf,
    /// Who asks for it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// Does it.
pub async fn run(config: Config, command: &Command) -> anyhow::Result<ExitCode> {
    let sender = Sender::of(&config.municipality);
    match command {
        Command::Check { file } => {
            let wording = read(file)?;
            Ok(said_to_be_sound(&wording, &sender).map_or(ExitCode::FAILURE, |()| {
                println!("{}: nothing is wrong with it.", file.display());
                ExitCode::SUCCESS
            }))
        }
        Command::Preview(options) => preview(options, &sender),
        Command::Test(options) => test(config, options, &sender).await,
        Command::Set(options) => set(config, options, &sender).await,
    }
}

fn read(file: &Path) -> anyhow::Result<Arc<Wording>> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Wording::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))
}

fn said_to_be_sound(wording: &Wording, sender: &Sender) -> Option<()> {
    let problems = wording::check(wording, sender);
    for problem in &problems {
        eprintln!("{}: {}", problem.place, problem.what);
    }
    problems.is_empty().then_some(())
}

fn preview(options: &Preview, sender: &Sender) -> anyhow::Result<ExitCode> {
    let wording = options.file.as_deref().map(read).transpose()?.unwrap_or_default();
    let is_wanted = |wanted: &Option<String>, key: &str| wanted.as_ref().is_none_or(|wanted| wanted == key);
    for kind in Kind::ALL.into_iter().filter(|kind| is_wanted(&options.reason, kind.key())) {
        for lang in Lang::ALL.into_iter().filter(|lang| is_wanted(&options.lang, lang.tag())) {
            let shown = wording::preview(&wording, kind, lang, sender, None);
            let whose = |own: bool| if own { "own words" } else { "usual words" };
            println!("== {} in {} ==", kind.key(), lang.own_name());
            match shown.size {
                Ok(size) => {
                    println!("-- SMS, {}: {} bytes, {}", whose(shown.own_sms), size.bytes, cost(size.class));
                }
                Err(unfit) => println!("-- SMS, {}: {unfit}", whose(shown.own_sms)),
            }
            println!("{}", shown.sms);
            println!("-- Mail, {}", whose(shown.own_mail));
            println!("{}\n\n{}\n", shown.subject, shown.body);
        }
    }
    let sound = options.file.is_none() || said_to_be_sound(&wording, sender).is_some();
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const fn cost(class: bytes::Class) -> &'static str {
    match class {
        bytes::Class::Sms => "SMS (up to 90 bytes)",
        bytes::Class::Lms => "LMS (up to 2,000 bytes), about three times the price of an SMS",
    }
}

async fn test(config: Config, options: &Test, sender: &Sender) -> anyhow::Result<ExitCode> {
    let wording = options.file.as_deref().map(read).transpose()?.unwrap_or_default();
    if options.file.is_some() && said_to_be_sound(&wording, sender).is_none() {
        return Ok(ExitCode::FAILURE);
    }
    let channel = if options.to.contains('@') { Channel::Email } else { Channel::Sms };
    let Ok(contact) = Contact::parse(channel, &options.to) else {
        bail!("`{}` is neither a mail address nor a Korean mobile number", options.to);
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.key() == options.reason);
    let kind = kind.with_context(|| format!("there is no kind `{}`", options.reason))?;
    let lang =
        Lang::from_tag(&options.lang).with_context(|| format!("there is no language `{}`", options.lang))?;
    let clock = Clock::wall();
    let vendor = match channel {
        Channel::Email => {
            let mail = config.mail.as_ref().context("[mail] is not set")?;
            Vendor::mail(mail, &config.municipality).map_err(anyhow::Error::msg)?
        }
        Channel::Sms => {
            let sms = config.sms.as_ref().context("[sms] is not set")?;
            Vendor::sms(sms, &config.municipality).await.map_err(anyhow::Error::msg)?
        }
    };
    let message = wording::sample(kind, lang);
    let ready = Ready {
        said: wording.say(&message, lang, sender),
        contact,
        lang,
        message,
        reference: format!("test-{}", crate::secret::random_id()),
        code: Some(SAMPLE_CODE.to_owned()),
        calendar: None,
        return_path: None,
        unsubscribe: None,
    };
    let outcome = vendor.send_alone(ready, clock.now()).await;
    vendor.close().await;
    println!("{outcome}");
    Ok(if matches!(outcome, Outcome::Accepted { .. }) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn set(config: Config, options: &Set, sender: &Sender) -> anyhow::Result<ExitCode> {
    let wording = read(&options.file)?;
    if said_to_be_sound(&wording, sender).is_none() {
        return Ok(ExitCode::FAILURE);
    }
    let text = fs::read_to_string(&options.file)?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let now = app.clock.now();
    if now >= round.row.results_at {
        bail!("results of `{}` are being sent: some would read other words than others", options.slug);
    }
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    if options.clerk == options.approver {
        bail!("the approver must be somebody else than the clerk");
    }
    let staff = format!("{}, {}", options.clerk, options.approver);
    let txn = app.db.begin().await?;
    lifecycle::wording::set(&txn, &round.row, &text, &staff, now).await?;
    txn.commit().await?;
    println!(
        "From now on the notices of `{}` leave in these words. The journal has their digest.",
        options.slug
    );
    Ok(ExitCode::SUCCESS)
}
