//! What `rules.json` and pool lines refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::at;
use public_audit::beacon::QUICKNET_PUBLIC_KEY;
use public_audit::pool::PoolError;
use public_audit::rules::{Beacon, Match, Mode, Rules, RulesError};
use public_audit::{Digest, Entry, Instant, Pool};

fn refused(json: &str) -> String {
    match Rules::parse(json.as_bytes()) {
        Err(RulesError::Form(reason)) => reason,
        other => panic!("{other:?} for {json}"),
    }
}

#[test]
fn the_form_is_strict() {
    let json = common::rules(Mode::Lottery).to_json();
    assert!(json.ends_with("}\n"));
    let changed = |from: &str, to: &str| {
        assert!(json.contains(from), "{from}");
        refused(&json.replacen(from, to, 1))
    };
    assert!(changed("\"number\": 1", "\"number\": 1, \"number\": 2").contains("duplicate"));
    assert!(changed("\"number\": 1", "\"number\": 1, \"extra\": 2").contains("unknown"));
    assert!(changed("\"number\": 1,", "").contains("missing"));
    assert!(changed("\"spill\": null", "\"spill\": null, \"spil\": null").contains("unknown"));
    assert!(changed("\"unit\": 10000", "\"unit\": 10000.0").contains("expected u64"));
    assert!(changed("\"unit\": 10000", "\"unit\": -1").contains("expected u64"));
    assert!(changed("\"kind\": \"none\"", "\"kind\": \"none\", \"x\": 1").contains("unknown"));
    assert!(changed("\"kind\": \"none\"", "\"kind\": \"other\"").contains("unknown variant"));
    let twice = "\"region\": [\"island\"], \"region\": [\"north\"]";
    let region = "\"region\": [\n          \"island\"\n        ]";
    assert!(changed(region, twice).contains("twice"));
    assert!(changed("jebi-rules-1", "jebi-rules-2").contains("unknown variant"));
    assert!(changed("t-2026-12", "T-2026-12").contains("slug"));
    assert!(changed("t-2026-12", "통영").contains("ASCII"));
    assert!(changed("2026-11-27T09:00:00Z", "2026-11-27T09:00:00+00:00").contains("instant"));
    assert!(refused("").contains("EOF"));
    assert!(refused(&format!("{json}{{}}")).contains("trailing"));
    assert!(!refused(&"[".repeat(100_000)).is_empty());
    assert!(!refused(&"{\"format\":".repeat(100_000)).is_empty());
    assert!(changed(",\n      \"spill\": null", "").contains("left out"));
    let goods = "{\n    \"unit\": 10000,\n    \"budget\": 2345678,\n    \"cap\": 250000\n  }";
    assert!(changed(goods, "[10000, 2345678, 250000]").contains("a list"));
    assert!(refused(&" ".repeat(5 << 20)).contains("larger"));
}

/// Each line: what is done to good rules, and the path that must be named.
#[test]
fn all_problems_are_named() {
    type Change = fn(&mut Rules);
    let cases: &[(&str, Change)] = &[
        ("number", |r| r.number = 0),
        ("goods.unit", |r| r.goods.unit = 0),
        ("goods.cap", |r| r.goods.cap = 10_001),
        ("goods.budget", |r| r.goods.budget = u64::MAX),
        ("fields", |r| r.fields.push("seats".to_owned())),
        ("fields", |r| r.fields.push("Name".to_owned())),
        ("smallest_cell", |r| r.smallest_cell = 0),
        ("parts", |r| r.parts.push("any".to_owned())),
        ("parts", |r| r.parts.push("am".to_owned())),
        ("reserves", |r| r.reserves.clear()),
        ("reserves", |r| r.mode = Mode::Share),
        ("reserves[1]", |r| r.reserves[1].name = "island".to_owned()),
        ("reserves[1].spill", |r| r.reserves[1].spill = Some("island".to_owned())),
        ("reserves[2].spill", |r| r.reserves[2].spill = Some("open".to_owned())),
        ("reserves[0].match", |r| r.reserves[0].matching = common::matching("seats", &["1"])),
        ("reserves[0].match", |r| r.reserves[0].matching = common::matching("region", &[])),
        ("reserves[0].match", |r| r.reserves[0].matching = common::matching("region", &["b", "a"])),
        ("reserves[0].match", |r| r.reserves[0].matching = common::matching("region", &["B"])),
        ("slots", |r| r.slots.clear()),
        ("slots[1]", |r| r.slots[1].name = r.slots[0].name.clone()),
        ("slots[0]", |r| r.slots[0].name = "a b".to_owned()),
        ("slots[0]", |r| r.slots[0].part = "night".to_owned()),
        ("slots[0]", |r| r.slots[0].seconds = 0),
        ("slots[0].cohort", |r| r.slots[0].cohort = common::matching("age", &["1"])),
        ("times.closes_at", |r| r.times.closes_at = r.times.opens_at),
        ("times.seals_at", |r| r.times.seals_at = r.times.opens_at),
        ("times.reveals_at", |r| r.times.reveals_at = r.times.closes_at),
        ("times.pulse_at", |r| r.times.pulse_at = r.times.reveals_at),
        ("times.results_at", |r| r.times.results_at = r.times.reveals_at),
        ("times.results_at", |r| r.times.results_at = r.slots[0].starts_at.plus(1)),
        ("signing_key", |r| r.signing_key = "x+y+z".to_owned()),
        ("goods.cap", |r| r.goods.cap = 100_000_000_000_000),
        ("beacon.source", |r| r.beacon = Beacon::Declared { source: String::new() }),
        ("beacon.source", |r| r.beacon = Beacon::Declared { source: "x".repeat(1001) }),
        ("beacon.source", |r| r.beacon = Beacon::Declared { source: "a\u{7f}".to_owned() }),
        ("beacon.round", |r| r.beacon = chain(r.times.pulse_at.seconds() + 1, 3, 1)),
        ("beacon.period", |r| r.beacon = chain(r.times.pulse_at.seconds(), 1_000_000_001, 1)),
        ("beacon.round", |r| r.beacon = chain(r.times.pulse_at.seconds(), 0, 1)),
    ];
    for (path, change) in cases {
        let mut rules = common::rules(Mode::Lottery);
        assert_eq!(rules.problems(), []);
        change(&mut rules);
        assert!(rules.problems().iter().any(|p| p.path == *path), "{path}: {:?}", rules.problems());
        assert!(matches!(Rules::parse(rules.to_json().as_bytes()), Err(RulesError::Problems(_))));
    }
}

/// The keys that may be left out: what is done to rules that have them, and the path that must be named.
#[test]
fn problems_of_the_optional_keys_are_named() {
    type Change = fn(&mut Rules);
    let cases: &[(&str, Change)] = &[
        ("funds", |r| (r.mode, r.reserves) = (Mode::Share, Vec::new())),
        ("funds", |r| r.fields.push("want".to_owned())),
        ("funds", |r| r.funds[0].per_seat = 99_999_999_999_999),
        ("funds", |r| r.funds = vec![r.funds[0].clone(); 101]),
        ("funds[1]", |r| r.funds[1].name = r.funds[0].name.clone()),
        ("funds[1]", |r| r.funds[1].name = "a b".to_owned()),
        ("funds[1]", |r| r.funds[1].per_seat = 0),
        ("funds[1]", |r| r.funds[1].budget = 0),
        ("funds[1]", |r| r.funds[1].budget = 1_000_000_000_000_001),
        ("funds[1].match", |r| r.funds[1].matching = common::matching("age", &["1"])),
        ("weighting", |r| r.fields.retain(|field| field != "weight")),
        ("weighting.per_miss", |r| r.weighting.as_mut().unwrap().per_miss = 0),
        ("weighting.most", |r| r.weighting.as_mut().unwrap().most = 1001),
        ("weighting.most", |r| r.weighting.as_mut().unwrap().most = 6),
        ("weighting.rounds", |r| r.weighting.as_mut().unwrap().rounds = 1001),
        ("after.offers_at", |r| after(r).offers_at.clear()),
        ("after.offers_at", |r| after(r).offers_at.swap(0, 1)),
        ("after.offers_at", |r| after(r).offers_at[1] = after(r).offers_at[0]),
        ("after.offers_at", |r| r.times.results_at = after(r).offers_at[0]),
        ("after.offers_at", |r| after(r).offers_at = vec![at("2026-12-02T06:00:00Z"); 1001]),
        ("after.lead_seconds", |r| after(r).lead_seconds = 604_801),
        ("after.catch_up[0]", |r| after(r).catch_up[0].name = r.slots[3].name.clone()),
        ("after.catch_up[0]", |r| after(r).catch_up[0].starts_at = at("2026-12-01T23:59:59Z")),
        ("after.catch_up[0]", |r| after(r).catch_up[0].part = "night".to_owned()),
        ("after.catch_up[0].cohort", |r| after(r).catch_up[0].cohort = Match::all()),
    ];
    for (path, change) in cases {
        let mut rules = common::rules_with_all();
        assert_eq!(rules.problems(), []);
        change(&mut rules);
        assert!(rules.problems().iter().any(|p| p.path == *path), "{path}: {:?}", rules.problems());
        assert!(Rules::parse(rules.to_json().as_bytes()).is_err());
    }
}

fn after(rules: &mut Rules) -> &mut public_audit::rules::After {
    rules.after.as_mut().unwrap()
}

#[test]
fn what_may_be_left_out_has_one_spelling() {
    let rules = common::rules_with_all();
    assert_eq!(Rules::parse(rules.to_json().as_bytes()).as_ref(), Ok(&rules));
    let json = common::rules(Mode::Everyone).to_json();
    assert!(!json.contains("funds") && !json.contains("weighting") && !json.contains("after"));
    for empty in ["\"funds\": []", "\"funds\": null", "\"weighting\": null", "\"after\": null"] {
        let _ = refused(&json.replacen("\"grace_seconds\"", &format!("{empty},\n  \"grace_seconds\""), 1));
    }
}

#[test]
fn weights_are_those_of_the_weighting() {
    let rules = common::rules_with_all();
    let weighting = rules.weighting.unwrap();
    assert_eq!([0, 1, 2, 3, 9].map(|misses| weighting.weight(misses)), [1, 3, 4, 4, 4]);
    let line = |weight| {
        let entry = &common::entries(&rules, 1, 1)[0];
        Entry { weight, ..entry.clone() }.line(&rules)
    };
    let allowed: Vec<u32> = (1..9).filter(|weight| line(*weight).is_ok()).collect();
    assert_eq!(allowed, [1, 3, 4]);
}

/// A chain of no name, with quicknet's key.
fn chain(genesis_time: u64, period: u64, round: u64) -> Beacon {
    let public_key = QUICKNET_PUBLIC_KEY.to_owned();
    Beacon::Drand { chain_hash: Digest::ZERO, public_key, genesis_time, period, round }
}

/// A file in ASCII can spell what is not.
#[test]
fn escapes_do_not_make_a_source_printable() {
    let json = common::rules(Mode::Share).to_json();
    let with = |source: &str| {
        let beacon = format!("\"kind\": \"declared\", \"source\": \"{source}\"");
        Rules::parse(json.replace("\"kind\": \"none\"", &beacon).as_bytes())
    };
    assert!(with("\\u0020 ~ \\u007e").is_ok());
    for wrong in ["\\ubcf5\\uad8c", "a\\u007f", "\\n", "\\u00e9"] {
        assert!(matches!(with(wrong), Err(RulesError::Problems(_))), "{wrong}");
    }
}

#[test]
fn what_is_just_right_has_no_problems() {
    type Change = fn(&mut Rules);
    let cases: [Change; 4] = [
        |r| r.goods.cap = 99_999_999_990_000,
        |r| r.beacon = chain(r.times.pulse_at.seconds(), 1_000_000_000, 1),
        |r| r.beacon = chain(r.times.pulse_at.seconds() - 1, 3, 2),
        |r| r.beacon = Beacon::Declared { source: " ~".repeat(500) },
    ];
    for change in cases {
        let mut rules = common::rules(Mode::Lottery);
        change(&mut rules);
        assert_eq!(rules.problems(), []);
    }
}

#[test]
fn the_drand_round_is_the_first_at_or_after_the_pulse() {
    let quicknet = |at: i64| Beacon::drand_round_at(1_692_803_367, 3, Instant::from_unix(at).unwrap());
    assert_eq!(quicknet(1_692_803_367), Some(1));
    assert_eq!(quicknet(1_692_803_368), Some(2));
    assert_eq!(quicknet(1_692_803_370), Some(2));
    assert_eq!(quicknet(1_728_926_013), Some(12_040_883));
    assert_eq!(quicknet(1_743_135_010), Some(16_777_216));
}

#[test]
fn pool_lines_are_strict() {
    let rules = common::rules(Mode::Share);
    let line = "famx-6k54-dc9p-a7yz seats=2 want=500000 weight=1 household=4 region=jungang wish=eve+am";
    assert_eq!(Entry::parse(&rules, line).unwrap().line(&rules).as_deref(), Ok(line));
    for (from, to) in [
        ("famx", "Famx"),
        ("seats=2", "seats=02"),
        ("seats=2", "seats=0"),
        ("seats=2", "seats=101"),
        ("seats=2", "seats=+2"),
        ("seats=2", "seats="),
        ("seats=2 ", ""),
        ("seats=2 ", "seats=2  "),
        ("500000", "500001"),
        ("500000", "510000"),
        ("500000", "0"),
        ("500000", "99999999999999999999"),
        ("weight=1", "weight=1001"),
        ("weight=1", "weight=0"),
        ("weight=1", "weigth=1"),
        ("household=4", "household="),
        ("household=4", "household=A"),
        ("household=4", "household=4=4"),
        ("eve+am", "eve+eve"),
        ("eve+am", "eve+"),
        ("eve+am", "any+am"),
        ("eve+am", "night"),
        ("eve+am", "eve am"),
        ("eve+am", "eve+am "),
        ("jungang", "중앙"),
        ("jungang", "a\tb"),
        ("seats=2 want=500000", "want=500000 seats=2"),
    ] {
        assert!(Entry::parse(&rules, &line.replace(from, to)).is_err(), "{from} → {to}");
    }
    let parse = |text: &str| Pool::parse(&rules, text.as_bytes());
    assert_eq!(parse("").unwrap().count(), 0);
    assert!(matches!(parse(line), Err(PoolError::Unended)));
    assert!(matches!(parse(&format!("{line}\n{line}\n")), Err(PoolError::Order(2, _))));
    assert!(matches!(parse(&format!("{line}\r\n")), Err(PoolError::Line(1, _))));
    assert!(matches!(parse(&format!("{line}\n\n")), Err(PoolError::Line(2, _))));
    assert!(matches!(parse(&"a".repeat(9000)), Err(PoolError::Line(1, _))));
}

#[test]
fn unlisted_fields_have_one_value() {
    let mut rules = common::rules(Mode::Share);
    rules.fields = vec!["household".to_owned()];
    let entry = Entry::parse(&rules, "famx-6k54-dc9p-a7yz household=1").unwrap();
    assert_eq!((entry.seats, entry.want, entry.weight, entry.wish.as_str()), (1, 250_000, 1, "any"));
    let changes: [fn(&mut Entry); 6] = [
        |e| e.seats = 2,
        |e| e.want = 10_000,
        |e| e.weight = 2,
        |e| e.wish = "am".to_owned(),
        |e| e.others.clear(),
        |e| e.others[0] = "a b".to_owned(),
    ];
    for change in changes {
        let mut entry = entry.clone();
        change(&mut entry);
        assert!(entry.line(&rules).is_err(), "{entry:?}");
    }
}
