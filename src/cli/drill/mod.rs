//! `jebi drill`: a rehearsal, signed with the deployment's key where there is one; that of a draft is kept there too, so
//! that the round can be announced on it.

mod ready;
mod worth;

use std::process::ExitCode;

use anyhow::anyhow;

use super::log;
use crate::{
    app::App,
    clock::Clock,
    config::{Config, ConfigError, LogConfig, Overrides},
    domain::drill::Size,
    drill::{self, Halted, Options, Outcome},
    store::{self, drill::Report},
};

/// How it ends when it could not begin.
const NOT_BEGUN: u8 = 2;
/// How it ends when it came to a halt in the middle of the round.
const HALTED: u8 = 3;

/// Drills. 0: the round held; 1: it did not, and why; 2: the drill could not begin; 3: it came to a halt.
///
/// # Errors
/// When the report cannot be kept or printed.
pub async fn run(overrides: &Overrides, mut options: Options) -> anyhow::Result<ExitCode> {
    // A vendor that dies is part of the drill, and in its report.
    let log = LogConfig { level: "error".to_owned(), ..LogConfig::default() };
    log::init(&log).map_err(|error| anyhow!(error))?;
    let ready = match ready::ready(overrides, &mut options).await {
        Ok(ready) => ready,
        Err(error) => return Ok(not_begun(&error)),
    };
    let halted = match drill::drill(&options, ready.signature).await {
        Ok(drilled) => {
            if let Some(config) = ready.keeps {
                let (subject, files) = (drilled.outcome.subject.to_string(), drilled.files()?);
                keep(config, of_outcome(&drilled.outcome, &subject, &files)).await?;
                eprintln!("{}", worth::worth(&options.scenario, &drilled.outcome));
            }
            return drilled.print(options.json);
        }
        Err(error) => match error.downcast::<Halted>() {
            Ok(halted) => halted,
            Err(error) => return Ok(not_begun(&error)),
        },
    };
    halted.print(options.json);
    if let Some(config) = ready.keeps {
        let subject = halted.subject.to_string();
        match keep(config, of_halted(&halted, &subject)).await {
            Ok(()) => eprintln!("{}", worth::of_halted(&options.scenario)),
            Err(error) => eprintln!("jebi: the report is not kept: {error:#}"),
        }
    }
    Ok(ExitCode::from(HALTED))
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
fn of_outcome<'a>(outcome: &Outcome, subject: &'a str, [report, page, note]: &'a [String; 3]) -> Report<'a> {
    Report {
        subject,
        held: outcome.held.is_empty(),
        made_at: outcome.made_at,
        size: outcome.size(),
        all_met: outcome.unmet().is_empty(),
        report,
        page,
        note,
    }
}

/// One that came to a halt did not hold, whomever it had: nobody of them was seen through the round.
fn of_halted<'a>(halted: &'a Halted, subject: &'a str) -> Report<'a> {
    let [report, page, note] = &halted.files;
    let (size, made_at) = (Size { over_sockets: 0, in_process: 0 }, halted.made_at);
    Report { subject, held: false, made_at, size, all_met: false, report, page, note }
}

async fn keep(config: Config, report: Report<'_>) -> anyhow::Result<()> {
    let app = App::start(config, Clock::wall()).await?;
    let txn = app.db.begin().await?;
    let id = store::drill::insert(&txn, report).await?;
    txn.commit().await?;
    eprintln!("Kept as drill {id}: see /console/drills/{id}.");
    Ok(())
}
