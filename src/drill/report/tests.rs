//! Pages of outcomes that were made by hand: what they say, and what whoever cannot see a chart is told instead.

use std::path::{Path, PathBuf};

use chrono::DateTime;
use public_audit::{Digest, note::Verifier};

use super::{Whose, page::page};
use crate::{
    domain::{
        draft::Carries,
        drill::{Curve, Exceeded, Measured, Policy, Rule},
        plan::{Per, Scenario, Spike},
    },
    drill::{
        Drill, Halted, Options, Outcome, Reason, Signature,
        each::Each,
        names::korean,
        outcome::{Figure, OverSockets, Row, Sizes},
        trouble::{Trouble, TroubleKind},
    },
    secret::Keys,
};

fn policy(rule: Rule) -> Policy {
    // The fullest of each ten bins is its last.
    let bins = (0..240).map(f64::from).collect();
    let alone = rule == Rule::Personal;
    Policy {
        rule,
        show: 0.9,
        waiting: if alone { 0.35 } else { 0.455 },
        come: 9_000.0,
        peak: if alone { 20.0 } else { 4_000.0 },
        over: (u64::from(!alone), 30),
        door: if alone { 0.0 } else { 3_500.0 },
        served: if alone { 9_000.0 } else { 5_000.0 },
        turned_away: if alone { 0.0 } else { 4_000.0 },
        waits: (0.0, 0.0, 0.0),
        broke_first: Vec::new(),
        curve: Curve { seconds: if alone { 172_800.0 } else { 14_400.0 }, bins },
    }
}

fn drill() -> Drill {
    Drill {
        format: "jebi-drill/1",
        version: "1.2.3",
        scenario: "round.toml".to_owned(),
        subject: Digest::ZERO,
        title: ("상품권".to_owned(), "Vouchers".to_owned()),
        made_at: DateTime::UNIX_EPOCH,
        seed: 1,
        scale: 0.2,
        sample: 1_000_000,
        capacity: 100,
    }
}

/// One that has no report yet.
pub fn came_to_a_halt() -> Halted {
    Halted::new(drill(), Path::new("/var/drill"), &anyhow::anyhow!("the pool cannot be sealed"))
}

/// One that came to its end, and in which the round held.
pub fn outcome() -> Outcome {
    let row = |spike| Row {
        spike,
        dependency: "payment & co".to_owned(),
        per: Per::Second,
        limit: 24.0,
        planned: Some(Figure { load: 20.0, limit: 24.0 }),
        whole: Some(Figure { load: 12.0, limit: 14.4 }),
        sockets: None,
    };
    Outcome {
        drill: drill(),
        people: Sizes { whole: 10_000, one_in: 1.0, sockets: 2_000, window_hours: 0.014, enough: (1, 2) },
        seller: ("payment & co".to_owned(), 24.0, 24.0),
        spikes: vec![row(Spike::Opening), row(Spike::Starts)],
        policies: [Rule::Personal, Rule::Common, Rule::BirthDigit].map(policy).into(),
        each: Some(Each { shared: 125_000, first_come: 250_000 }),
        sockets: OverSockets {
            entered: 2_000,
            repeated: 90,
            wrong_time: (100, 40),
            asked: [(Carries::Pages, 17_900), (Carries::Texts, 3_100)].into(),
            placed: (2_000, 0),
            told: (2_000, 0, 0, 0),
            gone: 0,
            come: 1_800,
            bought: (1_700, 300),
            turned_away: 0,
            waits: (60.0, 600, 3_600),
            refusals: [("busy", 3)].into(),
            ledger: (250_000_000, 0, 250_000_000),
            away: 7,
            errors: 0,
            faults: Vec::new(),
        },
        trouble: vec![Trouble { kind: TroubleKind::Bank, at: DateTime::UNIX_EPOCH, met: 12, of: None }],
        broke_first: Vec::new(),
        held: Vec::new(),
    }
}

fn shown(outcome: &Outcome) -> String {
    page(outcome, "draw.city.example+00+AA==", Whose::Drill)
}

#[test]
fn whoever_was_not_reached_is_not_said_to_have_been_told() {
    let mut outcome = outcome();
    let page = shown(&outcome);
    assert!(page.contains("and everybody was told.") && page.contains("모두가 결과를 받았습니다."));
    outcome.sockets.told = (1_988, 0, 12, 0);
    let page = shown(&outcome);
    assert!(page.contains("everybody was told or stands on the list for letters and calls (12)."), "{page}");
    assert!(page.contains("명단에 있습니다(12명)."), "{page}");
}

#[test]
fn the_page_says_what_it_assumes_and_what_nobody_being_turned_away_costs() {
    let mut outcome = outcome();
    let page = shown(&outcome);
    assert!(
        page.contains("Assumed: 90 % of those with a minute come, and 35 % of these at that minute."),
        "{page}"
    );
    assert!(page.contains("and 45.5 % of these wait for the beginning."), "{page}");
    let won = |page: &str| page.split("won each").nth(1).unwrap().split("</tr>").next().unwrap().to_owned();
    assert!(won(&page).ends_with("<td>125,000</td><td>250,000</td><td>250,000</td>"), "{}", won(&page));
    assert!(page.contains("everybody gets 125,000 won on average"), "{page}");
    // Where every rule gives the same, nothing is said of it.
    outcome.each = None;
    assert!(!shown(&outcome).contains("won each"));
}

#[test]
fn the_page_says_whose_key_signed_it_and_all_that_a_second_drill_takes() {
    let outcome = outcome();
    let page = |whose| page(&outcome, "draw.city.example+00+AA==", whose);
    assert!(page(Whose::Deployment).contains("compare it with signing_key"));
    assert!(page(Whose::Drill).contains("This key was made for this drill"));
    let command = "jebi drill round.toml --scale 0.2 --seed 1 --sample 1000000 --capacity 100";
    assert!(page(Whose::Drill).contains(command) && page(Whose::Drill).contains("1.2.3"));
}

#[test]
fn a_drill_that_came_to_a_halt_is_reported_and_signed_like_any_other() {
    let draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
    let options = Options {
        scenario: "some/folder/round.toml".to_owned(),
        draft: Some(Box::new(draft.clone())),
        scale: None,
        seed: 3,
        report: PathBuf::new(),
        json: true,
        sample: None,
        capacity: 100,
    };
    let drill = Drill::new(&options, Digest::ZERO, &draft, 0.2);
    let error = anyhow::anyhow!("/var/drill/record: <full>").context("the pool cannot be sealed");
    let halted = Halted::new(drill, Path::new("/var/drill"), &error);
    let signature = Signature { keys: Keys::from_root(&[1; 32]), name: "draw.city.example".to_owned() };
    let key = signature.keys.signer(&signature.name).unwrap().verifier().to_vkey();
    let [json, page, note] = &super::halted(&halted, &(signature, Whose::Deployment)).unwrap();
    let figures: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(figures["halted"], "the pool cannot be sealed: (folder of the report)/record: <full>");
    assert_eq!(figures["scenario"], "round.toml");
    assert_eq!(figures["seed"], 3);
    assert!(figures.get("held").is_none() && figures.get("report").is_none());
    // In both languages, and the reason, which is in English, says so.
    for words in ["이 훈련은 도중에 멈추었습니다", "The drill came to a halt", "So the round did not hold"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let why = "the pool cannot be sealed: (folder of the report)/record: &lt;full&gt;";
    assert!(page.contains(&format!("까닭: <span lang=\"en\">{why}</span>")), "{page}");
    assert!(page.contains("jebi drill round.toml --scale 0.2 --seed 3") && !page.contains("/var/drill"));
    let text = Verifier::parse(&key).unwrap().open(note).unwrap().to_owned();
    for (name, bytes) in [("report.json", json), ("index.html", page)] {
        assert!(text.contains(&format!("{name} {}\n", Digest::of(bytes))), "{text}");
    }
}

#[test]
fn what_did_not_hold_is_named_and_no_name_is_markup() {
    let mut outcome = outcome();
    outcome.drill.title.1 = "<script>".to_owned();
    let (ko, en) = ("장부가 다릅니다".to_owned(), "the ledger differs".to_owned());
    let reason = Reason { kind: "ledger", subject: String::new(), ko, en, said: String::new() };
    outcome.held = vec![reason];
    let page = shown(&outcome);
    assert!(page.contains("The round did not hold") && page.contains("the ledger differs"));
    assert!(page.contains("<li><span class=\"ko\" lang=\"ko\">장부가 다릅니다</span>"), "{page}");
    assert!(!page.contains("<script") && page.contains("payment &amp; co") && !page.contains("payment & co"));
}

#[test]
fn what_the_program_says_in_english_is_said_to_be_english() {
    let mut outcome = outcome();
    let said = "POST /rounds/<slug>: 500".to_owned();
    let (ko, en) =
        (format!("주민이 오류 1건을 겪었습니다: {said}"), format!("residents met 1 errors: {said}"));
    outcome.held = vec![Reason { kind: "error", subject: String::new(), ko, en, said }];
    let page = shown(&outcome);
    let marked =
        "주민이 오류 1건을 겪었습니다: <span lang=\"en\">POST /rounds/&lt;slug&gt;: 500</span></span>";
    assert!(page.contains(marked), "{page}");
    assert!(page.contains("<span class=\"en\" lang=\"en\">residents met 1 errors: POST"), "{page}");
    // The figures have both as they are read.
    let json = serde_json::to_value(&outcome.held).unwrap();
    assert!(json[0]["ko"].as_str().unwrap().ends_with(": 500") && json[0].get("said").is_none(), "{json}");
}

/// What was over at once is named beside each other, and no name is markup.
#[test]
fn all_that_broke_first_is_named_with_how_much_and_when() {
    let mut outcome = outcome();
    let page = shown(&outcome);
    assert!(
        page.contains("<p><span class=\"ko\" lang=\"ko\">이 회차에서 한도를 넘은 곳은 없습니다."),
        "{page}"
    );
    let exceeded = |name: &str, times| Exceeded { name: name.to_owned(), after: 0.0, times };
    outcome.policies[1].broke_first = vec![exceeded("web & co", 1_132.6), exceeded("identity check", 943.9)];
    let measured = |name: &str, load| Measured {
        spike: Spike::Starts,
        dependency: name.to_owned(),
        per: Per::Second,
        at: 0,
        load,
        limit: 10.0,
    };
    outcome.broke_first = vec![measured("bank & co", 25.0), measured("seller", 15.0)];
    let page = shown(&outcome);
    for words in [
        "<td><span class=\"ko\" lang=\"ko\">0초 뒤: <span lang=\"en\">web &amp; co</span> 한도의 1,133배, 본인 확인 한도의 944배</span>",
        "after 0 s: web &amp; co 1,133 times its limit, identity check 944 times its limit</span></td>",
        "먼저 무너진 것(모의 시각 1970년 1월 1일(목) 오전 9:00부터): <span lang=\"en\">bank &amp; co</span> 한도",
        "한도의 2.5배, 판매처 한도의 1.5배</span>",
        "on the drill's clock: bank &amp; co 2.5 times its limit, seller 1.5 times its limit</span></p>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// Whoever reads or hears the Korean page reads Korean names, and hears in English what has none.
#[test]
fn limits_are_called_in_korean_wherever_the_page_is_korean() {
    let mut outcome = outcome();
    let over = |name: &str| {
        let said = ("한도 1초 24에 25이(가) 몰렸습니다(실제 접속)", "25 a second came to it");
        let (ko, en) = (format!("{}: {}", korean(name), said.0), format!("{name}: {}", said.1));
        Reason { kind: "over", subject: name.to_owned(), ko, en, said: String::new() }
    };
    outcome.held = vec![over("SMS vendors"), over("payment & co")];
    outcome.seller.0 = "identity check".to_owned();
    outcome.spikes[0].dependency = "web".to_owned();
    let page = shown(&outcome);
    let name = "<span lang=\"en\">payment &amp; co</span>";
    for words in [
        "<li><span class=\"ko\" lang=\"ko\">문자 업체: 한도 1초 24에",
        &format!("<li><span class=\"ko\" lang=\"ko\">{name}: 한도 1초 24에"),
        "<span class=\"ko\" lang=\"ko\">본인 확인: 1초에 24명이라고",
        // In a chart, and in the table below it.
        ">신청 시작: 누리집</text>",
        ">구매 시간: <tspan lang=\"en\">payment &amp; co</tspan></text>",
        "<span class=\"ko\" lang=\"ko\">신청 시작: 누리집</span>",
        &format!("<span class=\"ko\" lang=\"ko\">구매 시간: {name}</span>"),
        // In English it is called as the draft calls it.
        "<span class=\"en\" lang=\"en\">opening: web</span>",
        "<span class=\"en\" lang=\"en\">identity check: says 24 people a second",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// In process everybody is on time and nothing goes wrong: figures of that are not mistaken for those of the round over sockets.
#[test]
fn what_was_computed_is_said_to_be_without_trouble_right_above_its_table() {
    let page = shown(&outcome());
    let before = page.split("<caption id=\"the-three-rules\">").next().unwrap();
    let above = before.rsplit("</details>").next().unwrap();
    for words in [
        "일부러 일으킨 장애가 없고 모두 제때 한 번 오는 것",
        "without any trouble, and with everybody on time",
    ] {
        assert!(above.contains(words), "{words}: {above}");
    }
    // And how much of it sockets can say themselves, beside what they counted.
    assert!(page.contains("all limits</span></th><td>1 / 2</td>"), "{page}");
}

#[test]
fn of_a_sample_the_tables_say_how_long_the_windows_of_ones_own_minute_are() {
    let mut outcome = outcome();
    let captions = |outcome: &Outcome| {
        let page = shown(outcome);
        let names = all(&page, "<caption", "</caption>").join("\n");
        assert!(names.contains("The three rules") && names.contains("세 가지 규칙"), "{names}");
        ["on average over windows of", "구간의 10초 평균"].map(|words| names.matches(words).count())
    };
    assert_eq!(captions(&outcome), [0, 0]);
    outcome.people.one_in = 132.6;
    // The three rules, and of the arrivals only those at one's own minute.
    assert_eq!(captions(&outcome), [2, 2]);
    let page = shown(&outcome);
    for words in [
        "The three rules (own minute: 10 s on average over windows of 22 min)",
        "세 가지 규칙 (개인 시간은 22분 구간의 10초 평균)",
        "A minute of one's own (this round): by parts (10 s on average over windows of 22 min)",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// Every place between two texts.
fn all<'p>(page: &'p str, before: &str, after: &str) -> Vec<&'p str> {
    page.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn whoever_cannot_see_the_charts_reads_their_figures() {
    let page = shown(&outcome());
    let details = all(&page, "<details>", "</details>");
    assert_eq!(details.len(), 3);
    for details in details {
        let rows = all(details.split("<tbody>").nth(1).unwrap(), "<tr>", "</tr>");
        assert_eq!(rows.len(), 24);
        assert!(
            details.contains("the highest of 10 bars of the chart; report.json has all 240."),
            "{details}"
        );
        // The fullest of ten bins, not their mean and not the first.
        assert!(rows[0].ends_with("<td>9</td>") && rows[23].ends_with("<td>239</td>"), "{rows:?}");
    }
    // Two days of minutes; of the two other rules the first four hours, of the rotation the fullest day.
    for name in [
        "A minute of one's own (this round): from the first to the last who comes",
        "First come, first served (one moment for all): its first 4 h",
        "Five days by birth digit: the fullest of five days, its first 4 h",
    ] {
        assert!(page.contains(name), "{name}: {page}");
    }
    assert!(page.contains("닷새 가운데 가장 몰린 날, 하루의 첫 4시간"), "{page}");
}

#[test]
fn charts_and_tables_have_a_name_in_the_language_that_is_chosen() {
    let page = shown(&outcome());
    let mut ids = all(&page, " id=\"", "\"");
    let named = all(&page, "aria-labelledby=\"", "\"");
    assert_eq!(named.len(), page.matches("<svg").count() + page.matches("<table").count());
    assert!(named.iter().all(|name| ids.contains(name)), "{named:?} of {ids:?}");
    ids.sort_unstable();
    assert!(ids.windows(2).all(|two| two[0] != two[1]), "{ids:?}");
    assert_eq!(page.matches("<caption").count(), page.matches("<table").count());
    for empty in ["<th scope=\"col\"></th>", "<span class=\"ko\" lang=\"ko\"></span>", "aria-label=\""] {
        assert!(!page.contains(empty), "{empty}");
    }
    // Whatever is of one language says of which.
    for svg in all(&page, "<svg", "</svg>") {
        for text in all(svg, "<text ", "</text>") {
            let korean = text.contains(|c: char| ('가'..='힣').contains(&c));
            assert!(!korean || text.contains("lang=\"ko\""), "{text}");
        }
    }
}
