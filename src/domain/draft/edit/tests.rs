use super::*;
use crate::domain::draft::Draft;

const EXAMPLE: &str = include_str!("../../../../docs/round.example.toml");

fn lines_that_differ(before: &str, after: &str) -> Vec<String> {
    let before: Vec<&str> = before.lines().collect();
    after.lines().filter(|line| !before.contains(line)).map(str::to_owned).collect()
}

#[test]
fn one_setting_changes_and_every_comment_stays() {
    let edits = [
        Edit::set(Place::In("goods"), "budget", 2_000_000_000_i64),
        Edit::set(Place::Root, "title_ko", "통영사랑상품권 \"설\" 2월 # 둘"),
        Edit::set(Place::Nth("opening", 1), "slot_capacity", 120_i64),
        Edit::set(Place::Nth("opening", 0), "until", "20:00"),
    ];
    let after = edited(EXAMPLE, &edits).unwrap();
    let differ = lines_that_differ(EXAMPLE, &after);
    // Which quotes a text with quotes in it gets is TOML's own affair.
    assert!(differ.len() == 4 && differ[0].starts_with("title_ko = "), "{differ:?}");
    assert_eq!(differ[1..], ["budget = 2_000_000_000", "until = \"20:00\"", "slot_capacity = 120"]);
    assert_eq!(after.lines().count(), EXAMPLE.lines().count());
    let draft = Draft::parse(&after).unwrap();
    assert_eq!((draft.goods.budget, draft.opening[1].slot_capacity), (2_000_000_000, Some(120)));
    assert_eq!(draft.title_ko, "통영사랑상품권 \"설\" 2월 # 둘");
}

#[test]
fn a_value_over_several_lines_is_one_value() {
    let part = |name: &str, from: &str| {
        Value::Table(
            [("name", name), ("from", from)].map(|(k, v)| (k.to_owned(), v.into())).into_iter().collect(),
        )
    };
    let parts = Value::Array(vec![part("am", "10:00"), part("pm", "13:00")]);
    let after = edited(EXAMPLE, &[Edit::set(Place::Nth("opening", 0), "parts", parts)]).unwrap();
    let draft = Draft::parse(&after).unwrap();
    assert_eq!((draft.opening[0].parts.len(), draft.opening[1].parts.len()), (2, 3));
    assert!(after.contains("# [[seller]]") && after.contains("slot_minutes = 60"), "{after}");
}

#[test]
fn what_is_new_comes_in_at_its_place_and_what_is_left_out_goes() {
    let mut table = Table::new();
    table.insert("name".into(), "bank".into());
    table.insert("per_minute".into(), 30_i64.into());
    let mut uses = Table::new();
    uses.insert("start".into(), 1_i64.into());
    table.insert("uses".into(), Value::Table(uses));
    let edits = [
        Edit::set(Place::Root, "still_open_hours", 3_i64),
        Edit::set(Place::In("expect"), "waiting", 40_i64),
        Edit::Set(Place::In("expect"), "opens", None),
        Edit::Add("dependency", table),
        Edit::Remove("opening", 1),
        Edit::Set(Place::In("nothing"), "here", None),
        Edit::Leave("after"),
    ];
    let after = edited(EXAMPLE, &edits).unwrap_or_default();
    // `[nothing]` is wanted by nobody, so an empty table must not make the whole be written anew.
    assert!(
        after.contains("# The example") || after.contains("as a clerk writes it down"),
        "comments: {after}"
    );
    let draft = Draft::parse(&after).unwrap();
    assert_eq!(draft.still_open_hours, Some(3));
    assert_eq!((draft.expect.waiting, draft.expect.opens), (Some(40.0), None));
    assert_eq!(draft.dependency.last().map(|one| one.name.as_str()), Some("bank"));
    assert_eq!((draft.dependency.len(), draft.opening.len()), (3, 1));
    assert!(draft.after.is_none() && after.contains("# What is known of an entrant"), "{after}");
}

#[test]
fn settings_in_other_spellings_are_changed_too_and_none_is_lost() {
    let text = "slug = 'a'\ngoods = { unit = 1, budget = 2 }\n\"odd key\" = '''x = 1\n[y]'''\nopening = [{ days = 1 }]\n";
    let edits =
        [Edit::set(Place::In("goods"), "unit", 3_i64), Edit::set(Place::Nth("opening", 0), "days", 4_i64)];
    let after: Table = edited(text, &edits).unwrap().parse().unwrap();
    let wanted: Table = text.replace("unit = 1", "unit = 3").replace("days = 1", "days = 4").parse().unwrap();
    assert_eq!(after, wanted);
    assert!(edited("slug = ", &edits).is_err());
}

#[test]
fn a_text_without_its_last_line_end_and_an_empty_one_can_be_changed() {
    let edits = [Edit::set(Place::Root, "slug", "a-2027-01"), Edit::set(Place::In("goods"), "unit", 5_i64)];
    for text in ["", "title_en = \"x\"", "[goods]\nunit = 1"] {
        let after: Table = edited(text, &edits).unwrap().parse().unwrap();
        assert_eq!(after["slug"].as_str(), Some("a-2027-01"), "{text}");
        assert_eq!(after["goods"]["unit"].as_integer(), Some(5), "{text}");
    }
}
