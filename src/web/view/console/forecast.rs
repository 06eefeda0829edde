//! A forecast in the reader's words: how many people, how many of them buy, the load that they are, and what would not hold.

use super::{
    plan::sentences,
    refusal::{per, spike},
};
use crate::{
    domain::plan::{Between, Nothing, Show, number},
    lifecycle::forecast::{Planned, Served},
    web::view::{In, Page},
    words::Lang,
};

/// What one limit must take with as many people as are forecast.
#[derive(Clone, Debug)]
pub struct LoadRow {
    /// Which spike.
    pub spike: String,
    /// Whose limit.
    pub dependency: String,
    /// With as few as may come, as are expected, and as many as may come; a dash where it has no interval, and as expected alone
    /// where none of them has one.
    pub loads: Vec<String>,
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
    /// How many will have entered at the close, or take part without entering.
    pub people: String,
    /// How many of those with a place buy, and how that is known.
    pub show: String,
    /// Whether past rounds say so.
    pub learned: bool,
    /// Whether one of the loads has an interval.
    pub interval: bool,
    /// Limits, the tightest first.
    pub loads: Vec<LoadRow>,
    /// Why the plan does not hold with as many as are expected.
    pub warnings: Vec<String>,
    /// With the most, or as many or few of them who buy as may.
    pub most: String,
    /// Why it would not hold then.
    pub possible: Vec<String>,
}

/// A forecast in the reader's words.
pub fn forecast_view(made: &Planned, page: &Page) -> ForecastView {
    let interval = made.loads.iter().any(|one| one.interval().is_some());
    let loads = |one: &Between| {
        let expected = number(one.expected);
        match one.interval() {
            Some([low, high]) => vec![low, expected, high],
            None if interval => vec!["–".to_owned(), expected, "–".to_owned()],
            None => vec![expected],
        }
    };
    let row = |one: &Between| LoadRow {
        spike: spike(one.spike, page.lang),
        dependency: one.dependency.clone(),
        loads: loads(one),
        planned: one.planned.map(number),
        limit: format!("{} {}", number(one.limit), per(one.per, page.lang)),
        over: one.is_over(),
    };
    let warnings = sentences(&made.expected, page);
    // What does not hold as expected either is said once.
    let possible = sentences(&made.high, page).into_iter().filter(|why| !warnings.contains(why)).collect();
    ForecastView {
        people: who_takes_part(made, page),
        show: who_buys(&made.show, page),
        learned: !made.show.is_assumed(),
        interval,
        loads: made.loads.iter().map(row).collect(),
        warnings,
        most: with_most(made, page),
        possible,
    }
}

/// How many enter, or take part without entering: people, or entries where a household has one.
fn who_takes_part(made: &Planned, page: &Page) -> String {
    let expected = page.count(made.forecast.expected);
    match made.served {
        None => match made.forecast.interval() {
            Some([low, high]) => t!(
                page,
                "console-forecast",
                expected = expected,
                low = page.count(low),
                high = page.count(high)
            ),
            None => t!(page, "console-forecast-alone", expected = expected),
        },
        Some(Served { enrolled: true, households: false }) => {
            t!(page, "console-forecast-served", people = expected)
        }
        Some(Served { enrolled: true, households: true }) => {
            t!(page, "console-forecast-served-entries", entries = expected)
        }
        Some(Served { enrolled: false, households: false }) => {
            t!(page, "console-forecast-serves", people = expected)
        }
        Some(Served { enrolled: false, households: true }) => {
            t!(page, "console-forecast-serves-entries", entries = expected)
        }
    }
}

/// With how many the plan may not hold. Where nobody enters no more may come than do; few buyers are a load, too.
fn with_most(made: &Planned, page: &Page) -> String {
    let high = page.count(made.forecast.high);
    match made.served {
        Some(_) => t!(page, "console-forecast-most-of-all"),
        None if made.show.is_assumed() => t!(page, "console-forecast-most", high = high),
        None => t!(page, "console-forecast-most-buy", high = high),
    }
}

/// How many of those with a place buy.
fn who_buys(show: &Show, page: &Page) -> String {
    let percent = |share: f64| number(share * 100.0);
    let planned = percent(show.planned);
    if show.is_assumed() {
        return t!(page, "console-forecast-show-assumed", planned = planned);
    }
    let (expected, rounds) = (percent(show.expected), show.rounds);
    match show.interval() {
        Some([low, high]) => t!(
            page,
            "console-forecast-show",
            expected = expected,
            low = low,
            high = high,
            rounds = rounds,
            planned = planned
        ),
        None => {
            t!(page, "console-forecast-show-alone", expected = expected, rounds = rounds, planned = planned)
        }
    }
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
            people: samples.word("마감 때 예상 9,000명"),
            show: samples.word("배정받은 사람 가운데 86 %"),
            learned: true,
            interval: true,
            loads: vec![LoadRow {
                spike: "slot starts".into(),
                dependency: samples.word("bank"),
                loads: ["17.5", "22.5", "27.5"].map(String::from).to_vec(),
                planned: Some("23.4".into()),
                limit: "24".into(),
                over: true,
            }],
            warnings: vec![samples.word("bank")],
            most: samples.word("가장 많이 와서 11,000명이 되면"),
            possible: vec![samples.word("bank")],
        }
    }
}
