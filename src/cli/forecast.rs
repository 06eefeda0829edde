//! `jebi plan --forecast`: how many enter and buy, and whether an announced round holds them.

use std::process::ExitCode;

use anyhow::Context;

use super::plan::Options;
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::plan::{Between, Forecast, Show, number},
    lifecycle::forecast::{Served, Warned, made},
    store,
    web::view::no_forecast,
    words::{Lang, number::grouped},
};

/// The forecast of a round as of now, and whether its plan holds. 0: it does; 1: it does not.
pub async fn of_round(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let slug = options.round().context("no round was named")?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(slug).await?.with_context(|| format!("there is no round `{slug}`"))?;
    let plan = store::plan::find(app.db.read(), round.row.id).await?;
    let plan = plan.with_context(|| format!("`{slug}` was announced before there were plans"))?;
    let planned = match made(&app, &plan, &round.row, app.clock.now()).await? {
        Ok(planned) => planned,
        Err(nothing) => {
            let why = no_forecast(nothing, Lang::En);
            if options.json {
                let said = serde_json::json!({ "nothing": nothing, "why": why });
                println!("{}", serde_json::to_string_pretty(&said)?);
            } else {
                println!("{slug}: {why}");
            }
            return Ok(ExitCode::SUCCESS);
        }
    };
    let warned = Warned::from(planned);
    if options.json {
        println!("{}", serde_json::to_string_pretty(&warned)?);
    } else {
        let used = store::round_roster::find(app.db.read(), round.row.id).await?;
        print!("{slug}: {}", forecast_shown(&warned, used.as_ref().map(|used| used.name.as_str())));
    }
    Ok(if warned.warnings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A forecast as a text; of a round of which all take part, perhaps those of this roster.
fn forecast_shown(warned: &Warned, roster: Option<&str>) -> String {
    let mut text = match warned.served {
        Some(served) => who_is_served(&warned.forecast, served, roster),
        None => who_enters(&warned.forecast),
    };
    text += &who_buys(&warned.show);
    let assumed = if warned.show.is_assumed() { " (who buys is assumed)" } else { "" };
    for load in &warned.loads {
        let Between { dependency, spike, per, limit, expected, planned, .. } = load;
        let within = within(load.interval());
        let planned = planned.map(number).filter(|planned| *planned != number(*expected));
        let planned =
            planned.map_or(String::new(), |load| format!(" ({load} with the plan's share who buy)"));
        text += &format!(
            "  {spike}: {dependency} must take {} {per}{within}{planned}{assumed}; its limit is {}\n",
            number(*expected),
            number(*limit)
        );
    }
    for warning in &warned.warnings {
        text += &format!("  WARNING, with those expected: {warning}\n");
    }
    for warning in &warned.possible {
        text += &format!("  {}: {warning}\n", warned.with_most());
    }
    text
}

fn who_is_served(forecast: &Forecast, served: Served, roster: Option<&str>) -> String {
    let (entered, expected) = (grouped(forecast.entered), grouped(forecast.expected));
    let (entries, each) = match served.households {
        true => (" entries", ", one of each household"),
        false => ("", ""),
    };
    match roster {
        Some(name) if served.enrolled => format!(
            "everybody on the roster `{name}` takes part, nobody has to enter\n  all {expected}{entries} are \
             enrolled{each}\n"
        ),
        Some(name) => format!(
            "everybody on the roster `{name}` takes part ({entered}{entries} are enrolled), nobody has to enter\n  \
             {expected}{entries} are expected{each}\n"
        ),
        None => format!("nobody has to enter; {expected} are expected\n"),
    }
}

fn who_enters(forecast: &Forecast) -> String {
    let Forecast { entered, passed, rounds, expected, .. } = *forecast;
    let curve = match rounds {
        0 => "by the assumed curve (nobody has measured it here: [expect] first_hour and last_hour bend it)"
            .to_owned(),
        rounds => format!("if they come as in {}", before(rounds)),
    };
    format!(
        "{} have entered, {} % of those who come {curve}\n  at the close {} are expected{}\n",
        grouped(entered),
        number(passed * 100.0),
        grouped(expected),
        within(forecast.interval().map(|ends| ends.map(grouped)))
    )
}

/// Between which figures it lies, if it has an interval.
fn within(interval: Option<[String; 2]>) -> String {
    interval.map_or(String::new(), |[low, high]| format!(", with 95 % {low} to {high}"))
}

fn who_buys(show: &Show) -> String {
    let percent = |share: f64| number(share * 100.0);
    if show.is_assumed() {
        return format!(
            "  of those with a place {} % buy in their time: the plan assumes so ([expect] show), and no past round says \
             anything yet\n",
            percent(show.planned)
        );
    }
    let within = show.interval().map_or(String::new(), |ends| within(Some(ends)) + " %");
    format!(
        "  of those with a place {} % buy in their time if they do as in {}{within}; the plan says {} %\n",
        percent(show.expected),
        before(show.rounds),
        percent(show.planned)
    )
}

fn before(rounds: u32) -> String {
    if rounds == 1 { "the one round before".to_owned() } else { format!("the {rounds} rounds before") }
}

#[cfg(test)]
mod agree;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Per, Spike};

    fn bank(planned: Option<f64>) -> Between {
        Between {
            dependency: "bank".to_owned(),
            spike: Spike::Starts,
            per: Per::Second,
            limit: 24.0,
            low: 15.0,
            expected: 20.5,
            high: 26.0,
            planned,
        }
    }

    #[test]
    fn a_forecast_says_people_load_and_what_would_not_hold() {
        let made_at = "2027-01-05T00:00:00Z".parse().unwrap();
        let (expected, low, high) = (10_000, 8_000, 13_000);
        let forecast = Forecast { made_at, entered: 4_000, passed: 0.4, rounds: 3, expected, low, high };
        let show = Show { rounds: 1, expected: 0.86, low: 0.61, high: 0.958, planned: 0.9 };
        let (warnings, possible) = (vec!["first".to_owned()], vec!["second".to_owned()]);
        let loads = vec![bank(Some(21.5))];
        let warned = Warned { forecast, served: None, show, warnings, possible, loads };
        assert_eq!(
            forecast_shown(&warned, None),
            "4,000 have entered, 40 % of those who come if they come as in the 3 rounds before\n  \
             at the close 10,000 are expected, with 95 % 8,000 to 13,000\n  \
             of those with a place 86 % buy in their time if they do as in the one round before, with 95 % 61 to 95.8 %; \
             the plan says 90 %\n  \
             slot start: bank must take 20.5 a second, with 95 % 15 to 26 (21.5 with the plan's share who buy); its limit \
             is 24\n  \
             WARNING, with those expected: first\n  \
             with the most, if the most or the fewest of them buy: second\n"
        );
    }

    /// As it is made where neither who comes nor who buys is known to differ from what is expected.
    fn assumed() -> Between {
        Between { low: 20.5, high: 20.5, ..bank(None) }
    }

    /// The interval is then of those who enter, and of one that nothing is known to move none is stated.
    #[test]
    fn without_a_past_round_it_says_that_who_buys_is_assumed() {
        let made_at = "2027-01-05T00:00:00Z".parse().unwrap();
        let (expected, low, high) = (10_000, 8_000, 13_000);
        let forecast = Forecast { made_at, entered: 4_000, passed: 0.4, rounds: 3, expected, low, high };
        let show = Show { rounds: 0, expected: 0.9, low: 0.9, high: 0.9, planned: 0.9 };
        let loads = vec![bank(None), assumed()];
        let (warnings, possible) = (Vec::new(), Vec::new());
        let text = forecast_shown(&Warned { forecast, served: None, show, warnings, possible, loads }, None);
        assert!(
            text.ends_with(
                "  slot start: bank must take 20.5 a second, with 95 % 15 to 26 (who buys is assumed); its limit is 24\n  \
                 slot start: bank must take 20.5 a second (who buys is assumed); its limit is 24\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn where_nobody_enters_it_says_who_takes_part_and_what_is_assumed() {
        let forecast = Forecast::everybody("2027-01-05T00:00:00Z".parse().unwrap(), 4_000, 5_000);
        let show = Show { rounds: 0, expected: 0.9, low: 0.9, high: 0.9, planned: 0.9 };
        let (warnings, possible, loads) = (Vec::new(), Vec::new(), vec![assumed()]);
        let served = |enrolled, households| Some(Served { enrolled, households });
        let mut warned = Warned { forecast, served: served(false, false), show, warnings, possible, loads };
        let assumed = "of those with a place 90 % buy in their time: the plan assumes so ([expect] show), and no past \
                       round says anything yet\n  \
                       slot start: bank must take 20.5 a second (who buys is assumed); its limit is 24\n";
        assert_eq!(
            forecast_shown(&warned, Some("list")),
            format!(
                "everybody on the roster `list` takes part (4,000 are enrolled), nobody has to enter\n  5,000 are \
                 expected\n  {assumed}"
            )
        );
        let text = forecast_shown(&warned, None);
        assert_eq!(text, format!("nobody has to enter; 5,000 are expected\n  {assumed}"));
        for (enrolled, households, said) in [
            (true, false, "takes part, nobody has to enter\n  all 5,000 are enrolled\n"),
            (
                true,
                true,
                "takes part, nobody has to enter\n  all 5,000 entries are enrolled, one of each household\n",
            ),
            (
                false,
                true,
                "takes part (4,000 entries are enrolled), nobody has to enter\n  5,000 entries are expected, one of each \
                 household\n",
            ),
        ] {
            warned.served = served(enrolled, households);
            let text = forecast_shown(&warned, Some("list"));
            assert_eq!(text, format!("everybody on the roster `list` {said}  {assumed}"));
        }
    }

    /// Where nobody enters nobody blames those who do, and with past rounds few buyers may be what does not hold.
    #[test]
    fn what_is_possible_is_said_with_whom() {
        let forecast = Forecast::everybody("2027-01-05T00:00:00Z".parse().unwrap(), 5_000, 5_000);
        let served = Some(Served { enrolled: true, households: false });
        for (served, rounds, with) in [
            (None, 0, "with the most"),
            (served, 0, "with the most"),
            (None, 2, "with the most, if the most or the fewest of them buy"),
            (served, 2, "if the most or the fewest of them buy"),
        ] {
            let show = Show { rounds, expected: 0.9, low: 0.8, high: 0.95, planned: 0.9 };
            let (warnings, possible, loads) = (Vec::new(), vec!["wrong".to_owned()], Vec::new());
            let text = forecast_shown(&Warned { forecast, served, show, warnings, possible, loads }, None);
            assert!(text.ends_with(&format!("\n  {with}: wrong\n")), "{text}");
        }
    }
}
