//! `jebi letters`: what a round has to tell, on paper, for those whom nothing else reached.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use entities::notice;

use super::{
    clerk::{Role, authenticate},
    unreached::is_wanted,
};
use crate::{
    app::{App, Round},
    clock::Clock,
    config::Config,
    notify::{
        content::{self, Told},
        message::{Sender, sheet},
        paper::{self, Layout, Sheet},
        unreached,
    },
    store::{self, access::Access},
};

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
    /// Letters, slips in very large type, or for each person a letter and then a slip
    #[arg(long, value_enum, default_value_t = Print::Letters)]
    print: Print,
    /// Everybody who has a result, not only those whom nothing reached
    #[arg(long)]
    everyone: bool,
    /// Only these receipts: somebody at a counter
    #[arg(long, value_name = "RECEIPT")]
    receipt: Vec<String>,
    /// Only entries with this value of a field, such as region=jungang
    #[arg(long, value_name = "FIELD=VALUE")]
    only: Vec<String>,
    /// Also those for whom a letter about the same was printed before
    #[arg(long)]
    again: bool,
    /// A font with Hangul; one of the system's unless given
    #[arg(long)]
    font: Option<PathBuf>,
    /// Who prints them
    #[arg(long)]
    clerk: String,
    /// Why; the letters hold what is only for their readers, so the access log keeps who and this reason
    #[arg(long)]
    reason: String,
}

/// What is printed for each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Print {
    /// A letter
    Letters,
    /// A slip
    Slips,
    /// Both
    Both,
}

/// What is printed about somebody, and whether nothing else reached them.
type Wanted = (notice::Model, Told, bool);

/// Prints them.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(!options.reason.trim().is_empty(), "say why you print these letters");
    ensure!(!options.out.exists(), "{} is there already", options.out.display());
    let font = paper::font(options.font.as_deref()).map_err(anyhow::Error::msg)?;
    let sender = Sender::of(&config.municipality);
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let is_void = round.row.voided_at.is_some();
    ensure!(
        is_void || round.is_published(app.clock.now()),
        "the results of `{}` are not out yet: there is nothing to tell",
        options.slug
    );
    let clerk = authenticate(&app, &options.clerk, Role::Clerk).await?;

    let wanted = wanted(&app, &round, options).await?;
    let sheets: Vec<Sheet> = wanted.iter().flat_map(|(_, told, _)| sheets(told, &sender, options)).collect();
    if sheets.is_empty() {
        bail!("nobody needs a letter: every notice of `{}` arrived or is still on its way", options.slug);
    }
    let pdf = paper::print(&sheets, font).map_err(anyhow::Error::msg)?;
    let now = app.clock.now();
    let printed: Vec<notice::Model> =
        wanted.iter().filter(|(.., unreached)| *unreached).map(|(notice, ..)| notice.clone()).collect();
    let about = format!("{} letters ({})", options.slug, wanted.len());
    let taken = Access {
        clerk_id: Some(clerk.id),
        kind: "took",
        about: &about,
        address: "",
        reason: &options.reason,
    };
    let txn = app.db.begin().await?;
    store::access::insert(&txn, now, taken).await?;
    store::notice::settle_printed(&txn, &printed, now).await?;
    // Before the commit: what cannot be written is not printed, and nobody counts as told.
    write_new(&options.out, &pdf)?;
    txn.commit().await?;
    let pages = sheets.len();
    println!(
        "{}: {pages} pages for {} people. They are only for their readers.",
        options.out.display(),
        wanted.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn sheets(told: &Told, sender: &Sender, options: &Options) -> Vec<Sheet> {
    let Some(letter) = sheet(&told.message, told.lang, sender, &options.slug) else { return Vec::new() };
    let slip = Sheet { layout: Layout::Slip, ..letter.clone() };
    match options.print {
        Print::Letters => vec![letter],
        Print::Slips => vec![slip],
        Print::Both => vec![letter, slip],
    }
}

/// Whom nothing else reached, or whoever is named, or everybody.
async fn wanted(app: &App, round: &Round, options: &Options) -> anyhow::Result<Vec<Wanted>> {
    let unreached = unreached::list(app, round).await?;
    let mut wanted: Vec<Wanted> = unreached
        .into_iter()
        .filter(|person| options.again || person.printed_at.is_none())
        .map(|person| (person.notice, person.told, true))
        .collect();
    if options.everyone || !options.receipt.is_empty() {
        let known: BTreeSet<String> = wanted.iter().map(|(notice, ..)| notice.about.clone()).collect();
        let mut results = store::notice::list(app.db.read(), round.row.id, "result").await?;
        results.retain(|notice| options.everyone || options.receipt.contains(&notice.about));
        // As things stand: one page, however often it was said.
        let mut seen = known;
        results.retain(|notice| seen.insert(notice.about.clone()));
        for some in results.chunks(BATCH) {
            let told = content::told(app, round, some).await?;
            wanted.extend(
                some.iter().zip(told).filter_map(|(notice, told)| Some((notice.clone(), told?, false))),
            );
        }
    }
    wanted.retain(|(notice, told, _)| {
        let named = options.receipt.is_empty() || options.receipt.contains(&notice.about);
        named && is_wanted(&told.fields, &options.only)
    });
    wanted.sort_by(|(a, ..), (b, ..)| a.about.cmp(&b.about));
    Ok(wanted)
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
