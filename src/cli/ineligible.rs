//! `jebi ineligible`: two members of staff find that an entry does not meet the conditions. At the next offer its
//! place goes on; until then they can take it back.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::clerk::{Role, authenticate};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::{ineligible::Reason, proposal::Act},
    lifecycle::announce::Staff,
    staff::acts::{Word, settle},
};

/// Which entry, why, and on whose word.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The entry
    receipt: String,
    /// Why; how often each was found is public
    #[arg(long, value_enum, required_unless_present = "not_after_all")]
    category: Option<Category>,
    /// It is eligible after all
    #[arg(long, conflicts_with = "category")]
    not_after_all: bool,
    /// Who asks for it
    #[arg(long)]
    clerk: String,
    /// Who approves it; somebody else
    #[arg(long)]
    approver: String,
}

/// The reasons there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Category {
    /// Not a resident
    Resident,
    /// Entered twice
    Twice,
    /// Another condition of the announcement is not met
    Conditions,
}

impl From<Category> for Reason {
    fn from(category: Category) -> Self {
        match category {
            Category::Resident => Self::Resident,
            Category::Twice => Self::Twice,
            Category::Conditions => Self::Conditions,
        }
    }
}

/// Finds an entry ineligible, or not after all.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let receipt: public_audit::Receipt =
        options.receipt.to_ascii_lowercase().parse().context("this is not a receipt")?;
    authenticate(&app, &options.clerk, Role::Clerk).await?;
    authenticate(&app, &options.approver, Role::Approver).await?;
    let staff = Staff::new(&options.clerk, &options.approver);
    let reason = options.category.map(Reason::from);
    let category = reason.map(|reason| reason.key().to_owned());
    let act = Act::Ineligible { receipt: receipt.to_string(), category };
    settle(&app, &act, Some(&round), Word::default(), &staff).await?;
    println!(
        "{}",
        match reason {
            Some(_) =>
                "Found ineligible. The entrant is told and can object; the place goes on at the next offer.",
            None => "Eligible after all: nothing happens to the place.",
        }
    );
    Ok(ExitCode::SUCCESS)
}
