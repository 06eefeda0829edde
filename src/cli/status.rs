//! `jebi status`: how full a round is, cohort by cohort, from the registrations in hand.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use public_audit::rules::Mode;

use crate::{
    app::{App, Round},
    clock::Clock,
    config::Config,
    domain::who::cohort::{self, Fill},
    lifecycle::{cells, fold},
    store::entry,
    words::number::grouped,
};

/// Which round.
#[derive(Debug, Args)]
pub struct Options {
    /// Its name in addresses
    slug: String,
}

/// Shows seats against capacity, and what would keep the pool from being sealed.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let Some(round) = app.rounds.find(&options.slug).await? else {
        bail!("there is no round `{}`", options.slug);
    };
    fold::fold(&app).await.context("what was acknowledged cannot be folded")?;
    let groups = entry::list_groups(app.db.read(), round.row.id).await?;
    for line in lines(&round, &cohort::fill(&round.rules, &groups)) {
        println!("{line}");
    }
    if round.row.sealed_at.is_none()
        && let Some((count, values)) = cells::merged(app.db.read(), &round).await?.small
    {
        println!(
            "only {count} entries share `{values}`; the rules ask for {}: if it stays so, the pool cannot be sealed",
            round.rules.smallest_cell
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// One line for each cohort, the fullest marked.
pub fn lines(round: &Round, fills: &[Fill]) -> Vec<String> {
    let percent = |fill: &Fill| (fill.seats * 100).checked_div(fill.capacity).unwrap_or(100);
    let entries: u64 = fills.iter().map(|fill| fill.entries).sum();
    let people: u64 = fills.iter().map(|fill| fill.seats).sum();
    let mut lines =
        vec![format!("{}: {} entries, {} people", round.row.slug, grouped(entries), grouped(people))];
    for fill in fills {
        let cohort = fill.cohort.as_ref().map_or("in no cohort".to_owned(), ToString::to_string);
        let full = match round.rules.mode {
            Mode::Lottery => "",
            _ if fill.seats > fill.capacity => "  TOO MANY: the pool could not be sealed",
            _ if fill.seats * 10 > fill.capacity * 9 => "  nearly full",
            _ => "",
        };
        let (seats, capacity) = (grouped(fill.seats), grouped(fill.capacity));
        lines.push(format!("  {cohort}: {seats} people for {capacity} seats, {} %{full}", percent(fill)));
    }
    let used = || fills.iter().filter(|fill| fill.capacity > 0);
    let (most, least) = (used().map(percent).max(), used().map(percent).min());
    if let (Some(most), Some(least), true) = (most, least, fills.len() > 1) {
        lines.push(format!(
            "  between the fullest and the emptiest cohort: {} percentage points",
            most - least
        ));
    }
    lines
}
