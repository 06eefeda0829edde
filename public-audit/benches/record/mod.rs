//! Large rounds and their records, for measuring.
#![allow(dead_code)]

pub mod bare;
pub mod cost;
pub mod tapes;

use std::path::Path;

use public_audit::journal::plain::{Plain, entered};
use public_audit::journal::{Act, Batch, Event};
use public_audit::record::Pulse;
use public_audit::rules::Rules;
use public_audit::{Digest, Pool, merkle};

use crate::common;

/// The value of `--name`.
pub fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

/// Whether Markdown is asked for.
pub fn is_markdown() -> bool {
    std::env::args().any(|argument| argument == "--markdown")
}

/// `4300000` as `4,300,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.join(",")
}

/// Changes rules so that there is room and money for so many entries, and writes their pool.
pub fn big(rules: &mut Rules, n: usize) -> String {
    rules.goods.budget = n as u64 * 150_000;
    for slot in rules.slots.iter_mut().chain(rules.after.iter_mut().flat_map(|after| &mut after.catch_up)) {
        slot.capacity = u32::try_from(n).unwrap();
    }
    let mut numbers = common::Numbers(1);
    let mut receipts: Vec<[u8; 10]> = (0..n)
        .map(|_| {
            let bytes = [numbers.next().to_be_bytes(), numbers.next().to_be_bytes()].concat();
            bytes[..10].try_into().unwrap()
        })
        .collect();
    receipts.sort_unstable();
    let mut text = String::new();
    for (at, receipt) in receipts.into_iter().enumerate() {
        let receipt = public_audit::Receipt::from_bytes(receipt);
        let (want, household) = (10_000 * (1 + at % 25), 1 + at % 4);
        text += &format!(
            "{receipt} seats=1 want={want} weight=1 household={household} region=jungang wish=eve+am\n"
        );
    }
    text
}

/// Gives a log as many batches; every tenth entry changes once, as people change their minds.
fn in_batches(log: &mut Plain, pool: &Pool, count: usize) {
    let leaves = pool.leaves();
    let draft = |leaf: &Digest| merkle::leaf(&leaf.0);
    let mut batches = Vec::new();
    let mut before: &[Digest] = &[];
    for (number, part) in (1..).zip(leaves.chunks(leaves.len().div_ceil(count))) {
        let drafts = part.iter().step_by(10);
        let (added, removed) = (part.iter().skip(1).copied(), before.iter().step_by(10).map(draft));
        let late = before.first().copied();
        batches.push(Batch {
            number,
            added: added.chain(drafts.map(draft)).chain(late).collect(),
            removed: removed.collect(),
        });
        before = part;
    }
    let last = batches.len() as u64 + 1;
    let removed = before.iter().step_by(10).map(draft).collect();
    batches.push(Batch { number: last, added: before.first().copied().into_iter().collect(), removed });
    let first = log.events.iter().position(|event| matches!(event.act, Act::Entered { .. })).unwrap();
    let begun = log.events[first].clone();
    log.events.retain(|event| !matches!(event.act, Act::Entered { .. }));
    let event = |batch: &Batch| Event { act: entered(batch), ..begun.clone() };
    log.events.splice(first..first, batches.iter().map(event));
    log.batches = batches;
}

/// Writes a whole record, whose entries came in so many batches.
pub fn write_record(rules: &Rules, pool: &Pool, batches: usize, dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let change = |log: &mut Plain| in_batches(log, pool, batches);
    for (name, bytes) in common::record_of(rules, pool, None, &Pulse::None {}, change) {
        std::fs::write(dir.join(name), bytes).unwrap();
    }
}
