//! The tables: every figure of a chart, and those that have none.

use super::text::{
    averaged, both, broke_first, instant, named, plain, rule_in_short, seconds, spike, trouble,
};
use crate::{
    domain::{
        draft::Carries,
        drill::{Policy, Rule},
        plan::number,
    },
    drill::{
        Outcome,
        outcome::{Figure, Row},
        reasons::per,
    },
    words::number::grouped,
};

/// A table with its name and headings in both languages; cells are markup already. It can be moved to the side where it is
/// wider than the screen, also with keys, and so it is a place of its own with that name.
fn table(name: (&str, &str), heads: &[(&str, &str)], rows: &[Vec<String>]) -> String {
    let id = id(name.1);
    let heads: String =
        heads.iter().map(|(ko, en)| format!("<th scope=\"col\">{}</th>", both(ko, en))).collect();
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("<th scope=\"row\">{cell}</th>"),
            _ => format!("<td>{cell}</td>"),
        });
        format!("<tr>{}</tr>", cells.collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<section class=\"wide\" tabindex=\"0\" aria-labelledby=\"{id}\"><table><caption id=\"{id}\">{}</caption>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>",
        both(name.0, name.1)
    )
}

/// What a name is called within the page.
pub fn id(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_lowercase()
}

/// The arrivals of a chart: of each of so many parts of its time the fullest ten seconds. As many as are read: all bars are
/// in the figures.
pub fn arrivals(policy: &Policy, name: (&str, &str), one_in: f64) -> String {
    const PARTS: u32 = 24;
    let bins = &policy.curve.bins;
    let each = bins.len().div_ceil(PARTS as usize).max(1);
    let parts = bins.chunks(each);
    let row = |(part, bins): (u32, &[f64])| {
        let from = policy.curve.seconds * f64::from(part) / f64::from(PARTS);
        vec![span(from), number(bins.iter().copied().fold(0.0, f64::max).round())]
    };
    let rows: Vec<Vec<String>> = (0..PARTS).zip(parts).map(row).collect();
    let (ko, en) = with(
        (&format!("{}: 구간별", name.0), &format!("{}: by parts", name.1)),
        averaged(policy.rule, one_in),
    );
    let table =
        table((&ko, &en), &[("시작부터", "since the beginning"), ("가장 몰린 10초", "fullest 10 s")], &rows);
    let all = both(
        &format!(
            "한 줄은 막대 {each}개 가운데 가장 높은 것입니다. 막대 {}개는 모두 report.json에 있습니다.",
            bins.len()
        ),
        &format!("Each row is the highest of {each} bars of the chart; report.json has all {}.", bins.len()),
    );
    format!("<details><summary>{}</summary>{table}<p>{all}</p></details>", both("표로 보기", "As a table"))
}

/// A heading, with what is to be known beside it.
fn with((ko, en): (&str, &str), more: Option<(String, String)>) -> (String, String) {
    match more {
        Some((more_ko, more_en)) => (format!("{ko} ({more_ko})"), format!("{en} ({more_en})")),
        None => (ko.to_owned(), en.to_owned()),
    }
}

fn span(value: f64) -> String {
    let (ko, en) = seconds(value);
    both(&ko, &en)
}

/// The three rules, each a column: so the table fits on a telephone.
pub fn policies(outcome: &Outcome) -> String {
    let all = &outcome.policies;
    let people = |count: f64| number(count.round());
    let broke = |policy: &Policy| {
        let said = broke_first(policy);
        said.map_or_else(|| both("없음", "nothing"), |(ko, en)| both(&ko, &plain(&en)))
    };
    let row = |(ko, en): (&str, &str), cell: &dyn Fn(&Policy) -> String| {
        std::iter::once(both(ko, en)).chain(all.iter().map(cell)).collect::<Vec<String>>()
    };
    let mut rows = vec![
        row(("가장 몰린 10초", "fullest 10 s"), &|one| people(one.peak)),
        row(("한도를 넘은 구간", "windows over the limit"), &|one| {
            format!("{} / {}", grouped(one.over.0), grouped(one.over.1))
        }),
        row(("동시에 기다린 사람", "waiting at once"), &|one| people(one.door)),
        row(("온 사람", "came"), &|one| people(one.come)),
        row(("받은 사람", "served"), &|one| people(one.served)),
        row(("돌아간 사람", "turned away"), &|one| people(one.turned_away)),
        row(("평균 대기", "mean wait"), &|one| span(one.waits.0)),
        row(("95%의 대기", "95 in 100 wait"), &|one| span(one.waits.1)),
        row(("가장 긴 대기", "longest wait"), &|one| span(one.waits.2)),
        row(("먼저 무너진 것", "broke first"), &broke),
    ];
    if let Some(each) = &outcome.each {
        // Whoever is turned away gets nothing; among those who are not, it is divided by fewer.
        let won = |one: &Policy| match one.rule {
            Rule::Personal => grouped(each.shared),
            Rule::Common | Rule::BirthDigit => grouped(each.first_come),
        };
        rows.push(row(("한 사람이 받는 금액(원)", "won each"), &won));
    }
    let heads: Vec<(&str, &str)> =
        std::iter::once(("항목", "what")).chain(all.iter().map(|one| rule_in_short(one.rule))).collect();
    let own = averaged(Rule::Personal, outcome.people.one_in);
    let own = own.map(|(ko, en)| (format!("개인 시간은 {ko}"), format!("own minute: {en}")));
    let (ko, en) = with(("세 가지 규칙", "The three rules"), own);
    table((&ko, &en), &heads, &rows)
}

/// The five spikes.
pub fn spikes(outcome: &Outcome) -> String {
    // Beside what was taken then, where that is not the limit of the row: in a dip, or as the plan was told.
    let figure = |row: &Row, figure: Option<Figure>| match figure {
        None => "–".to_owned(),
        Some(one) if (one.limit - row.limit).abs() < 1e-9 => number(one.load),
        Some(one) => format!("{} / {}", number(one.load), number(one.limit)),
    };
    let rows: Vec<Vec<String>> = outcome
        .spikes
        .iter()
        .map(|row| {
            let ((ko, en), (per_ko, per_en)) = (spike(row.spike), per(row.per));
            let limit = number(row.limit);
            let (name_ko, name) = (named(&row.dependency, "span"), plain(&row.dependency));
            vec![
                both(&format!("{ko}: {name_ko}"), &format!("{en}: {name}")),
                both(&format!("{per_ko} {limit}"), &format!("{limit} {per_en}")),
                figure(row, row.planned),
                figure(row, row.whole),
                figure(row, row.sockets),
            ]
        })
        .collect();
    table(
        ("다섯 고비", "The five spikes"),
        &[
            ("몰리는 때", "spike"),
            ("한도", "limit"),
            ("계획", "plan"),
            ("계산", "in process"),
            ("접속", "sockets"),
        ],
        &rows,
    )
}

/// What happened over sockets.
pub fn sockets(outcome: &Outcome) -> String {
    let s = &outcome.sockets;
    let n = |count: u64| grouped(count);
    #[allow(clippy::cast_precision_loss, reason = "seconds")]
    let (most, longest) = (s.waits.1 as f64, s.waits.2 as f64);
    let refused = |what: &str| n(s.refusals.get(what).copied().unwrap_or(0));
    let (met, limits) = outcome.people.enough;
    let mut rows = vec![
        vec![both("참여한 사람", "people"), n(outcome.people.sockets)],
        vec![
            both(
                "이만큼의 사람이 닿을 수 있는 한도 / 모든 한도",
                "limits that so many can test / all limits",
            ),
            format!("{} / {}", n(met), n(limits)),
        ],
    ];
    if s.entered > 0 {
        rows.push(vec![both("접수된 신청", "entries acknowledged"), n(s.entered)]);
        rows.push(vec![
            both("두 번 누르거나 다시 온 사람(신청은 하나)", "tapped twice or came back (one entry each)"),
            n(s.repeated),
        ]);
        rows.push(vec![
            both("시작 전에 와서 안내받음", "came before the opening, and were told"),
            n(s.wrong_time.0),
        ]);
        rows.push(vec![
            both("마감 뒤에 와서 안내받음", "came after the close, and were told"),
            n(s.wrong_time.1),
        ]);
    }
    rows.extend(s.asked.iter().map(|(what, count)| {
        let (ko, en) = match what {
            Carries::Pages => ("신청할 때 연 화면", "pages while people entered"),
            Carries::Texts => ("신청 때 문자로 나간 인증번호", "codes by text while people entered"),
            Carries::Mails => ("신청 때 메일로 나간 인증번호", "codes by mail while people entered"),
        };
        vec![both(ko, en), n(*count)]
    }));
    rows.extend([
        vec![both("배정", "places"), n(s.placed.0)],
        vec![both("예비", "waitlist"), n(s.placed.1)],
        vec![both("결과를 꼭 한 번 받음", "told their result exactly once"), n(s.told.0)],
        vec![both("두 번 받음", "told twice"), n(s.told.1)],
        vec![both("미도달 명단(편지·전화)", "on the list of the unreached (letter, call)"), n(s.told.2)],
        vec![both("아무것도 받지 못함", "told nothing"), n(s.told.3)],
        vec![both("사러 온 사람", "came to buy"), n(s.come)],
        vec![both("제시간에 구매", "bought at their time"), n(s.bought.0)],
        vec![both("두 번째 시간에 구매", "bought at their second time"), n(s.bought.1)],
        vec![both("왔지만 끝내 사지 못함", "came, and have nothing in the end"), n(s.turned_away)],
        vec![both("평균 대기", "mean wait"), span(s.waits.0)],
        vec![both("95%의 대기", "95 in 100 waited at most"), span(most)],
        vec![both("가장 긴 대기", "longest wait"), span(longest)],
        vec![both("판매처 답: 붐빔", "the seller said: busy"), refused("busy")],
        vec![both("판매처 답: 이미 구매함", "the seller said: bought already"), refused("already")],
        vec![
            both("아직 시간이 아니어서 구매권이 없었음", "came before their time, and had no pass"),
            refused("not_yet"),
        ],
        vec![
            both("장부의 구매액 / 판매처의 판매액(원)", "won bought, by the ledger / by the seller"),
            format!("{} / {}", n(s.ledger.0), n(s.ledger.2)),
        ],
        vec![both("서비스가 없어 다시 온 요청", "requests that found nobody and came again"), n(s.away)],
        vec![both("주민이 겪은 오류", "errors residents met"), n(s.errors)],
    ]);
    table(("실제 접속에서 센 것", "Counted over sockets"), &[("항목", "what"), ("수", "count")], &rows)
}

/// What was done to the round.
pub fn troubles(outcome: &Outcome) -> String {
    let rows: Vec<Vec<String>> = outcome
        .trouble
        .iter()
        .map(|one| {
            let (ko, en) = trouble(one.kind);
            let (at_ko, at_en) = instant(one.at);
            let of = one.of.map_or_else(String::new, |of| format!(" / {}", grouped(of)));
            vec![both(ko, en), both(&at_ko, &at_en), grouped(one.met) + &of]
        })
        .collect();
    table(
        ("일으킨 장애", "Trouble that was made"),
        &[
            ("장애", "trouble"),
            ("모의 시각", "on the drill's clock"),
            ("영향을 받은 건수 / 그때 있던 사람", "met / of those who were there"),
        ],
        &rows,
    )
}
