use super::*;
use crate::domain::ineligible::Reason;

fn from(municipality: &str) -> Sender {
    Sender {
        municipality: municipality.into(),
        site_in_words: "통영시 누리집의 '구매 시간 추첨'".into(),
        contact: "통영시 지역경제과 055-650-0000".into(),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

fn all() -> Vec<Message> {
    let (title, receipt) = ("통영사랑상품권 12월".to_owned(), "famx-6k54-dc9p-a7yz".to_owned());
    let (title, receipt) = (|| title.clone(), || receipt.clone());
    vec![
        Message::Code { code: "012345".into(), minutes: 3 },
        Message::Entered {
            title: title(),
            receipt: receipt(),
            want: 250_000,
            closes_at: at("2026-11-27T09:00:00Z"),
            results_at: at("2026-11-30T00:00:00Z"),
        },
        Message::Withdrawn { title: title(), receipt: receipt() },
        Message::Sealed {
            title: title(),
            receipt: receipt(),
            seal: "jebi-seal-1\nround tongyeong\n\n— jebi.example c2ln\n".into(),
            checkpoint: "jebi.example\n7\ncm9vdA==\n\n— jebi.example c2ln\n".into(),
        },
        Message::Voided { title: title(), receipt: receipt() },
        Message::Assigned {
            title: title(),
            receipt: receipt(),
            starts_at: at("2026-12-02T01:20:40Z"),
            until: at("2026-12-03T09:00:00Z"),
            amount: 200_000,
            rank: 4_312,
            count: 79_304,
        },
        Message::Waitlisted { title: title(), receipt: receipt(), position: 1_203, count: 34_319 },
    ]
    .into_iter()
    .chain(after())
    .chain(readdressed())
    .collect()
}

/// To an address of before.
fn readdressed() -> impl Iterator<Item = Message> {
    [false, true].into_iter().map(|withdrawn| {
        let (title, receipt) = ("통영사랑상품권 12월".to_owned(), "famx-6k54-dc9p-a7yz".to_owned());
        Message::Readdressed(Readdressed { title, receipt, at: at("2026-11-25T03:20:00Z"), withdrawn })
    })
}

/// Everything there is to say after the draw.
fn after() -> impl Iterator<Item = Message> {
    let held =
        Held { starts_at: at("2026-12-02T01:20:40Z"), until: at("2026-12-03T09:00:00Z"), amount: 200_000 };
    let (soon, why) = (at("2026-12-02T00:00:00Z"), || "은행 점검이 길어졌습니다".to_owned());
    let news = [
        News::CaughtUp(held),
        News::Offered(held),
        News::Later(held, why()),
        News::Longer(held, why()),
        News::Lapsed,
        News::Returned(soon),
        News::Ended(Reason::Resident, Some(soon)),
        News::Ended(Reason::Twice, None),
        News::Ended(Reason::Conditions, None),
    ];
    news.into_iter().map(|news| {
        let (title, receipt) = ("통영사랑상품권 12월".to_owned(), "famx-6k54-dc9p-a7yz".to_owned());
        Message::After(After { title, receipt, news })
    })
}

/// In CP949 ASCII takes one byte and everything else that [`carried`] lets through takes two.
fn cp949_bytes(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[test]
fn every_mail_says_who_sent_it_and_whom_to_ask_and_has_no_link() {
    for lang in Lang::ALL {
        for message in all() {
            let mail = compose(&message, lang, &from("통영시"));
            assert!(mail.subject.starts_with("[통영시] ") && !mail.subject.contains('\n'));
            assert!(mail.body.contains("055-650-0000"), "{}", mail.body);
            assert!(mail.body.contains("통영시 누리집"));
            for forbidden in ["http", "://", "www.", "\u{2068}", "No localization", "&#"] {
                assert!(!mail.body.contains(forbidden), "{forbidden} in {}", mail.body);
            }
            assert!(!mail.body.contains("\n\n\n"), "{}", mail.body);
            if !matches!(message, Message::Code { .. }) {
                assert!(mail.body.contains("famx-6k54-dc9p-a7yz"));
            }
        }
    }
}

#[test]
fn the_mail_of_an_assignment_holds_everything_needed_to_act() {
    let [_, _, _, _, _, assigned, ..] = &all()[..] else { unreachable!() };
    let korean = compose(assigned, Lang::Ko, &from("통영시")).body;
    for fact in
        ["12월 2일(수) 오전 10:20", "12월 3일(목) 오후 6:00", "200,000원", "79,304건 가운데 4,312번째"]
    {
        assert!(korean.contains(fact), "{fact} missing in\n{korean}");
    }
    let english = compose(assigned, Lang::En, &from("Tongyeong")).body;
    for fact in ["Wed 2 December, 10:20", "Thu 3 December, 18:00", "₩200,000", "4,312th of 79,304"] {
        assert!(english.contains(fact), "{fact} missing in\n{english}");
    }
}

#[test]
fn a_code_fits_one_short_message() {
    for (lang, municipality) in [
        (Lang::Ko, "통영시"),
        (Lang::Ko, "세종특별자치시"),
        (Lang::Ko, "제주특별자치도"),
        (Lang::KoSimple, "세종특별자치시"),
        (Lang::KoSimple, "제주특별자치도"),
        (Lang::En, "Tongyeong"),
        (Lang::En, "Sejong Metropolitan"),
    ] {
        for minutes in [3, 10] {
            let message = Message::Code { code: "012345".into(), minutes };
            let sms = text(&message, lang, &from(municipality));
            assert!(cp949_bytes(&sms) <= 90, "{} bytes: {sms}", cp949_bytes(&sms));
            assert!(sms.contains("012345"));
        }
    }
}

#[test]
fn every_text_can_be_carried_as_it_is() {
    for lang in Lang::ALL {
        for message in all() {
            let sms = text(&message, lang, &from("통영시"));
            assert!(sms.chars().all(|c| (' '..='~').contains(&c) || ('가'..='힣').contains(&c)), "{sms}");
            assert!(!sms.contains('?') && !sms.contains("http"));
        }
    }
}

#[test]
fn a_title_with_other_characters_becomes_one_that_can_be_carried() {
    assert_eq!(carried("‘통영’ – ₩10,000\u{2068}\u{a0}🎟\u{7}"), "'통영' - KRW 10,000 ??");
    // As official titles are written, and as every carrier carries them.
    let official = "설ㆍ추석 「온누리상품권」 제①회 → 大 30㎡·25℃…";
    assert_eq!(carried(official), official);
}

#[test]
fn own_words_with_a_value_that_no_carrier_carries_are_told_all_the_same() {
    let from = from("통영시");
    let [_, _, _, _, voided, ..] = &all()[..] else { unreachable!() };
    let told = |own: &str| whole_text(voided, Some(own), Lang::Ko, &from, Some("7K3M-9QXA"));
    assert!(told("무효 「12월」 7호").starts_with("무효 「12월」 7호 "), "{}", told("무효 「12월」 7호"));
    assert!(told("무효 ‘12월’ – 🎟").starts_with("무효 '12월' - ? "), "{}", told("무효 ‘12월’ – 🎟"));
    // Too long for any: the usual words.
    let long = "가".repeat(1_001);
    assert_eq!(told(&long), whole_text(voided, None, Lang::Ko, &from, Some("7K3M-9QXA")));
    for own in ["무효 🎟", &long] {
        assert!(bytes::measure(&told(own)).is_ok(), "{}", told(own));
    }
}

#[test]
fn an_address_of_before_hears_when_and_what_to_do_and_whether_the_entry_stands() {
    for lang in Lang::ALL {
        for message in readdressed() {
            let Message::Readdressed(told) = &message else { continue };
            let from = from("통영시");
            let (mail, sms) = (compose(&message, lang, &from).body, text(&message, lang, &from));
            let (mine, withdrawn) = match lang {
                Lang::En => ("My entry", "was withdrawn"),
                Lang::Ko => ("내 신청", "취소되었습니다"),
                Lang::KoSimple => ("내 신청", "그만두었습니다"),
            };
            for said in [&mail, &sms] {
                assert!(said.contains(&minute(told.at, lang)) && said.contains("055-650-0000"), "{said}");
                assert!(said.contains(withdrawn) == told.withdrawn, "{said}");
            }
            assert!(mail.contains(mine), "{mail}");
            // One thing to do, and nothing that the mail alone has room for.
            assert!(cp949_bytes(&sms) <= 220, "{} bytes: {sms}", cp949_bytes(&sms));
        }
    }
}

#[test]
fn what_is_said_after_the_draw_holds_the_new_time_and_fits_one_long_message() {
    for lang in Lang::ALL {
        for message in after() {
            let Message::After(After { news, .. }) = &message else { continue };
            let (mail, sms) =
                (compose(&message, lang, &from("통영시")).body, text(&message, lang, &from("통영시")));
            if let Message::After(after) = &message
                && let Some(held) = after.held()
            {
                assert!(mail.contains(&minute(held.starts_at, lang)), "{mail}");
                assert!(mail.contains(&minute(held.until, lang)) && sms.contains(&minute(held.until, lang)));
            }
            if let News::Later(_, why) | News::Longer(_, why) = news {
                assert!(mail.contains(why), "{mail}");
            }
            // One long message (LMS) has 2,000 bytes; nobody reads so much.
            assert!(cp949_bytes(&sms) <= 260, "{} bytes: {sms}", cp949_bytes(&sms));
        }
    }
}
