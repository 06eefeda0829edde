//! `jebi-audit`: recomputes a published draw. Every command prints its one answer.
//!
//! Exit codes are part of the interface: 0 it matches, 1 it does not, 2 it could not be read or
//! the command line makes no sense, 3 the journal's past was changed or it has two histories.

mod folder;
#[cfg(feature = "online")]
mod online;
mod out;
mod progress;
mod signed;
mod temporary;

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use public_audit::explain::Happened;
use public_audit::journal::{Act, excerpt};
use public_audit::record::Files;
use public_audit::scratch::Desk;
use public_audit::seed::SeedInput;
use public_audit::tamper::{self, Catch};
use public_audit::{
    Digest, Pool, Receipt, Rules, after, beacon, explain, lot, merkle, record, sample, verify,
};

use folder::{Folder, at};
use out::{complain, say};
use progress::Progress;
use temporary::TemporaryFiles;

/// Recompute a draw of jebi from its published record.
#[derive(Parser)]
#[command(name = "jebi-audit", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a record: every check on one line; exit 0 if it matches, 1 if not, 2 if unreadable.
    Verify {
        /// The folder with the record; or its address, as `https://city.example/rounds/ROUND/record/`
        #[cfg_attr(not(feature = "online"), doc = "(this build cannot ask the network)")]
        dir: PathBuf,
        /// The city's key, from a place you trust: fail if the record names another.
        #[arg(long)]
        key: Option<String>,
        /// Print one JSON object instead.
        #[arg(long)]
        json: bool,
        /// MiB of memory for what grows with the number of entries; the rest goes to temporary files.
        #[arg(long, value_name = "MIB", default_value_t = 48, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
        memory: u32,
    },
    /// Say how one entry got its rank, amount, slot and minute.
    Explain {
        /// The folder with the record.
        dir: PathBuf,
        /// The entry's receipt.
        #[arg(long)]
        receipt: Receipt,
    },
    /// Print the receipts that chance picks for an inspection.
    Sample {
        /// The folder with the record.
        dir: PathBuf,
        /// How many; 300 find 1 % of ghosts with 95 %.
        #[arg(long, default_value_t = 300)]
        count: usize,
    },
    /// Follow a journal: verify what is new, keep a copy, exit 3 if the past was changed.
    #[cfg(feature = "online")]
    Watch {
        /// The municipality's address, above /journal/.
        url: String,
        /// Where the copy is kept.
        #[arg(long)]
        state: PathBuf,
        /// The log's key; else that of the first announced round is used from then on.
        #[arg(long)]
        key: Option<String>,
        /// Look once and end.
        #[arg(long)]
        once: bool,
        /// Minutes between two looks.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10_080))]
        every: u64,
    },
    /// Cosign the checkpoints of logs that do not change their past (C2SP tlog-witness).
    #[cfg(feature = "online")]
    Witness {
        /// Write a new secret key with this name to the key file, print the public key, and end.
        #[arg(long, value_name = "NAME")]
        new_key: Option<String>,
        /// The file with the secret key.
        #[arg(long)]
        key: PathBuf,
        /// Where it is remembered what was cosigned.
        #[arg(long, required_unless_present = "new_key")]
        state: Option<PathBuf>,
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8787")]
        listen: String,
        /// The key of a log to cosign; logs.txt in the state's folder may have more.
        #[arg(long = "log", value_name = "KEY")]
        logs: Vec<String>,
    },
    /// Tamper with good records in every known way, and see that each is caught by its check.
    Selftest,
    /// Print the receipt of a person key in a round.
    Receipt {
        /// The round's slug.
        #[arg(long)]
        round: String,
        /// The salt, 64 hex characters.
        #[arg(long)]
        salt: Digest,
        /// The person key, as in `ci:…`.
        #[arg(long)]
        person: String,
    },
    /// Print the Merkle root over the lines of a file.
    Root {
        /// For example `pool.txt`.
        file: PathBuf,
    },
    /// Print the lot of a receipt: the smallest of its numbers.
    Lot {
        /// The draw seed, 64 hex characters.
        #[arg(long)]
        seed: Digest,
        /// The receipt.
        #[arg(long)]
        receipt: Receipt,
        /// How many lots the entry draws.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
        weight: u32,
    },
    /// Print the text of a signed note if this key has signed it; exit 1 if it has not.
    Note {
        /// For example `report.note` of a drill.
        file: PathBuf,
        /// The key, from a place you trust.
        #[arg(long)]
        key: String,
    },
    /// Print the randomness of a drand round if its signature is valid; exit 1 if it is not.
    Beacon {
        /// The round.
        #[arg(long)]
        round: u64,
        /// The signature, 96 hex characters.
        #[arg(long)]
        signature: String,
        /// The chain's public key, 192 hex characters.
        #[arg(long, default_value = beacon::QUICKNET_PUBLIC_KEY, hide_default_value = true)]
        public_key: String,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(reason) => {
            complain(reason);
            ExitCode::from(2)
        }
    }
}

fn text(error: io::Error) -> String {
    error.to_string()
}

fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Verify { dir, key, json, memory } => {
            let memory = usize::try_from(u64::from(memory) << 20).unwrap_or(usize::MAX);
            return verify_any(&dir, &Wanted { key, json, memory });
        }
        #[cfg(feature = "online")]
        Command::Watch { url, state, key, once, every } => {
            let every = std::time::Duration::from_secs(every * 60);
            return Ok(ended(online::watch::run(&url, &state, key.as_deref(), once, every)));
        }
        #[cfg(feature = "online")]
        Command::Witness { new_key: Some(name), key, .. } => {
            return Ok(ended(online::witness::new_key(&name, &key)));
        }
        #[cfg(feature = "online")]
        Command::Witness { key, state, listen, logs, .. } => {
            let state = state.ok_or("where is the state? give --state")?;
            return Ok(ended(online::witness::run(&state, &key, &listen, &logs)));
        }
        Command::Explain { dir, receipt } => {
            let (rules, pool, draw_seed) = drawn_from(&dir)?;
            return match explain::explain(&rules, &pool, &draw_seed, &receipt) {
                Ok(told) => {
                    let happened = happened(&dir)?;
                    let after = explain::afterwards(&rules, &pool, &draw_seed, &receipt, &happened);
                    let after = after.map_err(|error| error.to_string())?;
                    say(format!("{told}{after}").trim_end()).map_err(text)?;
                    Ok(ExitCode::SUCCESS)
                }
                Err(reason) => {
                    complain(reason);
                    Ok(ExitCode::from(1))
                }
            };
        }
        Command::Sample { dir, count } => {
            let (rules, draw_seed) = seeded_by(&dir)?;
            let sample = sample::sample(&rules, pool_of(&dir)?, &draw_seed, count);
            for receipt in sample.map_err(|error| wrong(&dir, record::POOL, &error))? {
                say(receipt).map_err(text)?;
            }
        }
        Command::Selftest => return selftest(),
        Command::Receipt { round, salt, person } => {
            let receipt = Receipt::derive(&round, salt.as_bytes(), &person);
            say(receipt.map_err(|error| error.to_string())?).map_err(text)?;
        }
        Command::Root { file } => say(root_of(&file).map_err(text)?).map_err(text)?,
        Command::Note { file, key } => return said_if(signed::text(&file, &key)?),
        Command::Beacon { round, signature, public_key } => {
            return said_if(beacon::verify(&public_key, round, &signature));
        }
        Command::Lot { seed, receipt, weight } => say(lot::lot(&seed, &receipt, weight)).map_err(text)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What was found, or why nothing was.
fn said_if(found: Result<impl Display, impl Display>) -> Result<ExitCode, String> {
    match found {
        Ok(found) => {
            say(found).map_err(text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(reason) => {
            complain(reason);
            Ok(ExitCode::from(1))
        }
    }
}

#[cfg(feature = "online")]
fn ended(end: Result<(), online::Trouble>) -> ExitCode {
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            complain(&trouble);
            ExitCode::from(trouble.code())
        }
    }
}

/// How a record is to be verified.
struct Wanted {
    key: Option<String>,
    json: bool,
    memory: usize,
}

fn verify_any(target: &Path, wanted: &Wanted) -> Result<ExitCode, String> {
    match target.to_str().filter(|text| text.starts_with("https://") || text.starts_with("http://")) {
        #[cfg(feature = "online")]
        Some(url) => verify_record(&online::download(url, wanted.json).map_err(text)?, wanted),
        #[cfg(not(feature = "online"))]
        Some(_) => {
            Err("this build has no feature `online`: download the files and give their folder".to_owned())
        }
        None => verify_record(&Folder::open(target).map_err(text)?, wanted),
    }
}

fn verify_record(files: &dyn Files, wanted: &Wanted) -> Result<ExitCode, String> {
    let files = Progress::new(files, wanted.json);
    let desk = Desk { memory: wanted.memory, scratch: &TemporaryFiles };
    let report = match &wanted.key {
        Some(key) => verify::verify_signed_by(key, desk, &files),
        None => verify::verify_on(desk, &files),
    };
    files.finish();
    let report = report.map_err(text)?;
    if wanted.json { say(report.to_json()) } else { say(&report) }.map_err(text)?;
    Ok(if report.matches { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn selftest() -> Result<ExitCode, String> {
    let cases = tamper::catalogue();
    let mut caught = 0;
    for (number, case) in (1..).zip(&cases) {
        let catch = case.run().map_err(|error| error.to_string())?;
        let verdict = match &catch {
            Catch::Caught => "PASS",
            _ => "FAIL",
        };
        say(format_args!("{number:02} {verdict}  {case}")).map_err(text)?;
        match catch {
            Catch::Caught => caught += 1,
            Catch::Missed(by) => {
                say(format_args!("         caught by {}", by.unwrap_or("nothing"))).map_err(text)?;
            }
            Catch::Unmade => say("         could not be made").map_err(text)?,
        }
    }
    let all = cases.len();
    say(format_args!("{caught} of {all} tamperings were caught by the check that must catch them"))
        .map_err(text)?;
    Ok(if caught == cases.len() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What a record is drawn from. Whether it matches is the business of `verify`.
fn drawn_from(dir: &Path) -> Result<(Rules, Pool, Digest), String> {
    let (rules, draw_seed) = seeded_by(dir)?;
    let pool = Pool::read(&rules, pool_of(dir)?).map_err(|error| wrong(dir, record::POOL, &error))?;
    Ok((rules, pool, draw_seed))
}

/// The rules and the draw seed of a record.
fn seeded_by(dir: &Path) -> Result<(Rules, Digest), String> {
    let read = |name: &str| folder::read_file(dir, name).map_err(text);
    let rules = Rules::parse(&read(record::RULES)?).map_err(|error| wrong(dir, record::RULES, &error))?;
    let seed = String::from_utf8(read(record::SEED_INPUT)?);
    let seed = seed.map_err(|error| wrong(dir, record::SEED_INPUT, &error))?;
    let seed = SeedInput::parse(&seed).map_err(|error| wrong(dir, record::SEED_INPUT, &error))?;
    Ok((rules, seed.draw_seed()))
}

fn pool_of(dir: &Path) -> Result<impl BufRead, String> {
    folder::open_regular(&dir.join(record::POOL)).map(BufReader::new).map_err(text)
}

fn wrong(dir: &Path, name: &str, error: &dyn Display) -> String {
    format!("{}: {error}", dir.join(name).display())
}

/// What was published after the draw, if anything was.
fn happened(dir: &Path) -> Result<Vec<Happened>, String> {
    let (offers, journal) = (dir.join(record::OFFERS), dir.join(record::AFTER_JOURNAL));
    if !offers.exists() || !journal.exists() {
        return Ok(Vec::new());
    }
    let open = |path: &Path| folder::open_regular(path).map(BufReader::new).map_err(text);
    let mut blocks = after::read(open(&offers)?);
    let mut happened = Vec::new();
    for logged in excerpt::read(open(&journal)?) {
        match logged.map_err(|error| format!("{}: {error}", journal.display()))?.event.act {
            Act::Shifted { from, seconds, .. } => happened.push(Happened::Shifted(from, seconds)),
            Act::Extended { from, until, seconds, .. } => {
                happened.push(Happened::Extended(from, until, seconds));
            }
            Act::Offered { .. } => {
                let block = blocks.next().transpose();
                let block = block.map_err(|error| format!("{}: {error}", offers.display()))?;
                happened.extend(block.map(|block| Happened::Offered(block.facts)));
            }
            _ => {}
        }
    }
    Ok(happened)
}

fn root_of(path: &Path) -> io::Result<Digest> {
    let file = BufReader::with_capacity(1 << 16, File::open(path).map_err(at(path))?);
    merkle::digest_and_root(file).map(|(_, root)| root).map_err(at(path))
}
