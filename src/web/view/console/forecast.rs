//! A forecast in the reader's words: how many people, the load that they are, and what would not hold.

use super::plan::{per, sentences, spike};
use crate::{
    domain::plan::{Between, Forecast, Nothing, Plan, number},
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
    /// The limit, with what it is counted per.
    pub limit: String,
    /// Whether it may be too much.
    pub over: bool,
}

/// How many will have entered at the close, and what that means.
#[derive(Clone, Debug)]
pub struct ForecastView {
    /// At the close.
    pub expected: u64,
    /// With 95 %: from …
    pub low: u64,
    /// … to.
    pub high: u64,
    /// Limits, the tightest first.
    pub loads: Vec<LoadRow>,
    /// Why the plan does not hold with as many as are expected.
    pub warnings: Vec<String>,
    /// Why it would not with the most.
    pub possible: Vec<String>,
}

/// A forecast in the reader's words, with the plans of as many as are expected and of the most.
pub fn forecast_view(
    forecast: &Forecast,
    [expected, most]: [&Plan; 2],
    loads: &[Between],
    page: &Page,
) -> ForecastView {
    let row = |one: &Between| LoadRow {
        spike: spike(one.spike, page),
        dependency: one.dependency.clone(),
        loads: [number(one.low), number(one.expected), number(one.high)],
        limit: format!("{} {}", number(one.limit), per(one.per, page)),
        over: one.is_over(),
    };
    ForecastView {
        expected: forecast.expected,
        low: forecast.low,
        high: forecast.high,
        loads: loads.iter().map(row).collect(),
        warnings: sentences(expected, page),
        possible: sentences(most, page),
    }
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
        Nothing::Served => t!(here, "console-forecast-served"),
        Nothing::Void => t!(here, "no-forecast-void"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody reads that nobody has entered where somebody has.
    #[test]
    fn each_reason_has_its_own_sentence_in_every_language() {
        let all = [
            Nothing::NotOpen,
            Nothing::NobodyYet,
            Nothing::Nobody,
            Nothing::TooSoon,
            Nothing::Served,
            Nothing::Void,
        ];
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
            expected: 9_000,
            low: 7_000,
            high: 11_000,
            loads: vec![LoadRow {
                spike: "slot starts".into(),
                dependency: samples.word("bank"),
                loads: ["17.5", "22.5", "27.5"].map(Into::into),
                limit: "24".into(),
                over: true,
            }],
            warnings: vec![samples.word("bank")],
            possible: vec![samples.word("bank")],
        }
    }
}
