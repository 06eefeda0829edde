//! The words of the report: one page has both languages, and nothing else of the service uses them.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        drill::{Policy, Rule},
        plan::{Spike, number},
    },
    drill::{
        TroubleKind,
        names::{is_english, korean},
    },
    words::{
        Lang,
        instant::{clock, long_date},
    },
};

/// A text in both languages, of which the page shows one. Neither may hold markup that was not meant.
pub fn both(ko: &str, en: &str) -> String {
    format!("<span class=\"ko\" lang=\"ko\">{ko}</span><span class=\"en\" lang=\"en\">{en}</span>")
}

/// An instant with its weekday, in Korean and in English.
pub fn instant(at: DateTime<Utc>) -> (String, String) {
    let said = |lang| format!("{} {}", long_date(at, lang), clock(at, lang));
    (said(Lang::Ko), said(Lang::En))
}

/// What came from elsewhere, made harmless.
pub fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Korean that ends with what the program said in English, made harmless: whoever hears the page hears that in English.
pub fn ending_in_english(ko: &str, said: &str) -> String {
    match ko.strip_suffix(said) {
        Some(begins) if !said.is_empty() => {
            format!("{}<span lang=\"en\">{}</span>", plain(begins), plain(said))
        }
        _ => plain(ko),
    }
}

/// Whose limit, in the Korean of a page, made harmless. English that has no Korean name stands in an element of its own, of
/// this kind, that says so: in a chart it is another one than elsewhere.
pub fn named(name: &str, element: &str) -> String {
    let (said, name) = (korean(name), plain(korean(name)));
    match is_english(said) {
        true => format!("<{element} lang=\"en\">{name}</{element}>"),
        false => name,
    }
}

/// Korean that begins with whose limit it is, likewise.
pub fn beginning_with(subject: &str, ko: &str) -> Option<String> {
    let rest = ko.strip_prefix(korean(subject)).filter(|_| !subject.is_empty())?;
    Some(named(subject, "span") + &plain(rest))
}

/// A rule's name.
pub fn rule(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::Personal => ("개인 시간(이 회차의 규칙)", "A minute of one's own (this round)"),
        Rule::Common => ("선착순(모두 한 시각)", "First come, first served (one moment for all)"),
        Rule::BirthDigit => ("출생연도 끝자리 5부제", "Five days by birth digit"),
    }
}

/// The same at the head of a column.
pub fn rule_in_short(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::Personal => ("개인 시간", "own minute"),
        Rule::Common => ("선착순", "first come"),
        Rule::BirthDigit => ("5부제", "birth digit"),
    }
}

/// What was taken for granted about who comes under a rule.
pub fn assumed(policy: &Policy) -> (String, String) {
    let percent = |share: f64| number((share * 1_000.0).round() / 10.0);
    let (show, waiting) = (percent(policy.show), percent(policy.waiting));
    match policy.rule {
        Rule::Personal => (
            format!(
                "가정: 시간을 받은 사람의 {show}%가 오고, 온 사람의 {waiting}%가 제 시각에 맞추어 옵니다."
            ),
            format!(
                "Assumed: {show} % of those with a minute come, and {waiting} % of these at that minute."
            ),
        ),
        Rule::Common | Rule::BirthDigit => (
            format!(
                "가정: 바라는 사람의 {show}%가 오고, 온 사람의 {waiting}%가 시작 시각을 기다리고 있습니다."
            ),
            format!(
                "Assumed: {show} % of those who want something come, and {waiting} % of these wait for the beginning."
            ),
        ),
    }
}

/// What of the time a rule's chart shows.
pub fn shown(policy: &Policy) -> (String, String) {
    let (ko, en) = seconds(policy.curve.seconds);
    match policy.rule {
        Rule::Personal => ("처음부터 끝까지".to_owned(), "from the first to the last who comes".to_owned()),
        Rule::Common => (format!("첫 {ko}"), format!("its first {en}")),
        Rule::BirthDigit => (
            format!("닷새 가운데 가장 몰린 날, 하루의 첫 {ko}"),
            format!("the fullest of five days, its first {en}"),
        ),
    }
}

/// A spike's name.
pub fn spike(spike: Spike) -> (&'static str, &'static str) {
    match spike {
        Spike::Opening => ("신청 시작", "opening"),
        Spike::Deadline => ("신청 마감", "deadline"),
        Spike::Results => ("결과 발표", "results"),
        Spike::Starts => ("구매 시간", "minutes"),
        Spike::Leftovers => ("남은 자리", "leftovers"),
    }
}

/// What was done to the round.
pub fn trouble(kind: TroubleKind) -> (&'static str, &'static str) {
    match kind {
        TroubleKind::Identity => ("본인 확인 10% 장애", "identity check 10 % down"),
        TroubleKind::Vendor => {
            ("문자 업체 한 곳 중단(결과 발송 도중)", "one SMS vendor dead half way through the results")
        }
        TroubleKind::Bank => ("은행 한도 소진 30분", "bank limit reached for 30 minutes"),
        TroubleKind::Outage => {
            ("서비스 5분 중단(구매 도중)", "service away for 5 minutes in the middle of the purchases")
        }
        TroubleKind::Restart => ("서비스 중단 후 재시작", "service stopped and started again"),
    }
}

/// In how many spikes those over sockets are enough to test a limit, of how many.
pub fn enough((some, all): (u64, u64)) -> (String, String) {
    match some {
        0 => (
            "실제 접속한 사람이 너무 적어 한도에 닿을 수 없습니다. 한도는 계산으로만 견줍니다.".to_owned(),
            "There are too few people over sockets to test any limit: only what was counted in process says whether \
             they hold."
                .to_owned(),
        ),
        some if some < all => (
            format!("한도에 닿을 만큼 사람이 있는 것은 {all}곳 가운데 {some}곳입니다. 나머지는 계산으로만 견줍니다."),
            format!(
                "They are enough to test {some} of {all} limits; for the others there are too few people over sockets, \
                 and only what was counted in process says whether they hold."
            ),
        ),
        _ => (String::new(), String::new()),
    }
}

/// That the fullest ten seconds of a rule are a mean: of a sample, one's own minute is counted in windows as much longer. The two
/// other rules are counted in true ten seconds, and so is one's own minute where everybody is drawn.
pub fn averaged(rule: Rule, one_in: f64) -> Option<(String, String)> {
    let (ko, en) = seconds(10.0 * one_in);
    (rule == Rule::Personal && one_in > 1.0)
        .then(|| (format!("{ko} 구간의 10초 평균"), format!("10 s on average over windows of {en}")))
}

/// Seconds as people say them.
pub fn seconds(seconds: f64) -> (String, String) {
    match seconds {
        s if s < 90.0 => (format!("{}초", number(s.round())), format!("{} s", number(s.round()))),
        s if s < 5_400.0 => {
            (format!("{}분", number((s / 60.0).round())), format!("{} min", number((s / 60.0).round())))
        }
        s if s < 172_800.0 => (format!("{}시간", number(s / 3_600.0)), format!("{} h", number(s / 3_600.0))),
        s => (format!("{}일", number(s / 86_400.0)), format!("{} days", number(s / 86_400.0))),
    }
}

/// Limits, and how many times over each was: in Korean as markup, in English as text.
pub fn times_over<'n>(all: impl Iterator<Item = (&'n str, f64)>) -> (String, String) {
    let said = all.map(|(name, times)| {
        let times = number(times);
        (format!("{} 한도의 {times}배", named(name, "span")), format!("{name} {times} times its limit"))
    });
    let (ko, en): (Vec<String>, Vec<String>) = said.unzip();
    (ko.join(", "), en.join(", "))
}

/// What broke first under a rule, and how long after the beginning, as [`times_over`]; nothing if nothing did.
pub fn broke_first(policy: &Policy) -> Option<(String, String)> {
    let first = policy.broke_first.first()?;
    let (after_ko, after_en) = seconds(first.after);
    let (ko, en) = times_over(policy.broke_first.iter().map(|one| (one.name.as_str(), one.times)));
    Some((format!("{after_ko} 뒤: {ko}"), format!("after {after_en}: {en}")))
}

/// A rule in one line of a terminal.
pub fn policy_line(policy: &Policy) -> String {
    let (_, name) = rule(policy.rule);
    let broke = broke_first(policy)
        .map_or_else(|| "nothing over its limit".to_owned(), |(_, en)| format!("broke first {en}"));
    format!(
        "{name}: fullest 10 s {}, waits {} on average and {} at most, {} turned away; {broke}",
        number(policy.peak.round()),
        seconds(policy.waits.0).1,
        seconds(policy.waits.2).1,
        number(policy.turned_away.round()),
    )
}
