//! Log lines on standard error: JSON for machines, text for people.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{LogConfig, LogFormat};

/// What other crates say at `info` that belongs to `debug`: statements, connections, SMTP dialogue.
/// Their parameters may be personal data, so they take a decision to switch on.
const QUIET: &str = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,h2=warn,reqwest=warn,rustls=warn,\
                     lettre=warn,tokio_cron_scheduler=warn,i18n_embed=warn";

/// Starts logging for the whole process; a second call changes nothing.
pub fn init(config: &LogConfig) -> Result<(), String> {
    let filter = filter(&config.level)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    let started = match config.format {
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.with_target(false).try_init(),
    };
    // Only tests start it twice.
    let _ = started;
    std::panic::set_hook(Box::new(|panic| {
        // The place alone: the message of a failed `unwrap` may quote what a resident wrote.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
    Ok(())
}

/// The operator's directives, after ours, so that theirs win.
fn filter(level: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(format!("{QUIET},{level}")).map_err(|error| {
        format!("`log.level` is \"{level}\": write a level (info) or directives (info,jebi=debug): {error}.")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_level_quiets_others_and_a_directive_wins_over_that() {
        assert!(filter("info").unwrap().to_string().contains("sqlx=warn"));
        assert!(filter("info,sqlx=debug").unwrap().to_string().contains("sqlx=debug"));
        assert!(filter("lo=ud").is_err());
    }
}
