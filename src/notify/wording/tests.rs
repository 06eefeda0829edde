//! What clerks may write, and what happens when it is wrong.

use super::*;

const GOOD: &str = r#"
[[words]]
reason = "assigned"
lang = "ko"
sms = "[{{ municipality }}] {{ start }}부터 {{ amount }} 구매하십시오. {{ until }}까지. 접수번호 {{ receipt }}"
subject = "[{{ municipality }}] {{ title }} 구매 시간"
mail = """
{{ start }}부터 {{ amount }}을 구매하실 수 있습니다.
{% if rank %}순번은 {{ count }}건 가운데 {{ rank }}입니다.{% endif %}
{{ until }}까지 지켜 드립니다."""
"#;

fn from() -> Sender {
    Sender {
        municipality: "통영시".into(),
        site_in_words: "통영시 누리집".into(),
        contact: "055-650-0000".into(),
    }
}

fn read(text: &str) -> Arc<Wording> {
    Wording::parse(text).unwrap_or_default()
}

fn problems(text: &str) -> String {
    let found = check(&read(text), &from());
    found.iter().map(|problem| format!("{}: {}\n", problem.place, problem.what)).collect()
}

#[test]
fn good_words_are_said_with_their_values() {
    assert_eq!(problems(GOOD), "");
    let said = read(GOOD).say(&sample(Kind::Assigned, Lang::Ko), Lang::Ko, &from());
    assert_eq!(said.subject.as_deref(), Some("[통영시] 통영사랑상품권 2026년 12월 구매 시간"));
    assert!(said.sms.unwrap_or_default().contains("250,000원 구매하십시오"));
    assert!(said.mail.unwrap_or_default().contains("179,304건 가운데 104,312번째"));
    // Nobody wrote these: the compiled ones leave.
    assert_eq!(read(GOOD).say(&sample(Kind::Assigned, Lang::En), Lang::En, &from()), Said::default());
    assert_eq!(read(GOOD).say(&sample(Kind::Voided, Lang::Ko), Lang::Ko, &from()), Said::default());
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_place() {
    let with = |sms: &str| {
        let text = format!("[[words]]\nreason = \"assigned\"\nlang = \"ko\"\nsms = '''{sms}'''\n");
        problems(&text)
    };
    let needed = "{{ start }} {{ until }} {{ amount }} ";
    for (sms, expected) in [
        ("{{ start }} {{ amount }}", "without {{ until }}"),
        ("{{ phone }}", "there is no `phone` here; there are: municipality"),
        ("{{ start }} https://bit.ly/x", "an address to press"),
        ("{{ start }} tongyeong.go.kr에서", "an address to press"),
        ("(광고){{ start }}", "added by jebi"),
        ("{{ start", "assigned.ko.sms: "),
        ("{% include 'x' %}", "assigned.ko.sms: "),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "assigned.ko.sms: ",
        ),
        ("축하합니다 🎉", "Korean carriers cannot carry"),
        ("{{ start.x.y }}", "assigned.ko.sms: "),
    ] {
        let found = with(&format!("{needed}{sms}").replace(
            "{{ start }} {{ until }} {{ amount }} {{ start }} {{ amount }}",
            "{{ start }} {{ amount }}",
        ));
        assert!(found.contains(expected), "{sms}: {found}");
    }
    assert_eq!(with(needed), "");
    let long = format!("{needed}{}", "가".repeat(1_000));
    assert!(with(&long).contains("2,000 bytes"), "{}", with(&long));
    assert!(problems("class = \"ad\"\n").contains("opt_out"));
    assert!(problems("[[words]]\nreason = \"code\"\nlang = \"ko\"\n").contains("`reason` must be one of"));
    assert!(problems("[[words]]\nreason = \"voided\"\nlang = \"fr\"\n").contains("`lang` must be one of"));
    assert!(problems(&format!("{GOOD}{GOOD}")).contains("assigned.ko: is there twice"));
    assert!(Wording::parse("[[word]]").is_err());
}

#[test]
fn an_advertisement_is_marked_by_us() {
    let ad = format!("class = \"ad\"\nopt_out = \"080-123-4567\"\n{GOOD}");
    assert_eq!(problems(&ad), "");
    let said = read(&ad).say(&sample(Kind::Assigned, Lang::Ko), Lang::Ko, &from());
    let (sms, subject) = (said.sms.unwrap_or_default(), said.subject.unwrap_or_default());
    assert!(sms.starts_with("(광고)[통영시]") && sms.ends_with("무료수신거부 080-123-4567"), "{sms}");
    assert!(subject.starts_with("(광고)"), "{subject}");
    assert!(said.mail.unwrap_or_default().ends_with("무료수신거부 080-123-4567"));
}

/// The law marks the subject of an advertisement; the usual subject is none.
#[test]
fn no_advertisement_leaves_under_an_unmarked_subject() {
    let ad = "class = \"ad\"\nopt_out = \"080-123-4567\"\n[[words]]\nreason = \"voided\"\nlang = \"ko\"\n";
    for (own, is_sound) in [
        ("mail = \"사십시오\"\n", false),
        ("subject = \"사십시오\"\n", false),
        ("subject = \"{{ nothing }}\"\nmail = \"사십시오\"\n", false),
        ("subject = \"사십시오\"\nmail = \"사십시오\"\n", true),
    ] {
        let text = format!("{ad}{own}");
        assert_eq!(problems(&text).is_empty(), is_sound, "{own}");
        let said = read(&text).say(&sample(Kind::Voided, Lang::Ko), Lang::Ko, &from());
        let marked = said.subject.as_deref().is_some_and(|subject| subject.starts_with("(광고)"));
        assert_eq!((marked, said.mail.is_some()), (is_sound, is_sound), "{own}: {said:?}");
    }
}

#[test]
fn a_broken_template_never_stops_a_notice() {
    for broken in [
        "{{ start",
        "{{ nothing }}",
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
        "  ",
    ] {
        let text = format!(
            "[[words]]\nreason = \"assigned\"\nlang = \"ko\"\nsms = '''{broken}'''\nsubject = \"fine\"\n"
        );
        let said = read(&text).say(&sample(Kind::Assigned, Lang::Ko), Lang::Ko, &from());
        assert_eq!((said.sms, said.subject.as_deref()), (None, Some("fine")), "{broken}");
    }
}

#[test]
fn the_example_of_the_documentation_is_sound() {
    assert_eq!(problems(include_str!("../../../docs/words.example.toml")), "");
}
