//! Easy Korean is a language of its own: what residents read in it is written for whoever reads with effort. Where it
//! says the same as the official Korean, there is a reason, and it stands here.

use std::collections::{BTreeMap, BTreeSet};

use super::texts::FILES;

/// What only staff read. Clerks work in the language of their office.
const STAFF: [&str; 17] = [
    "because-",
    "ceremony",
    "compare-",
    "console-",
    "counter-",
    "ending-staff",
    "exports",
    "live-",
    "notices-",
    "problem-",
    "purchases",
    "reconcile",
    "rosters",
    "sellers",
    "statistics",
    "team",
    "wizard-",
];

/// Of the counter, what stands on the slip or is read out to whoever came.
const AT_COUNTERS: [&str; 8] = [
    "counter-entered",
    "counter-come-again",
    "counter-not-yet",
    "counter-second-time",
    "counter-consent-items",
    "counter-consent-refuse",
    "counter-on-paper",
    "counter-published-text",
];

/// Of what is wrong, the pages that residents come to. The rest is wrong with a draft.
const PROBLEMS: [&str; 17] = [
    "problem-bad-request",
    "problem-closed",
    "problem-door-away",
    "problem-door-declined",
    "problem-door-spent",
    "problem-door-unproven",
    "problem-form-too-old",
    "problem-internal",
    "problem-next-",
    "problem-not-found",
    "problem-not-open",
    "problem-nothing-lost",
    "problem-number",
    "problem-reference",
    "problem-signed-out",
    "problem-too-",
    "problem-wrong-method",
];

/// Why, and what.
const SAME: [(&str, &[&str]); 4] = [
    (
        "a number, a time or a name with a unit",
        &[
            "gate-closed",
            "mail-receipt",
            "mail-sender",
            "mine-rank-text",
            "mine-seats-text",
            "mine-until-text",
            "pool-line-text",
            "round-entrants-text",
            "round-places",
            "busy-seconds",
            "value-household",
            "why-rank",
        ],
    ),
    (
        "a word of every day, and there is none that is easier",
        &[
            "birth-year-label",
            "channel-email",
            "code-submit",
            "details-submit",
            "email-label",
            "field-age-band",
            "group-all",
            "identity-or",
            "part-am",
            "part-eve",
            "part-pm",
            "people-name",
            "people-remove",
            "phone-label",
            "privacy-erased",
            "privacy-erases",
            "roster-name",
            "schedule-next",
            "sent-day",
            "sent-nothing",
            "sent-submit",
            "status-not-yet",
            "status-your-turn",
            "value-even",
            "value-odd",
            "why-own",
            "wish-then",
        ],
    ),
    (
        "what a button or a page is called, so that two people can talk about it",
        &[
            "check-submit",
            "mine-heading",
            "mine-receipt",
            "people-code",
            "people-open",
            "round-my",
            "round-start",
        ],
    ),
    ("short and plain as it is", &["how-1", "how-3", "no-entry-announced", "round-not-yet", "round-until"]),
];

/// Key → text, with the lines that belong to it.
fn texts(file: &str) -> BTreeMap<&str, String> {
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    let mut key = "";
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('=') {
            Some((name, text)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                key = name.trim();
                found.insert(key, text.trim().to_owned());
            }
            _ => found.entry(key).or_default().push_str(line),
        }
    }
    found.remove("");
    found
}

#[test]
fn what_residents_read_in_easy_korean_is_easy_korean() {
    let [(_, _, korean), (_, _, easy), _] = FILES;
    let (korean, easy) = (texts(korean), texts(easy));
    let any = |of: &[&str], key: &str| of.iter().any(|prefix| key.starts_with(prefix));
    let of_staff = |key: &str| any(&STAFF, key) && !any(&AT_COUNTERS, key) && !any(&PROBLEMS, key);
    let same: BTreeSet<&str> = easy
        .iter()
        .filter(|(key, text)| korean.get(*key) == Some(*text) && !of_staff(key))
        .map(|(key, _)| *key)
        .collect();
    let listed: BTreeSet<&str> = SAME.iter().flat_map(|(_, keys)| *keys).copied().collect();
    let missing: Vec<_> = same.difference(&listed).collect();
    assert!(missing.is_empty(), "official Korean where easy Korean is promised: {missing:?}");
    let other: Vec<_> = listed.difference(&same).collect();
    assert!(other.is_empty(), "listed as the same, and not: {other:?}");
    // Nothing promises a number of digits that grows when somebody guesses.
    for (key, text) in easy.iter().filter(|(key, _)| !of_staff(key)) {
        for promised in ["숫자 6", "6자리", "여섯 자리", "숫자 여섯"] {
            assert!(!text.contains(promised), "{key} = {text}");
        }
    }
}
