//! `jebi letters`: what a round has to tell, on paper, for those whom nothing else reached.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use entities::notice;

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    notify::{
        letter::{Sender, sheet},
        paper, words,
    },
    store,
};

/// Fonts with Hangul, where systems keep them.
const FONTS: [&str; 6] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/truetype/nanum/NanumBarunGothic.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:\\Windows\\Fonts\\malgun.ttf",
];
/// Notices read at once.
const BATCH: usize = 1_000;

/// Whose letters, and why they are printed.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// Where the PDF goes; a file that is there stays there
    #[arg(long)]
    out: PathBuf,
    /// Everybody who has a result, not only those whom it did not reach
    #[arg(long)]
    everyone: bool,
    /// Only these receipts
    #[arg(long, value_name = "RECEIPT")]
    receipt: Vec<String>,
    /// A font with Hangul; one of the system's unless given
    #[arg(long)]
    font: Option<PathBuf>,
    /// Who prints them
    #[arg(long)]
    clerk: String,
    /// Why; the letters hold what is only for their readers, so the log keeps this reason
    #[arg(long)]
    reason: String,
}

/// Prints them.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(!options.reason.trim().is_empty(), "say why you print these letters");
    ensure!(!options.out.exists(), "{} is there already", options.out.display());
    let font = font(options.font.as_deref())?;
    let sender = Sender::of(&config.municipality);
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    ensure!(round.row.drawn_at.is_some(), "`{}` is not drawn yet: there is nothing to tell", options.slug);
    authenticate(&app, &options.clerk, Role::Clerk).await?;

    let mut sheets = Vec::new();
    for some in wanted(&app, round.row.id, options).await?.chunks(BATCH) {
        for ready in words::ready(&app, some).await?.into_iter().flatten() {
            sheets.extend(sheet(&ready.words, ready.lang, &sender, &options.slug));
        }
    }
    if sheets.is_empty() {
        bail!("nobody needs a letter: every notice of `{}` arrived or is still on its way", options.slug);
    }
    let pdf = paper::print(&sheets, font).map_err(anyhow::Error::msg)?;
    write_new(&options.out, &pdf)?;
    tracing::info!(clerk = options.clerk, reason = options.reason, letters = sheets.len(), "letters printed");
    println!("{}: {} letters. They are only for their readers.", options.out.display(), sheets.len());
    Ok(ExitCode::SUCCESS)
}

/// The last notice of each entry that did not arrive, or every result; as letters, which no unsubscription stops.
async fn wanted(app: &App, round_id: i64, options: &Options) -> anyhow::Result<Vec<notice::Model>> {
    let db = app.db.read();
    let mut notices = match options.everyone || !options.receipt.is_empty() {
        true => store::notice::list(db, round_id, "result").await?,
        false => store::mail::list_unreached(db, round_id).await?,
    };
    notices.retain(|notice| !matches!(notice.reason.as_str(), "code" | "entered" | "withdrawn" | "sealed"));
    if !options.receipt.is_empty() {
        notices.retain(|notice| options.receipt.contains(&notice.about));
    }
    // The newest word alone is true.
    notices.sort_by(|a, b| (&a.about, b.planned_at).cmp(&(&b.about, a.planned_at)));
    let mut seen = BTreeSet::new();
    notices.retain(|notice| seen.insert(notice.about.clone()));
    for notice in &mut notices {
        "letter".clone_into(&mut notice.channel);
    }
    Ok(notices)
}

fn font(named: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    let found = named.or_else(|| FONTS.iter().map(Path::new).find(|path| path.exists()));
    let path = found.context(
        "no font with Hangul was found: install one (Debian: fonts-noto-cjk or fonts-nanum) or name one with --font",
    )?;
    fs::read(path).with_context(|| format!("the font {} cannot be read", path.display()))
}

/// Readable by its owner alone.
fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("{} cannot be made", path.display()))?;
    std::io::Write::write_all(&mut file, bytes)?;
    Ok(())
}
