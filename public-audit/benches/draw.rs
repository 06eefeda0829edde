//! The root, the ranks and the whole draw against a bare loop over the same bytes, in one run:
//!
//! ```text
//! cargo bench -p public-audit --bench draw -- --entries 10000000
//! cargo bench -p public-audit --bench draw -- --entries 4300000 --record DIR --batches 2000
//! ```
//!
//! The bare loop does what cannot be avoided and nothing else: a SHA-256 of every line and of every
//! node, one of every lot key, a ChaCha20 block, and a sort; on all cores, as the library does. Only
//! the ratios mean anything on a shared machine. Memory is that of the whole process, and before the bare
//! loop it holds no text: the pool comes from a file, as to the service from its database and to a verifier
//! from a record. With `--record`, a whole record is written instead, whose entries came in that many
//! batches, to measure `jebi-audit verify DIR`.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, missing_docs)]

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use public_audit::after::{Course, Fact, FactKind, Offer, Place};
use public_audit::draw::{LongError, long};
use public_audit::rules::{Mode, Rules};
use public_audit::scratch::Desk;
use public_audit::{Digest, Pool, draw, merkle, result};
use sha2::{Digest as _, Sha256};

#[path = "../tests/common/mod.rs"]
mod common;
mod record;

use record::cost::{Cost, memory, ratio, rows, timed};
use record::tapes::Tapes;
use record::{argument, bare, big, grouped, is_markdown, write_record};

/// What a draw may take of memory, in MiB.
const AIM: u64 = 1024;
/// What `long` is given, in MiB.
const DESK: usize = 64;
const SEED: Digest = Digest([9; 32]);

/// An offer after the first day, on which every fifth missed.
fn offer(rules: &Rules, mut course: Course, n: usize) -> Cost {
    course.offer(&[]).unwrap();
    let at = rules.after.as_ref().unwrap().offers_at[1];
    let missed = |(receipt, place)| match place {
        Place::Placed { until, .. } if until <= at => Some(Fact { receipt, kind: FactKind::Missed }),
        _ => None,
    };
    let facts: Vec<Fact> = course.places().filter_map(missed).step_by(5).collect();
    let (offer, cost) = timed(&format!("offer: {} missed", facts.len()), n, || course.offer(&facts).unwrap());
    let text = offer.to_text();
    timed("offer: read", n, || assert_eq!(Offer::parse(&text).unwrap(), offer));
    cost
}

/// What we do, in the order in which a round does it, with the pool in a file.
struct Ours {
    root: Digest,
    pool: Cost,
    draw: Cost,
    result: Cost,
    course: Cost,
    offer: Cost,
    long: Cost,
}

fn ours(rules: &Rules, file: &Path, n: usize) -> Ours {
    let open = || BufReader::with_capacity(1 << 16, File::open(file).unwrap());
    let (pool, our_pool) =
        timed("pool read: strict, digest and root", n, || Pool::read(rules, open()).unwrap());
    let (drawn, our_draw) =
        timed("draw: lots, ranks, shares, slots, minutes", n, || draw(rules, &pool, &SEED).unwrap());
    let (_, result) = timed("result root", n, || result::root(rules, &drawn));
    let assigned = drawn.rows().filter(|row| row.assignment.is_some()).count() as u64;
    drop(drawn);
    let (course, our_course) =
        timed("course: drawn, and where everybody is", n, || Course::new(rules, &pool, &SEED).unwrap());
    let root = pool.root();
    let offer = offer(rules, course, n);
    drop(pool);
    let scratch = Tapes(file.parent().unwrap().to_owned());
    let desk = Desk { memory: DESK << 20, scratch: &scratch };
    let (told, long) = timed(&format!("long: pool read and drawn in {DESK} MiB and files"), n, || {
        long::<LongError>(rules, open(), &SEED, desk, |_| Ok(())).unwrap()
    });
    assert_eq!(told.assigned, assigned);
    Ours { root, pool: our_pool, draw: our_draw, result, course: our_course, offer, long }
}

fn main() {
    let number = |name: &str| argument(name).map(|text| text.parse::<usize>().unwrap());
    let n = number("--entries").unwrap_or(1_000_000);
    let mut rules = common::rules(Mode::Share);
    rules.after = Some(common::after());
    let text = big(&mut rules, n);
    if let Some(dir) = argument("--record") {
        let pool = Pool::parse(&rules, text.as_bytes()).unwrap();
        return write_record(&rules, &pool, number("--batches").unwrap_or(100), Path::new(&dir));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("draw-pool.txt");
    fs::write(&file, &text).unwrap();
    let mib = text.len() >> 20;
    drop(text);
    eprintln!("{n} entries, {mib} MiB of text in a file, {} MiB in memory", memory("VmRSS"));
    let ours = ours(&rules, &file, n);
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();

    let (root, our_root) = timed("root_of_lines, of the text", n, || merkle::root_of_lines(text.as_bytes()));
    // Finding the lines is part of the bare loop, too.
    let (lines, bare_lines) = timed("bare: lines", n, || text.lines().collect::<Vec<_>>());
    let (found, bare_root) = timed("bare: SHA-256 of lines and nodes", n, || bare::root(&lines));
    assert_eq!((ours.root, root), (Digest(found), Digest(found)));
    let (_, bare_digest) = timed("bare: SHA-256 of the text (one core)", n, || Sha256::digest(&text));
    let (_, bare_ranks) = timed("bare: SHA-256, ChaCha20 block and sort", n, || bare::ranks(&lines));
    let measured = rows();
    let bare_root = bare_lines + bare_root;
    ratio("course (bare is the draw)", ours.course, ours.draw);
    ratio("an offer (bare is the draw)", ours.offer, ours.draw);
    ratio("root", our_root, bare_root);
    ratio("draw, of which the ranks are bare", ours.draw, bare_ranks);
    ratio("root and draw", our_root + ours.draw, bare_root + bare_ranks);
    ratio("pool (strict, digest, root)", ours.pool, bare_root + bare_digest);
    ratio("pool and draw", ours.pool + ours.draw, bare_root + bare_digest + bare_ranks);
    ratio("long (bare is pool and draw)", ours.long, ours.pool + ours.draw);
    let ratios = rows();
    let most = [
        ("pool and draw, and the result's root", ours.pool + ours.draw + ours.result),
        ("pool, draw, course and offer", ours.pool + ours.draw + ours.course + ours.offer),
        ("long", ours.long),
    ]
    .map(|(what, cost)| format!("| {what} | {} MiB | {AIM} MiB |", cost.most));
    most.iter().for_each(|row| eprintln!("{row}"));
    if is_markdown() {
        println!("### The draw of {} entries against a bare loop\n", grouped(n as u64));
        println!(
            "\"Bare\" hashes, draws and sorts the same bytes and does nothing else. Ratios are of one run: below 2 is the goal.\n"
        );
        println!("| | wall | processors |\n| --- | ---: | ---: |\n{ratios}\n");
        println!(
            "Memory is that of the whole process at its most (`VmHWM`): entries, what is drawn, buffers and code. The pool's \
             text, {mib} MiB, is not among it, since nobody who draws holds it: lines come from a database or a file and \
             32 bytes of each are kept. Only the bare loop needs the text. The mode is `share`; \
             of mode `lottery` 8 bytes more of each are kept. An offer of a million is held twice, and as text, when it \
             is read again and compared. Whoever has less memory draws with `long`, as \
             `jebi-audit verify` does.\n"
        );
        println!("| | memory at most | aim at 10,000,000 |\n| --- | ---: | ---: |\n{}\n", most.join("\n"));
        println!(
            "| step | wall | processors | an entry | memory before | at most |\n| --- | ---: | ---: | ---: | ---: | ---: |\n{measured}"
        );
    }
}
