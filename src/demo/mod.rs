//! `jebi demo`: one real round on one machine, with synthetic residents.
//!
//! The server, the database, the forms, the mails and the draw are the real ones. Three things are
//! not, and are called so wherever they show: the residents, the mail server that receives
//! ([`crate::stage::mailbox`]), and the clock, which is hurried where nothing happens but waiting.

mod crowd;
mod round;
mod scenario;
mod summary;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

pub use crowd::Entered;
pub use scenario::tongyeong;

/// What the demo may be told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many residents enter
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub residents: u32,
    /// Port of the site; 0 finds a free one [default: 8080, or a free one if that is taken]
    #[arg(long)]
    pub port: Option<u16>,
    /// Folder for everything the demo makes; emptied first if an earlier demo made it
    #[arg(long, default_value = "jebi-demo")]
    pub dir: PathBuf,
    /// End when the round is done instead of keeping the site up
    #[arg(long)]
    pub exit: bool,
    /// Print the summary as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// Runs the demo. 0: everything went as planned and the verifier agrees; 1: something did not.
///
/// # Errors
/// When the demo cannot be set up or comes to a halt.
pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    round::run(options).await
}
