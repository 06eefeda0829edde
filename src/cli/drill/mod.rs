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
    drill::{self, Drilled, Options},
    store,
};

/// How it ends when it could not begin.
const NOT_BEGUN: u8 = 2;

/// Drills. 0: the round held; 1: it did not, and why; 2: the drill could not begin.
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
    let drilled = match drill::drill(&options, ready.signature).await {
        Ok(drilled) => drilled,
        Err(error) => return Ok(not_begun(&error)),
    };
    if let Some(config) = ready.keeps {
        let id = keep(config, &drilled).await?;
        eprintln!("Kept as drill {id}: see /console/drills/{id}.");
        eprintln!("{}", worth::worth(&options.scenario, &drilled.outcome));
    }
    drilled.print(options.json)
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
