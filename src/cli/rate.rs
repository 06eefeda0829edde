//! `jebi rate`: how fast notices leave, changed while they do. Every instance obeys with its next handful.

use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Subcommand;

use crate::{app::App, clock::Clock, config::Config, store};

/// What can be done about rates.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// All rates that were used or decided
    List,
    /// Let so many leave from now on, for example: sms 10/s, email 600/min, vendor:solapi 5/s, round:SLUG 120/min, sms pause
    Set {
        /// sms, email, vendor:NAME or round:SLUG
        what: String,
        /// 10/s, 600/min, or pause
        rate: String,
    },
    /// Back to what the configuration or the plan says
    Clear {
        /// sms, email, vendor:NAME or round:SLUG
        what: String,
    },
}

/// Shows or changes rates.
pub async fn run(config: Config, command: &Command) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    match command {
        Command::List => list(&app).await?,
        Command::Set { what, rate } => set(&app, what, Some(per_minute(rate)?)).await?,
        Command::Clear { what } => set(&app, what, None).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(app: &App) -> anyhow::Result<()> {
    for rate in store::rate::list(app.db.read()).await? {
        let decided = match rate.per_minute {
            None => "as configured or planned".to_owned(),
            Some(0) => "paused by staff".to_owned(),
            Some(many) => format!("{many} a minute, decided by staff"),
        };
        println!("{:<40} {decided}", rate.scope);
    }
    Ok(())
}

async fn set(app: &App, what: &str, per_minute: Option<i64>) -> anyhow::Result<()> {
    let now = app.clock.now();
    let scope = match what.split_once(':') {
        None if ["sms", "email"].contains(&what) => format!("channel {what}"),
        Some(("vendor", name)) => {
            let known = app.config.sms.iter().flat_map(|sms| sms.vendors()).any(|(one, ..)| one == name);
            ensure!(known, "no vendor of the configuration is called {name}");
            format!("vendor {name}")
        }
        Some(("round", slug)) => {
            let round = app.rounds.find(slug).await?;
            let round = round.with_context(|| format!("there is no round `{slug}`"))?;
            let scope = format!("round {slug}");
            let again = store::rate::set_round(&app.db, &scope, round.row.id, per_minute, now).await?;
            tracing::info!(scope, per_minute, again, "rate changed");
            println!("{scope}: changed; every instance obeys with its next notice.");
            return Ok(());
        }
        _ => bail!("`{what}` is none of sms, email, vendor:NAME, round:SLUG"),
    };
    store::rate::set(&app.db, &scope, per_minute, now).await?;
    tracing::info!(scope, per_minute, "rate changed");
    println!("{scope}: changed; every instance obeys with its next notice.");
    Ok(())
}

/// `10/s`, `600/min`, `pause`.
fn per_minute(rate: &str) -> anyhow::Result<i64> {
    if rate == "pause" {
        return Ok(0);
    }
    let (count, unit) = rate.split_once('/').context("write 10/s, 600/min or pause")?;
    let count: i64 = count.parse().context("write 10/s, 600/min or pause")?;
    ensure!((1..=1_000_000).contains(&count), "a rate is from 1 to 1,000,000; `pause` stops it");
    match unit {
        "s" => Ok(count * 60),
        "min" => Ok(count),
        _ => bail!("write 10/s, 600/min or pause"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn rates_as_people_write_them() {
        assert_eq!(per_minute("10/s").unwrap(), 600);
        assert_eq!(per_minute("7/min").unwrap(), 7);
        assert_eq!(per_minute("pause").unwrap(), 0);
        for wrong in ["10", "0/s", "-1/s", "10/h", "x/s", ""] {
            assert!(per_minute(wrong).is_err(), "{wrong}");
        }
    }
}
