//! `jebi-audit`: recomputes a published draw. Every command prints its one answer.
//!
//! Exit codes are part of the interface: 0 it matches, 1 it does not, 2 it could not be read or
//! the command line makes no sense.

mod folder;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use public_audit::seed::SeedInput;
use public_audit::tamper::{self, Catch};
use public_audit::{Digest, Pool, Receipt, Rules, beacon, explain, lot, merkle, record, sample, verify};

use folder::Folder;

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
        /// The folder with the record.
        dir: PathBuf,
        /// Print one JSON object instead.
        #[arg(long)]
        json: bool,
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
            eprintln!("jebi-audit: {reason}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Verify { dir, json } => return verify_folder(&dir, json),
        Command::Explain { dir, receipt } => {
            let (rules, pool, draw_seed) = drawn_from(&dir)?;
            return match explain::explain(&rules, &pool, &draw_seed, &receipt) {
                Ok(told) => {
                    print!("{told}");
                    Ok(ExitCode::SUCCESS)
                }
                Err(reason) => {
                    eprintln!("jebi-audit: {reason}");
                    Ok(ExitCode::from(1))
                }
            };
        }
        Command::Sample { dir, count } => {
            let (_, pool, draw_seed) = drawn_from(&dir)?;
            for receipt in sample::sample(&pool, &draw_seed, count) {
                println!("{receipt}");
            }
        }
        Command::Selftest => return selftest(),
        Command::Receipt { round, salt, person } => {
            let receipt = Receipt::derive(&round, salt.as_bytes(), &person);
            println!("{}", receipt.map_err(|error| error.to_string())?);
        }
        Command::Root { file } => println!("{}", root_of(&file)?),
        Command::Beacon { round, signature, public_key } => {
            return match beacon::verify(&public_key, round, &signature) {
                Ok(randomness) => {
                    println!("{randomness}");
                    Ok(ExitCode::SUCCESS)
                }
                Err(reason) => {
                    eprintln!("jebi-audit: {reason}");
                    Ok(ExitCode::from(1))
                }
            };
        }
        Command::Lot { seed, receipt, weight } => println!("{}", lot::lot(&seed, &receipt, weight)),
    }
    Ok(ExitCode::SUCCESS)
}

fn verify_folder(dir: &Path, json: bool) -> Result<ExitCode, String> {
    let unreadable = |error| format!("{}: {error}", dir.display());
    let folder = Folder::open(dir).map_err(unreadable)?;
    let report = verify::verify(&folder).map_err(unreadable)?;
    folder.finish();
    if json {
        println!("{}", report.to_json());
    } else {
        println!("{report}");
    }
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
        println!("{number:02} {verdict}  {case}");
        match catch {
            Catch::Caught => caught += 1,
            Catch::Missed(by) => println!("         caught by {}", by.unwrap_or("nothing")),
            Catch::Unmade => println!("         could not be made"),
        }
    }
    println!("{caught} of {} tamperings were caught by the check that must catch them", cases.len());
    Ok(if caught == cases.len() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What a record is drawn from. Whether it matches is the business of `verify`.
fn drawn_from(dir: &Path) -> Result<(Rules, Pool, Digest), String> {
    let at = |name: &str, error: String| format!("{}: {error}", dir.join(name).display());
    let read = |name: &str| fs::read(dir.join(name)).map_err(|error| at(name, error.to_string()));
    let rules = Rules::parse(&read(record::RULES)?).map_err(|error| at(record::RULES, error.to_string()))?;
    let pool = File::open(dir.join(record::POOL)).map_err(|error| at(record::POOL, error.to_string()))?;
    let pool = Pool::read(&rules, BufReader::new(pool));
    let pool = pool.map_err(|error| at(record::POOL, error.to_string()))?;
    let seed = String::from_utf8(read(record::SEED_INPUT)?).map_err(|error| error.to_string());
    let seed = seed.and_then(|seed| SeedInput::parse(&seed).map_err(|error| error.to_string()));
    let seed = seed.map_err(|error| at(record::SEED_INPUT, error))?;
    Ok((rules, pool, seed.draw_seed()))
}

fn root_of(path: &Path) -> Result<Digest, String> {
    use std::io::BufRead as _;

    let unreadable = |error| format!("{}: {error}", path.display());
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
    let (mut tree, mut line) = (merkle::Builder::new(), Vec::new());
    while file.read_until(b'\n', &mut line).map_err(unreadable)? > 0 {
        tree.push_line(line.strip_suffix(b"\n").unwrap_or(&line));
        line.clear();
    }
    Ok(tree.root())
}
