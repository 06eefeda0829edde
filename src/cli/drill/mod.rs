//! `jebi drill`: a rehearsal, signed with the deployment's key where there is one; that of a draft is kept there too, so
//! that the round can be announced on it.

mod ready;
mod worth;

use std::{io, process::ExitCode};

use anyhow::anyhow;

use super::log;
use crate::{
    app::App,
    clock::Clock,
    config::{Config, ConfigError, LogConfig, Overrides},
    domain::drill::Size,
    drill::{self, Drilled, Halted, Options, Outcome},
    store::{self, drill::Report},
};

/// How it ends when it could not begin.
const NOT_BEGUN: u8 = 2;
/// How it ends when it came to a halt in the middle of the round.
const HALTED: u8 = 3;

/// Drills. 0: the round held; 1: it did not, and why, or its report could not be printed, written or kept; 2: the drill
/// could not begin; 3: it came to a halt.
///
/// # Errors
/// When nothing can be logged.
pub async fn run(overrides: &Overrides, mut options: Options) -> anyhow::Result<ExitCode> {
    // A vendor that dies is part of the drill, and in its report.
    let log = LogConfig { level: "error".to_owned(), ..LogConfig::default() };
    log::init(&log).map_err(|error| anyhow!(error))?;
    let ready = match ready::ready(overrides, &mut options).await {
        Ok(ready) => ready,
        Err(error) => return Ok(not_begun(&error)),
    };
    let error = match drill::drill(&options, ready.signature).await {
        Ok(drilled) => return Ok(drilled_to_its_end(&options, &drilled, ready.keeps).await),
        Err(error) => error,
    };
    Ok(match error.downcast::<Halted>() {
        Ok(halted) => came_to_a_halt(&options, &halted, ready.keeps).await,
        Err(error) => not_begun(&error),
    })
}

/// Says what came of it, and only then keeps it: whoever waited for an hour reads it, whatever became of the database.
async fn drilled_to_its_end(options: &Options, drilled: &Drilled, keeps: Option<Config>) -> ExitCode {
    let Drilled { outcome, report: left } = drilled;
    let is_printed = printed(drilled.print(options.json));
    let is_kept = match keeps {
        None => true,
        Some(config) => {
            let (file, subject) = (&options.scenario, outcome.drill.subject.to_string());
            kept(config, of_outcome(outcome, &subject, &left.files), file, worth::worth(file, outcome)).await
        }
    };
    match outcome.held.is_empty() && is_printed && left.is_written && is_kept {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// The same of one that came to a halt: that it did counts for more than that it could not be printed or kept.
async fn came_to_a_halt(options: &Options, halted: &Halted, keeps: Option<Config>) -> ExitCode {
    printed(halted.print(options.json));
    if let Some(config) = keeps {
        let (file, subject) = (&options.scenario, halted.drill.subject.to_string());
        kept(config, of_halted(halted, &subject), file, worth::of_halted(file)).await;
    }
    ExitCode::from(HALTED)
}

/// Whether what came of a drill could be printed; if not, it says why.
fn printed(printed: io::Result<()>) -> bool {
    if let Err(error) = &printed {
        eprintln!("jebi: what came of the drill cannot be printed: {error}");
    }
    printed.is_ok()
}

/// Says why nothing was drilled.
fn not_begun(error: &anyhow::Error) -> ExitCode {
    match error.is::<ConfigError>() {
        // As every command says it.
        true => eprintln!("{error}"),
        false => eprintln!("jebi: {error:#}"),
    }
    ExitCode::from(NOT_BEGUN)
}

/// A report as it is kept.
fn of_outcome<'a>(
    outcome: &'a Outcome,
    subject: &'a str,
    [report, page, note]: &'a [String; 3],
) -> Report<'a> {
    let (ko, en) = &outcome.drill.title;
    Report {
        subject,
        titles: (ko.as_str(), en.as_str()),
        version: outcome.drill.version,
        held: outcome.held.is_empty(),
        halted: false,
        made_at: outcome.drill.made_at,
        size: outcome.size(),
        all_met: outcome.unmet().is_empty(),
        report,
        page,
        note,
    }
}

/// One that came to a halt did not hold, whomever it had: nobody of them was seen through the round.
fn of_halted<'a>(halted: &'a Halted, subject: &'a str) -> Report<'a> {
    let [report, page, note] = &halted.report.files;
    let (ko, en) = &halted.drill.title;
    Report {
        subject,
        titles: (ko.as_str(), en.as_str()),
        version: halted.drill.version,
        held: false,
        halted: true,
        made_at: halted.drill.made_at,
        size: Size { over_sockets: 0, in_process: 0 },
        all_met: false,
        report,
        page,
        note,
    }
}

/// Keeps it and says what it is worth, or why it is not kept and what to do.
async fn kept(config: Config, report: Report<'_>, file: &str, worth: String) -> bool {
    let kept = keep(config, report).await;
    match &kept {
        Ok(()) => eprintln!("{worth}"),
        Err(error) => eprintln!("jebi: {}", worth::not_kept(file, error)),
    }
    kept.is_ok()
}

async fn keep(config: Config, report: Report<'_>) -> anyhow::Result<()> {
    let app = App::start(config, Clock::wall()).await?;
    let txn = app.db.begin().await?;
    let id = store::drill::insert(&txn, report).await?;
    txn.commit().await?;
    eprintln!("Kept as drill {id}: see /console/drills/{id}.");
    Ok(())
}
