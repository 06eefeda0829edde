//! `jebi roster import NAME FILE`

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::show;
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::roster::{Column, MatchBy, is_name},
    roster::{
        Import, ImportError, Summary,
        import::{Progress, check, import, spool_folder},
    },
    secret::Keys,
    words::number::grouped,
};

/// Which file, and how it is read.
#[derive(Debug, Args)]
pub struct Options {
    /// The roster's name, as drafts call it: a-z, 0-9 and -
    name: String,
    /// CSV (UTF-8, UTF-16 with its mark, CP949/EUC-KR) or XLSX
    file: PathBuf,
    /// Only look: nothing is kept, no database is needed
    #[arg(long)]
    dry_run: bool,
    /// Go on where an import of the same file was interrupted
    #[arg(long, conflicts_with = "dry_run")]
    resume: bool,
    /// Leave lines with something wrong out, instead of refusing the file
    #[arg(long)]
    leave_out: bool,
    /// What a heading means: HEADING=name, birth, phone, email, household, household_size, region,
    /// lang, the name of a declared field, or - to leave the column out
    #[arg(long = "map", value_name = "HEADING=FIELD")]
    maps: Vec<String>,
    /// By what people are known: phone, email or name (with birth date)
    #[arg(long, value_name = "WHAT")]
    match_by: Option<MatchBy>,
    /// Where the report by line goes; NAME-report.csv if not said
    #[arg(long)]
    report: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Imports, or looks only.
pub async fn run(config: Config, options: Options) -> anyhow::Result<ExitCode> {
    ensure!(
        is_name(&options.name),
        "a roster's name is 1 to 64 of a-z, 0-9 and -, and begins and ends without -"
    );
    let maps = options.maps.iter().map(|map| {
        let (heading, column) = map.rsplit_once('=').context("--map is written HEADING=FIELD")?;
        Ok((heading.to_owned(), Column::from_key(column).map_err(anyhow::Error::msg)?))
    });
    let wanted = Import {
        name: options.name.clone(),
        file: options.file.clone(),
        maps: maps.collect::<anyhow::Result<_>>()?,
        match_by: options.match_by,
        leave_out: options.leave_out,
        resume: options.resume,
    };
    let outcome = match options.dry_run {
        true => look(&config, &wanted).await,
        false => {
            let app = App::start(config, Clock::wall()).await?;
            import(&app, wanted, bar()).await
        }
    };
    match outcome {
        Ok(summary) => {
            let refusal = summary.refusal(options.leave_out).filter(|_| options.dry_run);
            told(&summary, &options, refusal.as_deref())?;
            match (refusal, summary.state) {
                (Some(refusal), _) => {
                    eprintln!("jebi: this would be refused: {refusal}");
                    return Ok(ExitCode::FAILURE);
                }
                _ if options.json => {}
                (None, "current") => println!("The roster is in use. Delete the file when nobody needs it."),
                (None, "complete") => println!(
                    "It would replace the roster in use, and waits: jebi roster confirm {} --clerk … --approver …",
                    options.name
                ),
                (None, _) => println!("Nothing was kept: this was a dry run."),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Lines(refusal, summary)) => {
            told(&summary, &options, Some(&refusal))?;
            eprintln!("jebi: nothing was imported: {refusal}");
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// A dry run needs no database and no key of the deployment: it keeps nothing.
async fn look(config: &Config, wanted: &Import) -> Result<Summary, ImportError> {
    let keys = Keys::from_root(&crate::secret::random_bytes::<32>());
    let folder = spool_folder(&config.state_dir, &format!("{}.dry-run", wanted.name));
    let (wanted, progress) = (wanted.clone(), bar());
    let checked = tokio::task::spawn_blocking(move || check(&keys, &wanted, folder, false, &progress)).await;
    Ok(checked.map_err(|error| ImportError::Refused(error.to_string()))??.summary)
}

/// Shows what was found, and writes the report if anything was.
fn told(summary: &Summary, options: &Options, refusal: Option<&str>) -> anyhow::Result<()> {
    let path = options.report.clone().unwrap_or_else(|| format!("{}-report.csv", options.name).into());
    let report = (!summary.report.is_empty()).then(|| path.display().to_string());
    if report.is_some() {
        let written = summary.report.write(&path, &summary.columns);
        written.with_context(|| format!("the report {} cannot be written", path.display()))?;
    }
    show::summary(summary, report.as_deref(), refusal, options.json);
    Ok(())
}

/// A bar on a terminal, nothing anywhere else.
fn bar() -> Progress {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg:10} [{wide_bar}] {percent:>3} % {elapsed} left {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Arc::new(move |what, done, of| {
        if bar.message() != what {
            bar.reset();
            bar.set_message(what);
        }
        bar.set_length(of);
        bar.set_position(done);
        if what == "inserting" && done == of {
            bar.finish_and_clear();
            tracing::debug!(people = grouped(of), "inserted");
        }
    })
}
