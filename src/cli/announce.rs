//! `jebi announce`: a draft becomes a round. From then on the clock does everything.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, ensure};
use clap::Args;
use public_audit::Rules;

use super::{
    clerk::{Role, authenticate},
    draft,
    plan::shown,
};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::{plan::plan, proposal::Act, who::cohort},
    lifecycle::{
        advice::{advice, of_roster},
        announce::Staff,
    },
    notify::{
        message::Sender,
        wording::{self, Wording},
    },
    staff::acts::{Word, settle},
    words::{Lang, instant::minute, number::grouped},
};

/// What to announce, and on whose word.
#[derive(Debug, Args)]
pub struct Options {
    /// The draft, TOML; see docs/round.example.toml
    draft: PathBuf,
    /// Who prepared it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// Announces a round and shows what was fixed, in local time.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let draft = draft::read(&options.draft)?;
    // Before anybody gives a word: the hours as they were understood, and the load they bring.
    if let Ok(plan) = plan(&draft) {
        print!("{}", shown(&draft, &plan));
    }
    if let Some(text) = &draft.words_text {
        let wording = Wording::parse(text).map_err(anyhow::Error::msg).context("in the file of words")?;
        let wrong = wording::check(&wording, &Sender::of(&config.municipality));
        for problem in &wrong {
            eprintln!("words: {}: {}", problem.place, problem.what);
        }
        ensure!(wrong.is_empty(), "nothing was announced: some of its words cannot be sent");
    }
    let app = App::start(config, Clock::wall()).await?;
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    let staff = Staff::new(&options.clerk, &options.approver);
    let text = draft::text(&options.draft)?;
    let act = Act::Announce { draft_id: None, text, words: draft.words_text.clone() };
    let round = settle(&app, &act, None, Word::default(), &staff).await?.context("nothing was announced")?;
    let rules = Rules::parse(round.rules.as_bytes()).context("what was announced cannot be read")?;
    println!(
        "Announced: {} (round {}), {}/rounds/{}",
        round.slug, round.number, app.config.public_url, round.slug
    );
    let times = [
        ("opens", round.opens_at),
        ("closes", round.closes_at),
        ("sealed", round.seals_at),
        ("seed revealed", round.reveals_at),
        ("drawn", round.pulse_at),
        ("results", round.results_at),
        ("ends", round.ends_at),
    ];
    for (name, at) in times {
        println!("  {name:14}{}", minute(at, Lang::En));
    }
    let seats: u64 = rules.slots.iter().map(|slot| u64::from(slot.capacity)).sum();
    for advice in advice(&app, &draft, &rules).into_iter().chain(of_roster(&app, &draft).await?) {
        println!("  Note: {advice}.");
    }
    println!("  {:14}{} people", "room for", grouped(seats));
    let cohorts = cohort::fill(&rules, &[]);
    for fill in cohorts.iter().filter(|_| cohorts.len() > 1) {
        let cohort = fill.cohort.as_ref().map_or(String::new(), ToString::to_string);
        println!("  {:14}{} people of {cohort}", "", grouped(fill.capacity));
    }
    Ok(ExitCode::SUCCESS)
}
