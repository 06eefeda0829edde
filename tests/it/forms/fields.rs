//! Every field takes everything, and shows it again.

use axum::http::StatusCode;

use super::{is_a_page, start};
use crate::support::{Engine, Page, Resident, both, encoded};

both!(every_field_takes_everything, questions_and_people_take_everything);

/// What people, scripts and accidents put into a field.
fn nasty() -> Vec<String> {
    [
        "",
        "   ",
        "\t\r\n",
        "\0",
        "a\0b@example.org",
        "\u{1}\u{7f}\u{1b}[31m",
        "minji@example.org\r\nBcc: everybody@example.org",
        "👩‍👩‍👧‍👦🎟️",
        "민지@예시.한국",
        "e\u{301}\u{202e}\u{200b}",
        "900101-1234567",
        "９００１０１ １２３４５６７",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)' autofocus='",
        "{{7*7}}${7*7}<%= 7 %>",
        "'; DROP TABLE entry; --",
        "../../etc/passwd",
        "-1",
        "1e309",
        "99999999999999999999999999",
        "0x10",
        "NaN",
        "on",
        "eve",
        "any",
        "🇰🇷250,000원",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(["x".repeat(255), "ㅎ".repeat(3_000), "9".repeat(10_000), "a@b.".repeat(100) + "c"])
    .collect()
}

/// The forms with their fields, and what each field holds when all is well.
fn forms(page: &str) -> Vec<(&'static str, &'static str)> {
    match page {
        "enter" => vec![
            ("purpose", "enter"),
            ("channel", "email"),
            ("email", "minji@example.org"),
            ("phone", "010-1234-5678"),
            ("consent", "yes"),
        ],
        "code" => vec![("code", "000000")],
        "details" => vec![("want", "100000"), ("wish_1", "am"), ("wish_2", "pm"), ("wish_3", "any")],
        "about" => vec![("birth_year", "1986"), ("field_region", "jungang")],
        "people" => vec![("act", "add"), ("name", "김하늘"), ("born", "2015-03-01"), ("who", "")],
        "join" => vec![("code", "7k3m-9x2p")],
        "pool" => vec![("receipt", "famx-6k54-dc9p-a7yz")],
        _ => vec![],
    }
}

async fn every_field_takes_everything(engine: Engine) {
    let (t, round) = start(engine).await;
    for english in [false, true] {
        let language = if english { "en" } else { "ko" };
        let new = || if english { t.browser().in_english() } else { t.browser() };
        let mut asked = Resident::new(new(), &round.slug, "asked@example.org");
        asked.ask("enter").await.to();
        asked.get("code").await;
        let mut known = Resident::new(new(), &round.slug, "known@example.org");
        known.identify(&t, "enter").await;
        known.get("details").await;
        for (form, resident) in [
            ("enter", &mut Resident::new(new(), &round.slug, "")),
            ("code", &mut asked),
            ("details", &mut known),
        ] {
            tried(resident, form, language).await;
        }
        // Forms that have only their token.
        for (form, resident) in [("code/again", &asked), ("entry", &known), ("withdraw", &known)] {
            for value in nasty() {
                let page = resident.clone().post(form, &[("more", &value)]).await;
                is_a_page(&page, language, &format!("{form} with more = {value:?}"));
            }
        }
    }
}

/// One form, each of its fields: left out, twice, and with everything in it.
async fn tried(resident: &mut Resident, form: &str, language: &str) {
    let form_page = resident.get(form).await;
    assert_eq!(form_page.status, StatusCode::OK, "{form}");
    let usual = forms(form);
    for (field, _) in &usual {
        let others: Vec<(&str, &str)> = usual.iter().filter(|(name, _)| name != field).copied().collect();
        // Left out, twice, and with everything in it.
        let csrf = resident.browser.csrf.clone();
        let without = resident.clone().post(form, &others).await;
        is_a_page(&without, language, &format!("{form} without {field}"));
        let twice = [&[("csrf", csrf.as_str()), (field, "1"), (field, "2")], &others[..]].concat();
        let twice = resident.browser.clone().post_raw(&resident.path(form), encoded(&twice)).await;
        is_a_page(&twice, language, &format!("{form} with {field} twice"));
        for value in nasty() {
            let about = format!("{form} with {field} = {value:?}");
            let channel = if *field == "phone" { "sms" } else { "email" };
            let mut fields: Vec<(&str, &str)> = others
                .iter()
                .map(|(name, v)| (*name, if *name == "channel" { channel } else { v }))
                .collect();
            fields.push((field, &value));
            let page = resident.clone().post(form, &fields).await;
            is_a_page(&page, language, &about);
            // A registration number is refused with the whole form, where no field has words for it.
            let is_number =
                jebi::domain::contact::is_registration_number(&value) && page.wrong_fields().is_empty();
            if page.status == StatusCode::UNPROCESSABLE_ENTITY && is_number {
                let said = ["주민등록번호는 받지 않습니다", "resident registration numbers"];
                assert!(said.iter().any(|words| page.body().contains(words)), "{about}: {}", page.body());
                assert!(!page.body().contains("1234567"), "{about}: it is shown again");
            } else if page.status == StatusCode::UNPROCESSABLE_ENTITY {
                assert!(!page.wrong_fields().is_empty(), "{about}: nothing is said to be wrong");
                keeps_what_was_typed(&page, &fields, &about);
            }
        }
    }
}

async fn questions_and_people_take_everything(engine: Engine) {
    let (t, _) = start(engine).await;
    let together = "[joint]\nmost = 3\n[helped]\nminors = 20\nadults = 20\n";
    let near = "[[fund]]\nname = \"near\"\nmatch = { region = [\"jungang\"] }\nper_seat = 10000\nbudget = 100000000\n\
                label_ko = \"<script>alert(1)</script>\"\nlabel_en = \"<script>alert(1)</script>\"\n";
    let more = format!("{}{}{near}{together}", crate::who::PARITY, crate::who::REGION);
    let mut draft = crate::who::round("mode = \"everyone\"", &more);
    // All who come together need one slot that seats them.
    draft.opening.iter_mut().for_each(|opening| opening.slot_capacity = Some(41));
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    for english in [false, true] {
        let language = if english { "en" } else { "ko" };
        let new = || if english { t.browser().in_english() } else { t.browser() };
        is_a_page(&new().get("/rounds/groups").await, language, "a fund with markup in its name");
        let address = format!("{language}@example.org");
        let mut known = Resident::new(new(), &round.slug, &address);
        known.identify(&t, "enter").await;
        tried(&mut known, "about", language).await;
        known.tell(&forms("about")).await.to();
        known.enter(0, &[]).await;
        tried(&mut known, "people", language).await;
        let mut joining = Resident::new(new(), &round.slug, &format!("j{address}"));
        joining.identify(&t, "enter").await;
        joining.tell(&forms("about")).await.to();
        tried(&mut joining, "join", language).await;
    }
    t.tick().await;
}

fn keeps_what_was_typed(page: &Page, fields: &[(&str, &str)], about: &str) {
    for (name, typed) in fields.iter().filter(|(name, _)| ["email", "phone", "code"].contains(name)) {
        let Some(shown) = page.value(name) else { panic!("{about}: {name} is gone") };
        let is_number = typed.chars().filter(|c| c.is_numeric()).count() == 13;
        match is_number {
            true => assert_eq!(shown, "", "{about}: a registration number is shown again"),
            false => assert_eq!(shown, *typed, "{about}: what was typed is lost"),
        }
    }
}
