//! The `jebi` binary.

use std::process::ExitCode;

use clap::Parser;
use jebi::cli::{Cli, run};

fn main() -> ExitCode {
    run(Cli::parse())
}
