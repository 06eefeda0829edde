//! A whole round for everybody on a roster, from the file to the result in the database, compared with reading the same
//! file, hashing each line and inserting it, in the same run.
//!
//! `cargo bench --bench roster -- [--sizes 10000,100000,1000000,4300000] [--postgres URL] [--json]`
//!
//! Prints a section in Markdown, as `benches/run roster` keeps it. Memory is the peak of this process within each
//! step; that of a PostgreSQL is not counted. What others wait is the longest that somebody who writes to the
//! journal meanwhile has to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod comparison;
mod people;
#[path = "../support/promises.rs"]
mod promises;
mod round;
mod table;
mod waits;

use std::path::PathBuf;

use clap::Parser;
use tokio::runtime::Runtime;

#[derive(Debug, Parser)]
struct Options {
    /// People on the roster
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000, 4_300_000])]
    sizes: Vec<u64>,
    /// On this PostgreSQL, in a schema of its own, instead of SQLite
    #[arg(long)]
    postgres: Option<String>,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print JSON, a line each size
    #[arg(long)]
    json: bool,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    tracing_subscriber::fmt().with_env_filter("warn,sqlx=error").with_writer(std::io::stderr).init();
    let runtime = Runtime::new().expect("a runtime");
    let mut sizes = Vec::new();
    for count in &options.sizes {
        let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
        let measured = runtime.block_on(round::measure(*count, folder.path(), options.postgres.as_deref()));
        if options.json {
            println!("{}", table::json(&measured));
        }
        eprintln!("{}", table::json(&measured));
        sizes.push(measured);
    }
    if !options.json {
        let promises = options.postgres.as_deref().map(|url| runtime.block_on(promises::said(url)));
        print!("{}", table::markdown(promises.as_deref(), &sizes));
    }
}
