//! People for whom there is no seat, no money or no minute, whatever vendors can take.

use super::*;

/// Tongyeong with something said before and behind its one opening.
fn tongyeong(before: &str, behind: &str, change: impl Fn(String) -> String) -> Draft {
    let text = Scenario::find("tongyeong").unwrap().text;
    let text = text.replacen("[[opening]]", &format!("{before}\n[[opening]]\n{behind}"), 1);
    Draft::parse(&change(text)).unwrap()
}

#[test]
fn whoever_has_no_opening_is_named_though_nobody_expects_them() {
    let digits = |of: &str| {
        tongyeong(
            "[[field]]\nname = \"birth_digit\"\n",
            &format!("for = {{ birth_digit = [{of}] }}"),
            |text| text,
        )
    };
    let all = r#""0", "1", "2", "3", "4", "5", "6", "7", "8", "9""#;
    assert!(plan(&digits(all)).unwrap().is_safe());
    let refused = plan(&digits(&all.replace("\"7\", ", ""))).unwrap();
    assert_eq!(
        refusals(&refused),
        [
            "room: no opening is for people of whom `birth_digit=7` is said; one of them who enters, and the pool could \
             not be sealed"
        ]
    );
}

#[test]
fn people_who_come_together_need_slots_that_are_wide_enough() {
    let joint = |per_minute: u32, at_most: u64| {
        let mut draft = tongyeong("", "", |text| text.replace("mode = \"share\"", "mode = \"everyone\""));
        draft.joint = Some(crate::domain::draft::JointDraft { most: 4 });
        draft.opening[0].per_minute = Some(per_minute);
        draft.opening[0].slot_minutes = 1;
        draft.opening[0].dips.clear();
        draft.expect.entrants = Some(500);
        draft.expect.at_most = Some(at_most);
        draft
    };
    let why = |draft: &Draft| {
        let plan = plan(draft).unwrap();
        plan.refusals.first().map(|refusal| refusal.why.clone())
    };
    let narrow = joint(1, 500);
    assert!(matches!(why(&narrow), Some(Why::Together { widest: 1, most: 4, .. })));
    let changes = &plan(&narrow).unwrap().refusals[0].changes;
    assert!(changes.is_empty(), "more time makes no slot wider: {changes:?}");
    // 540 slots of five: each may end with three seats that are too few for the next four.
    let warned = |at_most| {
        let plan = plan(&joint(5, at_most)).unwrap();
        assert!(plan.is_safe());
        plan.unknown.iter().any(|line| line.contains("from 1081 on"))
    };
    assert!(!warned(2 * 540) && warned(2 * 540 + 1));
    assert!(matches!(why(&joint(5, 5 * 540 + 1)), Some(Why::Room { .. })));
}

#[test]
fn a_fund_that_cannot_pay_for_everybody_is_refused_with_what_it_needs() {
    let mut poor = draft("gyeonggi");
    poor.fund[0].budget -= 1;
    poor.fund[3].budget = 1;
    let refused = plan(&poor).unwrap();
    assert_eq!(
        refusals(&refused),
        [
            "fund: `province` would have to pay 1,326,000,000,000 won for 13,260,000 people, it has 1,325,999,999,999: \
             needs 1,326,000,000,000 won in the fund `province`, you gave 1,325,999,999,999",
            "fund: `cities-250000` would have to pay 596,700,000,000 won for 2,386,800 people, it has 1: needs \
             596,700,000,000 won in the fund `cities-250000`, you gave 1",
        ]
    );
}

/// Ten thousand within five minutes come in those five minutes, and not a quarter of them.
#[test]
fn a_short_time_to_enter_is_planned_with_everybody() {
    let within = |opens: &str| tongyeong("", "", |text| text.replace("2027-01-25 09:00", opens));
    assert!(plan(&within("2027-01-28 10:00")).unwrap().is_safe());
    let refused = plan(&within("2027-01-28 17:55")).unwrap();
    assert!(refusals(&refused)[0].starts_with("opening at Thu 2027-01-28 17:55"), "{:?}", refusals(&refused));
}

#[test]
fn what_is_too_long_or_too_far_is_no_plan() {
    let said = |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft("tongyeong");
        change(&mut draft);
        plan(&draft).unwrap_err().join("; ")
    };
    // Nothing beyond two years was counted, and so everything was safe.
    let far = said(&|draft| draft.opening[0].first_day = "2030-02-01".to_owned());
    assert!(far.contains("two years"), "{far}");
    let long = said(&|draft| {
        draft.opening[0].first_day = "+262142-12-31".to_owned();
        draft.opening[0].slot_minutes = u32::MAX;
    });
    assert!(long.contains("slot_minutes"), "{long}");
}

/// Sixteen fields of sixteen values are as many combinations as wrap around to none.
#[test]
fn combinations_that_nobody_can_count_are_refused() {
    let values: Vec<String> = (0..64).map(|n| format!("\"v{n}\"")).collect();
    let field = |n: usize| {
        let value = |v: &String| format!("{{ name = {v}, ko = {v}, en = {v} }}");
        let all: Vec<String> = values.iter().map(value).collect();
        format!(
            "[[field]]\nname = \"f{n}\"\nlabel_ko = \"f\"\nlabel_en = \"f\"\nvalues = [{}]\n",
            all.join(", ")
        )
    };
    let fields: String = (0..11).map(field).collect();
    let cohort: Vec<String> = (0..11).map(|n| format!("f{n} = [{}]", values.join(", "))).collect();
    let draft = tongyeong(&fields, &format!("for = {{ {} }}", cohort.join(", ")), |text| text);
    let said = plan(&draft).unwrap_err().join("; ");
    assert!(said.contains("too many"), "{said}");
}

/// The evening before is shorter than the day: what leaves then is a rush that a vendor must bear.
#[test]
fn reminders_of_the_evening_before_count() {
    let mut narrow = draft("busan");
    let sms = narrow.dependency.iter_mut().find(|dependency| dependency.uses.contains_key(&Step::Reminder));
    sms.unwrap().per_second = Some(20.0);
    let found = refusals(&plan(&narrow).unwrap());
    assert!(
        found.iter().any(|refusal| refusal.starts_with("slot start") && refusal.contains("SMS vendors")),
        "{found:?}"
    );
}
