//! `jebi drill`: a rehearsal, signed with the deployment's key where there is one.

use std::process::ExitCode;

use anyhow::anyhow;

use super::log;
use crate::{
    config::{Config, LogConfig, Overrides},
    drill::{self, Options, Signature},
    secret::Keys,
};

/// Drills. 0: the round held; 1: it did not, and why.
///
/// # Errors
/// When the drill cannot be set up or comes to a halt.
pub async fn run(overrides: &Overrides, options: &Options) -> anyhow::Result<ExitCode> {
    // A vendor that dies is part of the drill, and in its report.
    let log = LogConfig { level: "error".to_owned(), ..LogConfig::default() };
    log::init(&log).map_err(|error| anyhow!(error))?;
    drill::run(options, Config::load(overrides).ok().as_ref().and_then(deployed)).await
}

/// Nothing of a deployment is touched but its key, which signs. Without one the drill's own does.
fn deployed(config: &Config) -> Option<Signature> {
    let keys = Keys::load(&config.secret_key_path()).ok()?;
    let url = config.public_url.as_str();
    let name = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned();
    Some(Signature { keys, name })
}
