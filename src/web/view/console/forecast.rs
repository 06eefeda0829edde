//! A forecast in the reader's words: how many people, how many of them buy, the load that they are, and what would not hold.

use super::plan::{per, sentences, spike};
use crate::{
    domain::plan::{Between, Nothing, Show, number},
    lifecycle::forecast::Planned,
    web::view::Page,
    words::Lang,
};

/// What one limit must take with as many people as are forecast.
#[derive(Clone, Debug)]
pub struct LoadRow {
    /// Which spike.
    pub spike: String,
    /// Whose limit.
    pub dependency: String,
    /// With as few as may come, as are expected, and as many as may come.
    pub loads: [String; 3],
    /// With the share of them who buy by the plan, where past rounds say another.
    pub planned: Option<String>,
    /// The limit, with what it is counted per.
    pub limit: String,
    /// Whether it may be too much.
    pub over: bool,
}

/// How many will have entered at the close, and what that means.
#[derive(Clone, Debug)]
pub struct ForecastView {
    /// Whether all of a roster take part, and nobody enters.
    pub served: bool,
    /// At the close.
    pub expected: u64,
    /// With 95 %: from …
    pub low: u64,
    /// … to.
    pub high: u64,
    /// How many of those with a place buy, and how that is known.
    pub show: String,
    /// Whether past rounds say so.
    pub learned: bool,
    /// Limits, the tightest first.
    pub loads: Vec<LoadRow>,
    /// Why the plan does not hold with as many as are expected.
    pub warnings: Vec<String>,
    /// Why it would not with the most.
    pub possible: Vec<String>,
}

/// A forecast in the reader's words.
pub fn forecast_view(made: &Planned, page: &Page) -> ForecastView {
    let forecast = &made.forecast;
    let row = |one: &Between| LoadRow {
        spike: spike(one.spike, page),
        dependency: one.dependency.clone(),
        loads: [number(one.low), number(one.expected), number(one.high)],
        planned: one.planned.map(number),
        limit: format!("{} {}", number(one.limit), per(one.per, page)),
        over: one.is_over(),
    };
    ForecastView {
        served: made.served,
        expected: forecast.expected,
        low: forecast.low,
        high: forecast.high,
        show: who_buys(&made.show, page),
        learned: made.show.rounds > 0,
        loads: made.loads.iter().map(row).collect(),
        warnings: sentences(&made.expected, page),
        possible: sentences(&made.high, page),
    }
}

/// How many of those with a place buy.
fn who_buys(show: &Show, page: &Page) -> String {
    let percent = |share: f64| number(share * 100.0);
    let planned = percent(show.planned);
    if show.rounds == 0 {
        return t!(page, "console-forecast-show-assumed", planned = planned);
    }
    t!(
        page,
        "console-forecast-show",
        expected = percent(show.expected),
        low = percent(show.low),
        high = percent(show.high),
        rounds = show.rounds,
        planned = planned
    )
}

struct In {
    lang: Lang,
}

/// Why there is no forecast, in the reader's words.
pub fn no_forecast(why: Nothing, lang: Lang) -> String {
    let here = In { lang };
    match why {
        Nothing::NotOpen => t!(here, "no-forecast-not-open"),
        Nothing::NobodyYet => t!(here, "no-forecast-nobody-yet"),
        Nothing::Nobody => t!(here, "no-forecast-nobody"),
        Nothing::TooSoon => t!(here, "no-forecast-too-soon"),
        Nothing::Void => t!(here, "no-forecast-void"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody reads that nobody has entered where somebody has.
    #[test]
    fn each_reason_has_its_own_sentence_in_every_language() {
        let all = [Nothing::NotOpen, Nothing::NobodyYet, Nothing::Nobody, Nothing::TooSoon, Nothing::Void];
        for lang in Lang::ALL {
            let said: std::collections::BTreeSet<String> =
                all.iter().map(|why| no_forecast(*why, lang)).collect();
            assert_eq!(said.len(), all.len(), "{said:?}");
        }
        assert!(no_forecast(Nothing::NobodyYet, Lang::En).starts_with("Nobody has entered yet"));
        assert!(no_forecast(Nothing::TooSoon, Lang::En).starts_with("People have entered"));
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::view::samples::Samples;

    /// A forecast with which a plan does not hold.
    pub fn forecast(samples: &Samples) -> ForecastView {
        ForecastView {
            served: false,
            expected: 9_000,
            low: 7_000,
            high: 11_000,
            show: samples.word("배정받은 사람 가운데 86 %"),
            learned: true,
            loads: vec![LoadRow {
                spike: "slot starts".into(),
                dependency: samples.word("bank"),
                loads: ["17.5", "22.5", "27.5"].map(Into::into),
                planned: Some("23.4".into()),
                limit: "24".into(),
                over: true,
            }],
            warnings: vec![samples.word("bank")],
            possible: vec![samples.word("bank")],
        }
    }
}
