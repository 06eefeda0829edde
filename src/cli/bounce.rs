//! `jebi bounce`: mail that came back, from a mail server's pipe, from files, or from a folder of them.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    notify::bounce::{self, Followed},
};

/// A delivery report is a few kilobytes, with the mail it is about not much more.
const LARGEST: u64 = 10 * 1024 * 1024;

/// What to read.
#[derive(Debug, Args)]
pub struct Options {
    /// Messages (.eml), or folders of them; without any, one message on standard input
    files: Vec<PathBuf>,
    /// The address the message came to (Postfix: `${recipient}`), if its own headers may not say so
    #[arg(long)]
    to: Option<String>,
}

/// Reads every message. A message that says nothing is no failure: a mail server would send it back.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let now = app.clock.now();
    if options.files.is_empty() {
        let mut message = Vec::new();
        std::io::stdin().take(LARGEST).read_to_end(&mut message)?;
        let followed = bounce::read(&app, &message, options.to.as_deref(), now).await?;
        println!("{}", said(&followed));
        return Ok(ExitCode::SUCCESS);
    }
    for file in messages(&options.files)? {
        let message = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let followed = bounce::read(&app, &message, options.to.as_deref(), now).await?;
        println!("{}: {}", file.display(), said(&followed));
    }
    Ok(ExitCode::SUCCESS)
}

fn messages(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in named {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let listed = fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut listed: Vec<PathBuf> =
            listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        listed.retain(|path| path.is_file() && is_message(path));
        listed.sort();
        found.extend(listed);
    }
    Ok(found)
}

/// In a Maildir the files have no ending.
fn is_message(path: &Path) -> bool {
    path.extension().is_none_or(|ending| ending.eq_ignore_ascii_case("eml"))
        || path.parent().is_some_and(|parent| parent.ends_with("new") || parent.ends_with("cur"))
}

fn said(followed: &Followed) -> String {
    match followed {
        Followed::Undelivered { hard: true } => {
            "the notice counts as undelivered, and the address is marked: nothing more is mailed there"
                .to_owned()
        }
        Followed::Undelivered { hard: false } => "the notice counts as undelivered".to_owned(),
        Followed::Known => "it was known already".to_owned(),
        Followed::Nothing(why) => format!("nothing follows: {why}"),
    }
}
