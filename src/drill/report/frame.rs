//! What every page of a report has: its head with the two buttons, what was drilled, and how it is checked and done again.
//! It needs nothing but itself, and no script; one of the buttons of its own style sheet chooses the language.

use super::{
    Drill, Whose,
    text::{both, instant, plain},
};

const STYLE: &str = include_str!("page.css");

/// A page of these sections.
pub fn page(title: &(String, String), main: &[String]) -> String {
    let title = format!("{} / {}", plain(&title.0), plain(&title.1));
    format!(
        "<!DOCTYPE html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>모의훈련 보고 · Drill report: {title}</title>\
         <style>{STYLE}</style></head><body>\
         <header><fieldset><legend>{}</legend>\
         <input type=\"radio\" name=\"language\" id=\"to-ko\" checked><label for=\"to-ko\" lang=\"ko\">한국어</label>\
         <input type=\"radio\" name=\"language\" id=\"to-en\"><label for=\"to-en\" lang=\"en\">English</label>\
         </fieldset></header><main>{}</main></body></html>\n",
        both("언어", "Language"),
        main.join("\n")
    )
}

/// Of which round, and when.
pub fn head(drill: &Drill) -> String {
    let (made_ko, made_en) = instant(drill.made_at);
    format!(
        "<h1>{}</h1><p>{}</p>",
        both(
            &format!("모의훈련 보고: {}", plain(&drill.title.0)),
            &format!("Drill report: {}", plain(&drill.title.1))
        ),
        both(
            &format!("{made_ko}에 만들었습니다. 주민은 모두 가상이고 시간은 빨리 감았습니다."),
            &format!("Made {made_en}, Korean time. All residents are synthetic, and time was hurried."),
        )
    )
}

/// By whose signature, and how it is done again.
pub fn foot(drill: &Drill, key: &str, whose: Whose) -> String {
    let key = plain(key);
    let (whose_ko, whose_en) = match whose {
        Whose::Deployment => (
            "이 기관의 열쇠입니다. 회차 규칙(rules.json)의 signing_key와 같은지 견주십시오.",
            "It is the deployment's: compare it with signing_key of the rules (rules.json) of a round.",
        ),
        Whose::Drill => (
            "이 훈련을 위해 만든 열쇠입니다. 파일이 서로 맞는다는 것만 말하고, 누가 만들었는지는 말하지 않습니다.",
            "This key was made for this drill: it says that the files belong together, and not who made them.",
        ),
    };
    let command = format!(
        "jebi drill {} --scale {} --seed {} --sample {} --capacity {}",
        plain(&drill.scenario),
        drill.scale,
        drill.seed,
        drill.sample,
        drill.capacity
    );
    let rows = [
        (both("명령", "Command"), format!("<code>{command}</code>")),
        (both("jebi 버전", "Version of jebi"), drill.version.to_owned()),
        (
            both("규칙과 계획의 다이제스트", "Digest of rules and plan"),
            format!("<code>{}</code>", drill.subject),
        ),
        (
            both("확인하는 법", "To check it"),
            format!(
                "<code>jebi-audit note report.note --key {key}</code>, <code>sha256sum report.json index.html</code>"
            ),
        ),
        (both("서명 열쇠", "Signing key"), format!("{} <code>{key}</code>", both(whose_ko, whose_en))),
    ];
    let rows: String = rows.map(|(what, said)| format!("<dt>{what}</dt><dd>{said}</dd>")).concat();
    format!(
        "<section><h2>{}</h2><p>{}</p><dl>{rows}</dl></section>",
        both("서명과 되풀이", "Signature, and doing it again"),
        both(
            "report.note는 이 쪽과 report.json의 다이제스트에 서명한 것입니다.",
            "report.note signs the digests of this page and of report.json.",
        ),
    )
}
