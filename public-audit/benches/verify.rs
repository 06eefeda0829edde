//! What `jebi-audit verify` takes for records of different sizes:
//!
//! ```text
//! cargo bench -p public-audit --bench verify -- --sizes 20000,200000,4300000 --markdown
//! ```
//!
//! The peak is what Linux calls `VmHWM`: all that the process ever had in memory at once, its code too. The floor is
//! measured in the same run, of the same files: what nobody who checks a record can avoid.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, missing_docs)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use public_audit::record::POOL;
use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Pool};
use sha2::{Digest as _, Sha256};

#[path = "../tests/common/mod.rs"]
mod common;
mod record;

use record::cost::timed;
use record::{argument, bare, big, grouped, is_markdown, write_record};

/// The floor is done again and again for so long, and what one takes is the mean: processor time is counted in hundredths.
const FLOOR: Duration = Duration::from_millis(500);
/// Offers make everybody's place lie in memory: they are measured with fewer.
const MOST_WITH_OFFERS: usize = 1_000_000;

struct Taken {
    wall: f64,
    cpu: f64,
    /// KiB.
    peak: u64,
}

/// What the kernel says of a process that still runs: seconds of processor time, and the peak in KiB.
fn seen(child: &Child) -> Option<(f64, u64)> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(((ticks(11)? + ticks(12)?) / 100.0, peak.split_whitespace().next()?.parse().ok()?))
}

fn verify(dir: &Path) -> Taken {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
    let begun = Instant::now();
    let mut child = command.arg("verify").arg(dir).stdout(Stdio::null()).spawn().unwrap();
    let (mut cpu, mut peak) = (0.0, 0);
    let status = loop {
        if let Some(now) = seen(&child) {
            (cpu, peak) = now;
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{}", dir.display());
    Taken { wall: begun.elapsed().as_secs_f64(), cpu, peak }
}

/// Seconds of processors: every byte of every file hashed, as `sha256sum` does, and the bare draw of the pool's lines.
fn floor(dir: &Path, root: Digest, n: usize) -> f64 {
    let mut times = 0.0;
    let (_, cost) = timed("floor, again and again", n, || {
        let begun = Instant::now();
        while begun.elapsed() < FLOOR {
            for file in files(dir) {
                black_box(sha256(&file));
            }
            let text = fs::read_to_string(dir.join(POOL)).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(Digest(bare::root(&lines)), root);
            black_box(bare::ranks(&lines));
            times += 1.0;
        }
    });
    cost.cpu / times
}

fn sha256(file: &Path) -> [u8; 32] {
    let (mut hash, mut file, mut buffer) = (Sha256::new(), File::open(file).unwrap(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).unwrap() {
            0 => return hash.finalize().into(),
            read => hash.update(&buffer[..read]),
        }
    }
}

fn files(dir: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(dir).unwrap().map(|file| file.unwrap().path())
}

fn folder() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verify-bench");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn size_of(dir: &Path) -> u64 {
    files(dir).map(|file| file.metadata().unwrap().len()).sum()
}

/// Rules and pool of this size.
fn round(mode: Mode, n: usize) -> (Rules, Pool) {
    let mut rules = common::rules(mode);
    rules.after = Some(common::after());
    let text = big(&mut rules, n);
    for reserve in &mut rules.reserves {
        reserve.places = n as u64 / 4;
    }
    let pool = Pool::parse(&rules, text.as_bytes()).unwrap();
    (rules, pool)
}

fn write_with_offers(rules: &Rules, pool: &Pool, dir: &Path) {
    let files: BTreeMap<String, Vec<u8>> = common::course::record_after(rules, pool, 3);
    files.iter().for_each(|(name, bytes)| fs::write(dir.join(name), bytes).unwrap());
}

fn main() {
    let sizes = argument("--sizes").unwrap_or_else(|| "20000,200000".to_owned());
    let sizes: Vec<usize> = sizes.split(',').map(|size| size.parse().unwrap()).collect();
    let batches = argument("--batches").map_or(2000, |text| text.parse().unwrap());
    let mut rows = Vec::new();
    for (what, mode, offers) in [
        ("share", Mode::Share, false),
        ("lottery, three reserves", Mode::Lottery, false),
        ("share, and three offers after the draw", Mode::Share, true),
    ] {
        for n in sizes.iter().copied().filter(|n| !offers || *n <= MOST_WITH_OFFERS) {
            let dir = folder();
            let root = {
                let (rules, pool) = round(mode, n);
                if offers {
                    write_with_offers(&rules, &pool, &dir);
                } else {
                    write_record(&rules, &pool, batches, &dir);
                }
                pool.root()
            };
            let (bytes, taken, floor) = (size_of(&dir), verify(&dir), floor(&dir, root, n));
            let (n, peak, size) = (grouped(n as u64), taken.peak as f64 / 1024.0, bytes >> 20);
            let times = taken.cpu / floor;
            eprintln!(
                "{what}: {n} entries, {size} MiB: peak {peak:.1} MiB, {:.2} s, processors {:.2} s, floor {floor:.3} s, \
                 {times:.1} ×",
                taken.wall, taken.cpu
            );
            rows.push(format!(
                "| {what} | {n} | {size} MiB | {peak:.1} MiB | {:.1} s | {:.2} s | {floor:.3} s | {times:.1} |",
                taken.wall, taken.cpu
            ));
            fs::remove_dir_all(&dir).unwrap();
        }
    }
    if is_markdown() {
        println!("### What `jebi-audit verify` takes\n");
        println!(
            "The peak must not grow with the entries, but for offers, which hold everybody's place. The floor, in the same run \
             and of the same files: every byte of every file hashed, as `sha256sum -c manifest.txt` does, and of each line of \
             the pool what the bare loop of the draw does (leaf, nodes, lot, sort). × floor is of processor time; beyond the \
             floor every line is read as strictly as the specification says, the journal checked, and the result compared.\n"
        );
        println!("| round | entries | record | peak | wall | processors | floor | × floor |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n{}", rows.join("\n"));
    }
}
