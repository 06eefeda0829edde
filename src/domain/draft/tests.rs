use public_audit::Digest;

use super::*;

const EXAMPLE: &str = include_str!("../../../docs/round.example.toml");

fn rules(text: &str) -> Result<Rules, Vec<String>> {
    let signer = public_audit::note::Signer::new("jebi.example", &[1; 32]).unwrap();
    let fixed = Fixed { number: 1, commitment: Digest::ZERO, signing_key: signer.verifier().to_vkey() };
    Draft::parse(text).map_err(|error| vec![error])?.rules(fixed)
}

#[test]
fn the_example_is_a_round_and_its_hours_are_korean() {
    let rules = rules(EXAMPLE).unwrap();
    assert_eq!(rules.times.opens_at.to_string(), "2027-01-04T00:00:00Z");
    assert_eq!(rules.slots.len(), 18);
    let parts: Vec<&str> = rules.slots.iter().take(9).map(|slot| slot.part.as_str()).collect();
    assert_eq!(parts, ["am", "am", "am", "noon", "noon", "pm", "pm", "pm", "pm"]);
    assert_eq!(rules.slots[17].starts_at.to_string(), "2027-01-12T08:00:00Z");
    assert_eq!(Rules::parse(rules.to_json().as_bytes()), Ok(rules));
}

#[test]
fn every_mistake_is_named_at_once() {
    let wrong = EXAMPLE
        .replace("2027-01-04 09:00", "4 January")
        .replace("2027-01-07 18:00", "2027-01-07 25:00")
        .replace("tongyeong-2027-01", "Tongyeong!")
        .replace("name = \"am\"", "name = \"dawn\"");
    let problems = rules(&wrong).unwrap_err();
    for field in ["times.opens", "times.closes", "slug", "opening.parts"] {
        assert!(problems.iter().any(|problem| problem.starts_with(field)), "{field}: {problems:?}");
    }
    assert!(
        rules(&EXAMPLE.replace("cap = 250_000", "cap = 250_000\nprice = 3")).unwrap_err()[0]
            .contains("price")
    );
    assert!(!rules(&EXAMPLE.replace("2027-01-07 18:00", "2027-01-03 18:00")).unwrap_err().is_empty());
}

#[test]
fn what_nobody_can_mean_is_named() {
    for (from, to, field) in [
        ("price_percent = 90", "price_percent = 101", "price_percent"),
        ("grace_hours = 24", "grace_hours = 4000000", "grace_hours"),
        ("spread_hours = 6", "spread_hours = 1000000", "spread_hours"),
        ("days = 2", "days = 4000000", "opening.days"),
        ("slot_capacity = 500", "slot_capacity = 0", "opening.slot_capacity"),
        ("budget = 1_250_000_000", "budget = 5", "goods.budget"),
        ("title_en = \"", "title_en = \"\\u202E", "title_en"),
        ("slug = \"", "slug = \"-", "slug"),
    ] {
        let changed = EXAMPLE.replacen(from, to, 1);
        assert_ne!(changed, EXAMPLE, "{from}");
        let problems = rules(&changed).unwrap_err();
        assert!(problems.iter().any(|problem| problem.starts_with(field)), "{field}: {problems:?}");
    }
}
