//! `jebi check-config`: what a server would start with, and what is wrong with it.

use std::process::ExitCode;

use crate::config::{Loaded, Overrides};

/// Prints the effective configuration; 0 if a server would start with it, 2 if not.
pub fn run(overrides: &Overrides) -> ExitCode {
    let loaded = Loaded::from_process(overrides);
    println!("{loaded}");
    for warning in loaded.warnings() {
        eprintln!("WARNING: {warning}");
    }
    match loaded.problems() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
