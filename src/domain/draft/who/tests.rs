use public_audit::{Digest, Rules};

use crate::domain::draft::{Draft, Fixed};

const EXAMPLE: &str = include_str!("../../../../docs/round.example.toml");

/// The example with something more before its first table.
fn draft(from: &str, to: &str, more: &str) -> Draft {
    let text = EXAMPLE.replacen(from, to, 1);
    assert!(EXAMPLE.contains(from), "{from}");
    Draft::parse(&format!("{text}\n{more}")).unwrap()
}

fn rules(draft: &Draft) -> Result<Rules, Vec<String>> {
    let signer = public_audit::note::Signer::new("jebi.example", &[1; 32]).unwrap();
    draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: signer.verifier().to_vkey() })
}

const LOTTERY: &str = "mode = \"lottery\"\nlottery_because_ko = \"자리가 백 개뿐이라 추첨합니다.\"\n\
                       lottery_because_en = \"There are only a hundred places.\"";

const REGION: &str = r#"
[[field]]
name = "region"
label_ko = "사는 곳"
label_en = "Where you live"
values = [{ name = "jungang", ko = "중앙동", en = "Jungang-dong" }, { name = "donghae", ko = "동해동", en = "Donghae-dong" }]
"#;

#[test]
fn every_rule_finds_its_place_in_the_rules() {
    let more = format!(
        "{REGION}
[[field]]
name = \"birth_digit\"
[[reserve]]
name = \"near\"
match = {{ region = [\"jungang\"] }}
places = 20
spill = \"open\"
[[reserve]]
name = \"open\"
places = 80
[weighting]
per_miss = 1
most = 4
rounds = 12
[joint]
most = 4
[helped]
minors = 5"
    );
    let draft = draft(
        "mode = \"share\"",
        &format!("{LOTTERY}\nsmallest_cell = 5"),
        &more.replace(
            "[[reserve]]\nname = \"near\"",
            "[[opening]]\nfor = { birth_digit = [\"1\", \"0\"] }\nfirst_day = \"2027-01-14\"\ndays = 1\n\
             until = \"12:00\"\nslot_minutes = 60\nslot_capacity = 10\nparts = [{ name = \"am\", from = \"09:00\" }]\n\
             [[reserve]]\nname = \"near\"",
        ),
    );
    let rules = rules(&draft).unwrap();
    assert_eq!(rules.fields, ["seats", "want", "weight", "region", "birth_digit", "wish"]);
    assert_eq!(rules.smallest_cell, 5);
    assert_eq!(
        rules.reserves.iter().map(|r| (r.name.as_str(), r.places)).collect::<Vec<_>>(),
        [("near", 20), ("open", 80)]
    );
    // Values are sorted, however a clerk writes them.
    let cohort = rules.cohorts().into_iter().find(|cohort| !cohort.0.is_empty()).unwrap();
    assert_eq!(cohort.0["birth_digit"], ["0", "1"]);
    assert_eq!(rules.weighting.unwrap().most, 4);
    let who = draft.who();
    assert_eq!((who.joint_most, who.minors_most, who.adults_most), (4, 5, 0));
    assert!(who.asks_year() && who.field("birth_digit").unwrap().values.len() == 10);
    assert_eq!(crate::domain::who::Who::parse(&who.to_json()), Some(who));
    assert_eq!(Rules::parse(rules.to_json().as_bytes()), Ok(rules));
}

#[test]
fn funds_ask_nobody_for_an_amount() {
    let fund = |name: &str, more: &str| {
        format!("[[fund]]\nname = \"{name}\"\nper_seat = 100000\nbudget = 1000000000\n{more}\n")
    };
    let more = format!(
        "{REGION}{}{}",
        fund("province", "label_ko = \"도\"\nlabel_en = \"Province\""),
        fund("city", "match = { region = [\"jungang\"] }")
    );
    let rules = rules(&draft("mode = \"share\"", "mode = \"everyone\"", &more)).unwrap();
    assert_eq!(rules.fields, ["seats", "weight", "region", "wish"]);
    assert_eq!(rules.funds.len(), 2);
}

#[test]
fn what_is_wrong_is_named_all_at_once() {
    let everyone = "mode = \"everyone\"";
    for (mode, more, said) in [
        // A lottery is a choice that a clerk makes knowingly.
        ("mode = \"lottery\"", "[[reserve]]\nname = \"open\"\nplaces = 10".to_owned(), "lottery_because_ko"),
        (LOTTERY, String::new(), "reserve: a lottery needs"),
        (everyone, "[[reserve]]\nname = \"open\"\nplaces = 10".to_owned(), "reserve: places are set aside"),
        (
            "mode = \"share\"\nlottery_because_ko = \"왜냐하면 그렇습니다\"",
            String::new(),
            "this round is none",
        ),
        ("mode = \"share\"", "[joint]\nmost = 4".to_owned(), "each entry gets one share"),
        ("mode = \"share\"", "[helped]\nminors = 1".to_owned(), "each entry gets one share"),
        (
            "mode = \"share\"",
            "[[fund]]\nname = \"x\"\nper_seat = 1\nbudget = 1".to_owned(),
            "fund: funds pay",
        ),
        (everyone, "[joint]\nmost = 1".to_owned(), "joint.most"),
        (everyone, "[helped]\nminors = 21".to_owned(), "helped.minors"),
        ("mode = \"share\"\nsmallest_cell = 0", String::new(), "smallest_cell"),
        // Nothing is asked that nothing depends on.
        ("mode = \"share\"", REGION.to_owned(), "what is not needed is not asked"),
        (
            everyone,
            "[[fund]]\nname = \"x\"\nmatch = { region = [\"a\"] }\nper_seat = 1\nbudget = 1".to_owned(),
            "`region` is no [[field]]",
        ),
        (
            everyone,
            format!(
                "{REGION}[[fund]]\nname = \"x\"\nmatch = {{ region = [\"a\"] }}\nper_seat = 1\nbudget = 1"
            ),
            "`region` never is a",
        ),
        (everyone, "[[field]]\nname = \"want\"".to_owned(), "a field of the draw itself"),
        (everyone, "[[field]]\nname = \"birth_digit\"\nvalues = [\"1\"]".to_owned(), "values of its own"),
        (everyone, "[[field]]\nname = \"age_band\"\nvalues = [\"0-18\", \"20+\"]".to_owned(), "without gaps"),
        (
            everyone,
            "[[field]]\nname = \"dong\"\nvalues = [\"a\", \"b\"]".to_owned(),
            "asked in both languages",
        ),
        (everyone, "[[field]]\nname = \"household\"\nvalues = [\"1\", \"1\"]".to_owned(), "stands twice"),
        (
            everyone,
            "[[field]]\nname = \"household\"\nvalues = [\"1\", \"zwei!\"]".to_owned(),
            "characters of a-z",
        ),
        (everyone, "[[field]]\nname = \"household\"\nfrom = \"counter\"".to_owned(), "without a counter"),
        (everyone, "[[field]]\nname = \"household\"\notherwise = \"1\"".to_owned(), "is asked, so that"),
        // Everybody is served, also whose line in the roster says nothing of it.
        (
            "mode = \"everyone\"\nroster = \"x\"\nserves = \"roster\"",
            "[[field]]\nname = \"household\"\nfrom = \"roster\"".to_owned(),
            "of whom it does not say this",
        ),
        (
            everyone,
            "[[field]]\nname = \"household\"\nlabel_ko = \"\\u202Ex\"".to_owned(),
            "visible characters",
        ),
    ] {
        let problems = rules(&draft("mode = \"share\"", mode, &more)).unwrap_err();
        assert!(problems.iter().any(|problem| problem.contains(said)), "{said}: {problems:?}");
    }
    let wrong = format!("{REGION}[joint]\nmost = 99");
    let problems = rules(&draft("", "", &wrong)).unwrap_err();
    assert!(problems.len() >= 3, "{problems:?}");
}
