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

fn cut(slots: &Slots) -> Vec<(&str, u32, u32)> {
    slots.slots.iter().map(|slot| (slot.name.as_str(), slot.seconds / 60, slot.capacity)).collect()
}

/// The example with another source of capacity, on one day.
fn with(capacity: &str, more: &str) -> Draft {
    let text = EXAMPLE.replace("days = 2", "days = 1").replace("slot_capacity = 500 ", capacity);
    Draft::parse(&(text + more)).unwrap()
}

#[test]
fn a_dip_cuts_slots_and_lowers_them() {
    let dips = "per_minute = 8\ndips = [{ from = \"12:30\", to = \"13:00\", percent = 60 }, \
                { from = \"17:00\", to = \"18:00\", percent = 0 }]\n#";
    let slots = with(dips, "").slots().unwrap();
    let cut = cut(&slots);
    assert_eq!(
        cut[2..6],
        [("0111-1100", 60, 480), ("0111-1200", 30, 240), ("0111-1230", 30, 144), ("0111-1300", 60, 480)]
    );
    assert_eq!(cut.last(), Some(&("0111-1600", 60, 480)), "nothing is open in the closed hour");
}

#[test]
fn sellers_add_up_and_their_days_and_stock_hold() {
    let sellers = "
        [[seller]]
        name = \"bank\"
        per_minute = 5
        per_day = 1000
        [[seller]]
        name = \"counter\"
        per_minute = 2
        from = \"10:00\"
        until = \"17:30\"
        stock = 300";
    let slots = with("sellers = [\"bank\", \"counter\"]\n#", sellers).slots().unwrap();
    // 1,000 of the bank's 2,700 a day, and the stock of 300 in 7.5 hours, both level.
    let cut = cut(&slots);
    assert_eq!(cut.iter().map(|(.., people)| people).sum::<u32>(), 1_300);
    assert_eq!(cut[0], ("0111-0900", 60, 111));
    assert_eq!(cut[1], ("0111-1000", 60, 151));
    assert_eq!(cut[8..], [("0111-1700", 30, 76), ("0111-1730", 30, 56)]);
}

#[test]
fn openings_have_cohorts_names_of_their_own_and_share_sellers() {
    let second = "
        [[opening]]
        for = { birth_digit = [\"6\", \"1\"] }
        first_day = \"2027-01-11\"
        days = 1
        parts = [{ name = \"eve\", from = \"17:00\" }]
        until = \"19:00\"
        slot_minutes = 60
        sellers = [\"bank\"]
        [[seller]]
        name = \"bank\"
        per_minute = 4";
    let both = with("sellers = [\"bank\"]\n#", second);
    let problems = both.slots().unwrap_err();
    assert!(
        problems[0].contains("on 2027-01-11 at 17:00") && problems[0].contains("200 percent"),
        "{problems:?}"
    );
    let shared = second.replace("sellers =", "percent = 25\n        sellers =");
    let slots = with("percent = 75\nsellers = [\"bank\"]\n#", &shared).slots().unwrap();
    let cut = cut(&slots);
    assert_eq!(cut[8..], [("0111-1700", 60, 180), ("0111-1700.2", 60, 60), ("0111-1800", 60, 60)]);
    assert_eq!(slots.slots[9].cohort.to_string(), "birth_digit=1|6");
    assert_eq!(slots.parts, ["am", "noon", "pm", "eve"]);
}

#[test]
fn openings_that_nobody_can_mean_are_named() {
    for (from, to, says) in [
        ("slot_capacity = 500", "slot_capacity = 500\nper_minute = 3", "opening.slot_capacity"),
        ("slot_capacity = 500", "sellers = [\"nobody\"]", "opening.sellers: there is no [[seller]] `nobody`"),
        ("slot_capacity = 500", "slot_capacity = 5\npercent = 50", "opening.percent"),
        ("days = 2", "days = 2\nweekdays = [\"monday\"]", "opening.weekdays: `monday`"),
        ("slug =", "holidays = [\"2027-02-30\"]\nslug =", "holidays: `2027-02-30`"),
        (
            "slug =",
            "holidays = [\"2026-01-01\"]\nslug =",
            "opening.first_day: the holidays have none in 2027",
        ),
        ("slug =", "holidays = \"closed.txt\"\nslug =", "holidays: the file `closed.txt` was not read"),
    ] {
        let problems = rules(&EXAMPLE.replacen(from, to, 1)).unwrap_err();
        assert!(problems.iter().any(|problem| problem.starts_with(says)), "{says}: {problems:?}");
    }
}

#[test]
fn what_happens_after_the_draw_is_read_and_questioned() {
    let announced = rules(EXAMPLE).unwrap();
    let after = announced.after.clone().unwrap();
    assert_eq!(after.offers_at.first().map(ToString::to_string).as_deref(), Some("2027-01-13T01:00:00Z"));
    assert_eq!((after.catch_up.len(), after.lead_seconds), (9, 7_200));
    let advice = |text: &str| Draft::parse(text).unwrap().advice(&rules(text).unwrap());
    // The last place is held until the evening of the 13th: the second offer comes after that.
    assert_eq!(advice(EXAMPLE), Vec::<String>::new());
    for (from, to, field) in [
        ("\"2027-01-13 10:00\"", "\"2027-01-13 22:00\"", "after.offers"),
        ("\"2027-01-13 10:00\"", "\"soon\"", "after.offers"),
        ("lead_minutes = 120", "lead_minutes = 5", "after.lead_minutes"),
        ("first_day = \"2027-01-14\"", "first_day = \"2027-01-13\"", "opening.catch_up"),
    ] {
        let changed = EXAMPLE.replacen(from, to, 1);
        assert_ne!(changed, EXAMPLE, "{from}");
        let problems = rules(&changed).unwrap_err();
        assert!(problems.iter().any(|problem| problem.starts_with(field)), "{field}: {problems:?}");
    }
    let last = EXAMPLE.replacen(", \"2027-01-15 10:00\"", "", 1);
    assert!(advice(&last)[0].starts_with("the last offer is at"), "{:?}", advice(&last));
    // Without it, second times are given by nobody; and a budget that may not suffice is said.
    let (before, rest) = EXAMPLE.split_once("[after]").unwrap();
    let (_, catch_up) = rest.split_once("[[opening]]").unwrap();
    let problems = rules(&format!("{before}[[opening]]{catch_up}")).unwrap_err();
    assert!(problems[0].starts_with("opening.catch_up"), "{problems:?}");
    assert_eq!(advice(before), Vec::<String>::new());
    let poor = before.replacen("budget = 1_250_000_000", "budget = 10_000_000", 1);
    assert!(advice(&poor)[0].contains("waitlist"), "{:?}", advice(&poor));
}

#[test]
fn slots_that_seat_more_than_all_sellers_take_are_spoken_of() {
    let advice = |per_minute: u32| {
        let text = format!("{EXAMPLE}\n[[seller]]\nname = \"city hall\"\nper_minute = {per_minute}\n");
        Draft::parse(&text).unwrap().advice(&rules(&text).unwrap())
    };
    let slots = rules(EXAMPLE).unwrap().slots;
    let fullest = slots.iter().map(|slot| slot.capacity * 60 / slot.seconds).max().unwrap();
    assert!(fullest > 1, "{fullest}");
    let said = advice(fullest - 1);
    let words =
        format!("seat up to {fullest} people a minute, and all [[seller]] together take {}", fullest - 1);
    assert!(said.iter().any(|one| one.contains(&words)), "{said:?}");
    assert_eq!(advice(fullest), Vec::<String>::new());
}
