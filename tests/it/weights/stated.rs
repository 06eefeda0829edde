//! What `docs/pages.md` states, against what was seen.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use jebi::web;

use super::Seen;

/// With everything it loads, the first time.
const HEAVIEST: usize = 50_000;
/// The program that recomputes a draw in a browser is a page, too: one file that works from a USB stick.
const PROGRAM: &str = "/rounds/{slug}/verify";

const STATED: &str = include_str!("../../../docs/pages.md");

/// A line of the table: verb, address, questions, kilobytes.
fn stated() -> BTreeMap<(String, String), (u64, Option<usize>)> {
    let lines = STATED.lines().filter(|line| line.starts_with("| GET |") || line.starts_with("| POST |"));
    let read = lines.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [verb, address, questions, kilobytes] = cells[..] else { panic!("{line}: four cells") };
        let address = (verb.to_owned(), address.trim_matches('`').to_owned());
        let kilobytes = (kilobytes != "–").then(|| kilobytes.parse().unwrap());
        (address, (questions.parse().unwrap(), kilobytes))
    });
    read.collect()
}

type Most<'s> = BTreeMap<&'s (String, String), (u64, Option<usize>)>;

/// The most of each address.
pub(super) fn most(seen: &[Seen]) -> Most<'_> {
    let mut most = Most::new();
    for seen in seen.iter().filter(|seen| !is_of_other_staff(&seen.address.1)) {
        let most = most.entry(&seen.address).or_default();
        *most = (most.0.max(seen.questions), most.1.max(seen.weight));
    }
    most
}

/// Everything that was seen, against what is stated.
pub(super) fn judge(seen: &[Seen]) {
    let most = most(seen);
    let of_counter =
        web::console::routes().into_iter().filter(|route| route.path.starts_with("/console/counter"));
    let of_counter = of_counter.map(|route| (route.method.to_string(), route.path.to_owned()));
    let of_residents =
        web::addresses().into_iter().map(|address| (address.method.to_string(), address.path.to_owned()));
    let there: BTreeSet<(String, String)> = of_residents.chain(of_counter).collect();
    let written: BTreeSet<(String, String)> = stated().keys().cloned().collect();
    let looked_at: BTreeSet<(String, String)> = most.keys().map(|address| (*address).clone()).collect();
    assert_eq!(there, written, "addresses, and lines of docs/pages.md; measured:\n{}", table(&most));
    assert_eq!(there, looked_at, "addresses, and those this test looked at");
    within(&most);
    // What a form did is answered by the page it leads to, but for what `docs/pages.md` names.
    let posted = seen.iter().filter(|seen| seen.address.0 == "POST" && seen.status == StatusCode::OK);
    let answered: BTreeSet<&str> =
        posted.map(|seen| seen.address.1.as_str()).filter(|path| !is_of_other_staff(path)).collect();
    let (_, named) = STATED.split_once("| a POST answered by itself").unwrap();
    let named = named.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(answered, named.collect(), "answered 200, and those of docs/pages.md");
}

/// As it stands in `docs/pages.md`.
fn table(most: &Most<'_>) -> String {
    let line = |((verb, path), (questions, weight)): (&&(String, String), &(u64, Option<usize>))| {
        let kilobytes = weight.map_or("–".to_owned(), |weight| weight.div_ceil(1_000).to_string());
        format!("| {verb} | `{path}` | {questions} | {kilobytes} |")
    };
    most.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What each address cost at most, against what is stated of it.
pub(super) fn within(most: &Most<'_>) {
    let (stated, table) = (stated(), table(most));
    for (address, (questions, weight)) in most {
        let (may_ask, may_weigh) = stated[*address];
        assert!(
            *questions <= may_ask,
            "{address:?} asks {questions} times, {may_ask} are stated; measured:\n{table}"
        );
        let Some(weight) = weight else { continue };
        let kilobytes = may_weigh.unwrap_or_else(|| panic!("{address:?} is a page; measured:\n{table}"));
        assert!(*weight <= kilobytes * 1_000, "{address:?} weighs {weight} bytes; measured:\n{table}");
        assert!(*weight <= HEAVIEST || address.1 == PROGRAM, "{address:?} weighs {weight} bytes");
    }
}

/// Signing in and the way to a counter are not what is measured here.
fn is_of_other_staff(path: &str) -> bool {
    path.starts_with("/console") && !path.starts_with("/console/counter")
}
