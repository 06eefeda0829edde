//! The page: what a clerk shows the council.

use chrono::DateTime;

use super::{
    Whose,
    charts::{self, Bar},
    frame, tables,
    text::{
        assumed, beginning_with, both, ending_in_english, enough, instant, named, plain, rule, seconds,
        shown, spike, times_over,
    },
};
use crate::{
    domain::{drill::Policy, plan::number},
    drill::{Outcome, outcome::Figure},
    words::number::grouped,
};

/// The page, signed by the key of this name.
pub fn page(outcome: &Outcome, key: &str, whose: Whose) -> String {
    let drill = &outcome.drill;
    frame::page(
        &drill.title,
        &[
            frame::head(drill),
            verdict(outcome),
            sizes(outcome),
            arrivals(outcome),
            spikes(outcome),
            format!(
                "<section><h2>{}</h2>{}</section>",
                both("실제 접속으로 한 회차", "The round over sockets"),
                tables::sockets(outcome)
            ),
            trouble(outcome),
            frame::foot(drill, key, whose),
        ],
    )
}

fn verdict(outcome: &Outcome) -> String {
    if outcome.held.is_empty() {
        let (told_ko, told_en) = match outcome.sockets.told.2 {
            0 => ("모두가 결과를 받았습니다".to_owned(), "everybody was told".to_owned()),
            listed => {
                let listed = grouped(listed);
                (
                    format!("모두가 결과를 받았거나 편지와 전화로 알릴 명단에 있습니다({listed}명)"),
                    format!("everybody was told or stands on the list for letters and calls ({listed})"),
                )
            }
        };
        return format!(
            "<section class=\"held\"><h2>{}</h2><p>{}</p></section>",
            both("이 회차는 견뎠습니다", "The round held"),
            both(
                &format!("빈손으로 돌아간 사람이 없고, 한도를 넘은 곳이 없고, {told_ko}."),
                &format!("Nobody was turned away, nothing was over its limit, and {told_en}."),
            )
        );
    }
    let reasons = outcome.held.iter();
    let reasons: String = reasons
        .map(|reason| {
            let ko = beginning_with(&reason.subject, &reason.ko)
                .unwrap_or_else(|| ending_in_english(&reason.ko, &reason.said));
            format!("<li>{}</li>", both(&ko, &plain(&reason.en)))
        })
        .collect();
    format!(
        "<section class=\"failed\"><h2>{}</h2><ul>{reasons}</ul></section>",
        both("이 회차는 견디지 못했습니다", "The round did not hold")
    )
}

fn sizes(outcome: &Outcome) -> String {
    let people = &outcome.people;
    let (whole, sockets) = (grouped(people.whole), grouped(people.sockets));
    let (one_in, stretch) = (number(people.one_in), number((1.0 / outcome.drill.scale).round()));
    let (ten_ko, ten_en) = seconds(people.window_hours * 3_600.0);
    let (enough_ko, enough_en) = enough(people.enough);
    let sample = people.one_in > 1.0;
    let (drawn_ko, drawn_en) = match sample {
        true => (
            format!(
                "전체 {whole}명 가운데 {one_in}명에 1명을 실제 추첨 코드로 배정해 셌습니다(구간도 그만큼 길게 봅니다)."
            ),
            format!(
                "Of {whole} people, one in {one_in} was placed by the real draw and counted, in windows as much longer."
            ),
        ),
        false => (
            format!("전체 {whole}명을 실제 추첨 코드로 배정해 셌습니다."),
            format!("All {whole} people were placed by the real draw and counted."),
        ),
    };
    format!(
        "<section><h2>{}</h2><ul><li>{}</li><li>{}</li><li>{}</li></ul></section>",
        both("무엇이 실제이고 무엇이 계산인가", "What is real and what is computed"),
        both(&drawn_ko, &drawn_en),
        both(
            &format!(
                "{sockets}명은 실제 서버에 접속해 처음부터 끝까지 했습니다(신청 또는 명부, 결과, 구매, 남은 자리). 한도는 \
                 {stretch}배 긴 구간으로 견줍니다(10초 구간은 {ten_ko}). {enough_ko}"
            ),
            &format!(
                "{sockets} people went through the whole round on the real server: entering or a roster, results, \
                 purchase, leftovers. Limits are compared in windows {stretch} times as long (10 s are {ten_en}). \
                 {enough_en}"
            ),
        ),
        both(
            "판매처(구매권 API로 예약하고 결제를 알립니다), 문자 업체, 메일 서버는 이 컴퓨터의 대역입니다. 두 가지 다른 \
             규칙은 접속 없이 계산만 했습니다.",
            "Seller (it reserves through the pass API and says what was paid), SMS vendors and mail server are stand-ins \
             on this machine. The two other rules were only computed.",
        )
    )
}

fn arrivals(outcome: &Outcome) -> String {
    let capacity = outcome.seller.2 * 10.0;
    let most = outcome.policies.iter().map(|policy| policy.peak).fold(capacity, f64::max);
    let chart = |policy: &Policy| {
        let ((ko, en), (part_ko, part_en)) = (rule(policy.rule), shown(policy));
        let name = (format!("{ko}: {part_ko}"), format!("{en}: {part_en}"));
        let id = tables::id(en);
        let svg = charts::arrivals(&policy.curve, capacity, most, (&id, (&name.0, &name.1)));
        let table = tables::arrivals(policy, rule(policy.rule), outcome.people.one_in);
        let (ko, en) = assumed(policy);
        format!("{svg}<p>{}</p>{table}", both(&ko, &en))
    };
    let charts: String = outcome.policies.iter().map(chart).collect();
    let price = outcome.each.map_or_else(String::new, |each| {
        let (shared, first_come) = (grouped(each.shared), grouped(each.first_come));
        let text = both(
            &format!(
                "개인 시간에서는 모두가 한 사람 평균 {shared}원을 받고, 다른 규칙에서는 먼저 온 사람이 {first_come}원씩 받고 나머지는 \
                 받지 못합니다."
            ),
            &format!(
                "With a minute of one's own everybody gets {shared} won on average; under the other rules whoever is in time \
                 gets {first_come}, and the others nothing."
            ),
        );
        format!("<p>{text}</p>")
    });
    let (name_ko, name) = (named(&outcome.seller.0, "span"), plain(&outcome.seller.0));
    let (said, takes) = (number(outcome.seller.1), number(outcome.seller.2));
    format!(
        "<section><h2>{}</h2><p>{}</p>{charts}<p>{}</p>{}{price}</section>",
        both("10초마다 오는 사람과 한도", "Arrivals per 10 s against the capacity"),
        both(
            &format!(
                "{name_ko}: 1초에 {said}명이라고 하며, 이 훈련에서는 {takes}명입니다. 눈금은 10배씩 커집니다. 가로축은 시작부터입니다."
            ),
            &format!(
                "{name}: says {said} people a second, takes {takes} in this drill. Each line of the scale is ten times the \
                 one below; time runs from the beginning."
            ),
        ),
        both(
            "아래 표는 계산입니다. 일부러 일으킨 장애가 없고 모두 제때 한 번 오는 것으로 세었습니다. 장애가 모두 있을 때 얼마나 \
             기다렸는지는 ‘실제 접속으로 한 회차’에 있습니다.",
            "The table below was computed in process: without any trouble, and with everybody on time and coming once. How long \
             people waited with all the trouble stands under “The round over sockets”.",
        ),
        tables::policies(outcome)
    )
}

fn spikes(outcome: &Outcome) -> String {
    let bars: Vec<Bar> = outcome
        .spikes
        .iter()
        .map(|row| {
            let (ko, en) = spike(row.spike);
            let (name_ko, name) = (named(&row.dependency, "tspan"), plain(&row.dependency));
            let counted = [row.whole, row.sockets]
                .into_iter()
                .flatten()
                .map(Figure::share)
                .fold(None, |most: Option<f64>, share| Some(most.map_or(share, |most| most.max(share))));
            Bar {
                name: (format!("{ko}: {name_ko}"), format!("{en}: {name}")),
                planned: row.planned.map(Figure::share),
                counted,
            }
        })
        .collect();
    format!(
        "<section><h2>{}</h2><p>{}</p>{}{}</section>",
        both("다섯 고비: 계획과 실제", "The five spikes: planned and counted"),
        both(
            "빈 막대는 계획, 찬 막대는 센 값(전체 규모의 계산, 실제 접속) 가운데 큰 것입니다. 한도에 대한 몫입니다.",
            "Empty bars: planned. Filled: the larger of what was counted at full size in process and over sockets. As \
             shares of the limit.",
        ),
        charts::shares(&bars, ("shares", ("한도에 대한 몫", "Shares of the limits"))),
        tables::spikes(outcome)
    )
}

fn trouble(outcome: &Outcome) -> String {
    let all = outcome.broke_first.iter();
    let (ko, en) = times_over(all.map(|one| (one.dependency.as_str(), one.times())));
    let broke = match outcome.broke_first.first().and_then(|one| DateTime::from_timestamp(one.at, 0)) {
        None => both("이 회차에서 한도를 넘은 곳은 없습니다.", "Nothing was over its limit in this round."),
        Some(at) => {
            let (at_ko, at_en) = instant(at);
            both(
                &format!("먼저 무너진 것(모의 시각 {at_ko}부터): {ko}"),
                &plain(&format!("Broke first, from {at_en} on the drill's clock: {en}")),
            )
        }
    };
    format!(
        "<section><h2>{}</h2>{}<p>{broke}</p></section>",
        both("일부러 일으킨 장애", "Trouble that was made"),
        tables::troubles(outcome)
    )
}
