//! The commands of the `jebi` binary, one file each.

mod announce;
mod bought;
mod bounce;
pub mod check_config;
mod clerk;
mod compare;
mod draft;
mod drill;
mod forecast;
mod ineligible;
mod letters;
pub mod log;
mod migrate;
mod pack;
mod plan;
mod pulse;
mod queue;
mod rate;
mod reconcile;
mod release;
mod roster;
mod seller;
mod serve;
mod shift;
mod status;
mod unreached;
mod void;
mod words;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    config::{Config, Overrides},
    demo, drill as rehearsal,
};

/// Draws *when*, not *who*: verifiable seeded draws that give every resident a personal purchase time.
#[derive(Debug, Parser)]
#[command(name = "jebi", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    overrides: Overrides,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One whole round on this machine, with synthetic residents, in a few minutes
    Demo(demo::Options),
    /// Rehearse one of the five incidents or a draft, with trouble, beside first come, first served; with a report
    Drill(rehearsal::Options),
    /// Serve residents and do what is due
    Serve,
    /// Say what load a draft would bring, minute by minute, and whether it is safe
    Plan(plan::Options),
    /// Say who would get what under equal shares, a lottery, and first come
    Compare(compare::Options),
    /// Send notices and do nothing else, beside `serve`
    Work,
    /// What waits, why, and when it will have left
    Queue(queue::Options),
    /// How fast notices leave, changed while they do
    #[command(subcommand)]
    Rate(rate::Command),
    /// Whom no notice reached, as a list to call
    Unreached(unreached::Options),
    /// Fix the rules of a round and open it by the clock
    Announce(announce::Options),
    /// How full a round is, cohort by cohort
    Status(status::Options),
    /// Give a round its pulse by hand, where no relay can be reached
    Pulse(pulse::Options),
    /// End a round that cannot go on, in public and for a reason
    Void(void::Options),
    /// Publish a result that the bias guard holds
    Release(release::Options),
    /// Lists of people: who may enter, or is served without entering
    #[command(subcommand)]
    Roster(roster::Command),
    /// Read mail that came back: from a pipe, from files, or from folders of them
    Bounce(bounce::Options),
    /// The words of notices: look at them, try them, set them for a round
    #[command(subcommand)]
    Words(words::Command),
    /// Print letters for those whom no notice reached
    Letters(letters::Options),
    /// Let the times of a round stand still, after an interruption
    Shift(shift::Options),
    /// Take in a seller's list of what was bought
    Bought(bought::Options),
    /// Compare a seller's list with our ledger, to the won
    Reconcile(reconcile::Options),
    /// Everything about a round that may outlive its people, in one archive for whoever audits it
    Pack(pack::Options),
    /// Sellers and their keys
    #[command(subcommand)]
    Seller(seller::Command),
    /// Find an entry ineligible after the draw
    Ineligible(ineligible::Options),
    /// Staff
    #[command(subcommand)]
    Clerk(clerk::Command),
    /// Bring the database's schema up to date
    Migrate,
    /// Print the effective configuration, secrets masked
    CheckConfig,
}

/// Runs the command line. 0: done; 1: it went wrong, in words on standard error; 2: the
/// configuration cannot be used.
pub fn run(cli: Cli) -> ExitCode {
    let command = match cli.command {
        Command::CheckConfig => return check_config::run(&cli.overrides),
        // The demo makes its own configuration, so that nothing of a real deployment is touched.
        Command::Demo(options) => return finish(demo::run(options)),
        Command::Drill(options) => return finish(drill::run(&cli.overrides, options)),
        // Plans before there is a deployment.
        Command::Plan(options) if options.round().is_none() => return plan::run(&options),
        Command::Compare(options) if !options.needs_database() => {
            return finish(async move { compare::of_draft(&options) });
        }
        command => command,
    };
    let config = match Config::load(&cli.overrides) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match command {
        Command::Serve => finish(serve::run(config)),
        Command::Status(options) => finish(status::run(config, &options)),
        Command::Plan(options) => finish(forecast::of_round(config, &options)),
        Command::Compare(options) => finish(compare::of_round(config, &options)),
        Command::Work => finish(work::run(config)),
        Command::Queue(options) => finish(queue::run(config, &options)),
        Command::Rate(command) => finish(rate::run(config, &command)),
        Command::Unreached(options) => finish(unreached::run(config, &options)),
        Command::Pulse(options) => finish(pulse::run(config, &options)),
        Command::Release(options) => finish(release::run(config, &options)),
        Command::Shift(options) => finish(shift::run(config, &options)),
        Command::Bought(options) => finish(bought::run(config, &options)),
        Command::Reconcile(options) => finish(reconcile::run(config, &options)),
        Command::Pack(options) => finish(pack::run(config, &options)),
        Command::Seller(command) => finish(seller::run(config, &command)),
        Command::Ineligible(options) => finish(ineligible::run(config, &options)),
        Command::Void(options) => finish(void::run(config, &options)),
        Command::Words(command) => finish(words::run(config, &command)),
        Command::Letters(options) => finish(letters::run(config, &options)),
        Command::Bounce(options) => finish(bounce::run(config, &options)),
        Command::Announce(options) => finish(announce::run(config, &options)),
        Command::Roster(command) => finish(roster::run(config, command)),
        Command::Clerk(command) => finish(clerk::run(config, &command)),
        Command::Migrate => finish(migrate::run(config)),
        Command::CheckConfig | Command::Demo(_) | Command::Drill(_) => ExitCode::SUCCESS,
    }
}

fn finish(result: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(result)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jebi: {error:#}");
            ExitCode::FAILURE
        }
    }
}
