//! `jebi drill`: a rehearsal, signed with the deployment's key where there is one; that of a draft is kept there too, so
//! that the round can be announced on it.

use std::{path::Path, process::ExitCode};

use anyhow::anyhow;

use super::{draft, log};
use crate::{
    app::App,
    clock::Clock,
    config::{Config, LogConfig, Overrides},
    domain::drill::Size,
    drill::{self, Drilled, Options, Outcome, SCENARIOS, Signature},
    lifecycle::{announce::sized, checkpoint},
    secret::Keys,
    store,
    words::number::grouped,
};

/// Drills. 0: the round held; 1: it did not, and why.
///
/// # Errors
/// When the drill cannot be set up or comes to a halt.
pub async fn run(overrides: &Overrides, mut options: Options) -> anyhow::Result<ExitCode> {
    // A vendor that dies is part of the drill, and in its report.
    let log = LogConfig { level: "error".to_owned(), ..LogConfig::default() };
    log::init(&log).map_err(|error| anyhow!(error))?;
    let config = Config::load(overrides);
    if SCENARIOS.contains(&options.scenario.as_str()) {
        // Of a deployment only the signature is asked; without one the drill's own key signs.
        let signature = config.ok().as_ref().and_then(deployed);
        return drill::drill(&options, signature).await?.print(options.json);
    }
    // What would keep the report from being kept is said now, and not after an hour.
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            eprintln!("{error}");
            return Ok(ExitCode::from(2));
        }
    };
    let draft = draft::read(Path::new(&options.scenario))?;
    if !config.secret_key_path().is_file() {
        eprintln!("{}", nothing_here(&config));
        options.draft = Some(Box::new(draft));
        return drill::drill(&options, None).await?.print(options.json);
    }
    let app = App::start(config.clone(), Clock::wall()).await?;
    // Those who are on the roster by now are those whom the round is for.
    options.draft = Some(Box::new(sized(&app, &draft).await?));
    // As the rules of the round will name it.
    let signature = Some(Signature { keys: app.keys.clone(), name: checkpoint::origin(&app).await? });
    drop(app);
    if let Some(why) = what_if(&options) {
        eprintln!("{why}");
        return drill::drill(&options, signature).await?.print(options.json);
    }
    let drilled = drill::drill(&options, signature).await?;
    let id = keep(config, &drilled).await?;
    eprintln!("Kept as drill {id}: see /console/drills/{id}.");
    eprintln!("{}", worth(&options.scenario, &drilled.outcome));
    drilled.print(options.json)
}

/// Why nothing is kept where no deployment was ever started.
fn nothing_here(config: &Config) -> String {
    format!(
        "There is no {}, so no deployment was started here, and no report is kept for `jebi announce`. Where there is one, \
         name its configuration with --config.",
        config.secret_key_path().display()
    )
}

/// Nothing of a deployment is touched but its key, which signs, and, for a draft, its list of drills.
fn deployed(config: &Config) -> Option<Signature> {
    let keys = Keys::load(&config.secret_key_path()).ok()?;
    let url = config.public_url.as_str();
    let name = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned();
    Some(Signature { keys, name })
}

/// Why nothing is kept of a drill that only asks what would be if: the round is announced on what its seller says, and one
/// that is meant to fail would stand in the way.
fn what_if(options: &Options) -> Option<String> {
    (options.capacity < 100).then(|| {
        format!(
            "With --capacity {} this drill asks what would be if. Its report stays in {} and is not kept for `jebi announce`, \
             neither for the round nor against it: `jebi drill {}` without --capacity is.",
            options.capacity,
            options.report.display(),
            options.scenario
        )
    })
}

/// What a report that was kept is worth to an announcement, and what to do if that is nothing.
fn worth(file: &str, outcome: &Outcome) -> String {
    let (size, asked, unmet) = (outcome.size(), Size::asked_for(outcome.people.whole), outcome.unmet());
    if !outcome.held.is_empty() {
        return format!(
            "No round is announced on it, for it did not hold. Change what it names, then run `jebi drill {file}` again."
        );
    }
    if !size.reaches(asked) {
        return format!(
            "No round is announced on it, for it was too small: {} people over sockets and {} in process, and {} and {} \
             are asked for. Run `jebi drill {file}` without --scale and --sample, which takes as many.",
            grouped(size.over_sockets),
            grouped(size.in_process),
            grouped(asked.over_sockets),
            grouped(asked.in_process)
        );
    }
    match unmet.as_slice() {
        [] => "`jebi announce` finds it.".to_owned(),
        unmet => format!(
            "No round is announced on it, for nobody met some of its trouble ({}). Run `jebi drill {file}` again with \
             another --seed.",
            unmet.join(", ")
        ),
    }
}

async fn keep(config: Config, drilled: &Drilled) -> anyhow::Result<i64> {
    let app = App::start(config, Clock::wall()).await?;
    let ([report, page, note], outcome) = (drilled.files()?, &drilled.outcome);
    let (subject, held) = (outcome.subject.to_string(), outcome.held.is_empty());
    let kept = store::drill::Report {
        subject: &subject,
        held,
        made_at: outcome.made_at,
        size: outcome.size(),
        all_met: outcome.unmet().is_empty(),
        report: &report,
        page: &page,
        note: &note,
    };
    let txn = app.db.begin().await?;
    let id = store::drill::insert(&txn, kept).await?;
    txn.commit().await?;
    Ok(id)
}
