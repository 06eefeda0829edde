//! That a terminal and the console state the same intervals, and of the same loads that they are assumed.

use super::forecast_shown;
use crate::{
    domain::plan::{Between, Forecast, Per, Scenario, Show, Spike, plan},
    lifecycle::forecast::{Planned, Warned},
    web::view::{ForecastView, Page, forecast_view},
    words::Lang,
};

fn people(low: u64, high: u64) -> Forecast {
    let made_at = "2027-01-05T00:00:00Z".parse().unwrap();
    Forecast { made_at, entered: 4_000, passed: 0.4, rounds: 3, expected: 10_000, low, high }
}

fn show(rounds: u32, low: f64, high: f64) -> Show {
    Show { rounds, expected: low, low, high, planned: 0.9 }
}

fn load(low: f64, high: f64) -> Between {
    let (dependency, spike, per, limit) = ("bank".to_owned(), Spike::Starts, Per::Second, 24.0);
    Between { dependency, spike, per, limit, low, expected: 20.5, high, planned: None }
}

/// What a terminal and the console say of the same forecast.
fn both(forecast: Forecast, show: Show, loads: Vec<Between>) -> (String, ForecastView) {
    let plan = plan(&Scenario::find("tongyeong").unwrap().draft().unwrap()).unwrap();
    let made = Planned { forecast, served: None, show, expected: plan.clone(), high: plan, loads };
    let page = Page {
        lang: Lang::En,
        path: "/console/rounds/a".to_owned(),
        municipality: String::new(),
        contact: String::new(),
        now: forecast.made_at,
        rehearsal: None,
        signed_in: true,
        leave: None,
        ending: None,
        theme: None,
    };
    let view = forecast_view(&made, &page);
    (forecast_shown(&Warned::from(made), None), view)
}

#[test]
fn both_state_the_same_intervals() {
    let (wide, narrow) = (load(15.0, 26.0), load(20.46, 20.54));
    let ends = |low: &str, high: &str| Some([low.to_owned(), high.to_owned()]);
    for (forecast, show, loads, stated) in [
        // How many come moves one load, and the other by less than is printed.
        (people(8_000, 13_000), show(0, 0.9, 0.9), vec![&wide, &narrow], vec![ends("15", "26"), None]),
        (people(8_000, 13_000), show(0, 0.9, 0.9), vec![&narrow], vec![None]),
        // So it is where past rounds say who buys.
        (people(10_000, 10_000), show(2, 0.8, 0.95), vec![&wide], vec![ends("15", "26")]),
        (people(10_000, 10_000), show(2, 0.8, 0.95), vec![&narrow, &narrow], vec![None, None]),
        (people(10_000, 10_000), show(2, 0.9999, 0.99999), vec![&narrow], vec![None]),
        (people(10_000, 10_000), show(0, 0.9, 0.9), vec![&narrow], vec![None]),
    ] {
        let (text, view) = both(forecast, show, loads.into_iter().cloned().collect());
        let said = format!("{text}{view:?}");
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("  slot start: ")).collect();
        assert_eq!((lines.len(), view.loads.len()), (stated.len(), stated.len()), "{said}");
        let any = stated.iter().any(Option::is_some);
        assert_eq!(view.interval, any, "{said}");
        for ((line, row), stated) in lines.iter().zip(&view.loads).zip(&stated) {
            match stated {
                Some([low, high]) => {
                    assert!(line.contains(&format!(", with 95 % {low} to {high}")), "{said}");
                    assert_eq!(row.loads, [low.as_str(), "20.5", high.as_str()], "{said}");
                }
                None => {
                    assert!(!line.contains("95 %"), "{said}");
                    let alone: &[&str] = if any { &["–", "20.5", "–"] } else { &["20.5"] };
                    assert_eq!(row.loads, alone, "{said}");
                }
            }
            assert_eq!(line.contains("(who buys is assumed)"), !view.learned, "{said}");
        }
        assert_eq!(view.learned, show.rounds > 0);
        // As it is of the people themselves, and of who of them buys.
        let differ = forecast.low < forecast.high;
        assert_eq!(text.contains("10,000 are expected, with 95 % "), differ, "{said}");
        assert_eq!(view.people.contains("(95 %: "), differ, "{said}");
        let differ = show.high < 0.99 && show.low < show.high;
        assert_eq!(text.contains("2 rounds before, with 95 % "), differ, "{said}");
        assert_eq!(view.show.contains("(95 %: "), differ, "{said}");
    }
}
