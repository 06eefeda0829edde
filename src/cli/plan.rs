//! `jebi plan`: the load of a round before it is announced, and whether it is safe.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::draft;
use crate::{
    domain::{
        draft::Draft,
        plan::{Per, Plan, Runs, SCENARIOS, Scenario, Simulation, Spike, local, number, plan, simulate},
    },
    words::number::grouped,
};

/// What to plan.
#[derive(Debug, Args)]
pub struct Options {
    /// A draft, TOML; or one of the incidents that are built in: tongyeong, sejong, busan, onnuri, gyeonggi (and
    /// gyeonggi-entering, its first day), each also as it was: tongyeong-as-it-was
    #[arg(required_unless_present = "round", conflicts_with = "round")]
    draft: Option<PathBuf>,
    /// An announced round: how many will have entered at the close, how many of them buy, and whether its plan holds with
    /// so many
    #[arg(long, visible_alias = "forecast", value_name = "SLUG")]
    round: Option<String>,
    /// Simulate the purchases so many times, with the real draw
    #[arg(long, value_name = "RUNS", conflicts_with = "round")]
    simulate: Option<u32>,
    /// Simulate at most so many people; of more, a sample in windows as much longer
    #[arg(long, default_value_t = 100_000)]
    sample: u32,
    /// Everything as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Options {
    /// The round, if one is asked for.
    pub fn round(&self) -> Option<&str> {
        self.round.as_deref()
    }
}

/// Plans. 0: safe; 1: refused; 2: there is nothing that could be planned.
pub fn run(options: &Options) -> ExitCode {
    let path = options.draft.clone().unwrap_or_default();
    let planned = read(&path)
        .and_then(|draft| plan(&draft).map(|plan| (draft, plan)).map_err(|problems| problems.join("\n  ")));
    let (draft, plan) = match planned {
        Ok(planned) => planned,
        Err(problem) => {
            eprintln!("jebi: the draft cannot be planned:\n  {problem}");
            return ExitCode::from(2);
        }
    };
    if let Some(runs) = options.simulate {
        return simulated(&draft, runs, options);
    }
    match serde_json::to_string_pretty(&plan) {
        Ok(json) if options.json => println!("{json}"),
        _ => print!("{}", shown(&draft, &plan)),
    }
    if plan.is_safe() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Simulates. 0: 999 runs of 1,000 stay under what is planned, and within 1.2 of the mean; 1: they do not.
fn simulated(draft: &Draft, runs: u32, options: &Options) -> ExitCode {
    let simulation = match simulate(draft, Runs { runs, draws: runs, most: options.sample, seed: 1 }) {
        Ok(simulation) => simulation,
        Err(problems) => {
            eprintln!("jebi: {}", problems.join("\n  "));
            return ExitCode::from(2);
        }
    };
    match serde_json::to_string_pretty(&simulation) {
        Ok(json) if options.json => println!("{json}"),
        _ => print!("{}", simulation_shown(&simulation)),
    }
    let enough = |runs: u32| u64::from(runs) * 1_000 >= u64::from(simulation.runs) * 999;
    if enough(simulation.under) && enough(simulation.even) { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn simulation_shown(simulation: &Simulation) -> String {
    let Simulation { people, one_in, runs, draws, limit, typical, highest, under, .. } = simulation;
    let Simulation { even_window, even_typical, even_highest, even, shared, .. } = simulation;
    let sample = if *one_in > 1.0 {
        format!(" (one in {}, in windows as much longer)", number(*one_in))
    } else {
        String::new()
    };
    format!(
        "{} people{sample}, {} runs with {} real draws, windows of 10 seconds\n  under {} a second, as planned: {} of {} \
         runs\n  fullest window: {} a second typically, {} at most\n  \
         windows of {} seconds: the fullest is {:.3} of the mean typically, {:.3} at most; within 1.2 in {} runs\n  the same people with one moment for all: {} a second\n",
        grouped(*people),
        grouped((*runs).into()),
        grouped((*draws).into()),
        number(*limit),
        grouped((*under).into()),
        grouped((*runs).into()),
        number(*typical),
        number(*highest),
        number(*even_window),
        even_typical,
        even_highest,
        grouped((*even).into()),
        number(*shared),
    )
}

/// A file, or else a scenario.
fn read(draft: &Path) -> Result<Draft, String> {
    match draft.to_str().and_then(Scenario::find) {
        Some(scenario) if !draft.exists() => scenario.draft(),
        _ => draft::read(draft).map_err(|error| {
            let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            format!("{error:#}\n  built in are: {}", names.join(", "))
        }),
    }
}

/// Hours, people, the worst minutes, and the verdict.
pub fn shown(draft: &Draft, plan: &Plan) -> String {
    let mut text = format!("{}: {} people\n", plan.slug, grouped(plan.people.entrants));
    if let Ok(slots) = draft.slots() {
        text += &draft::hours(&slots);
    }
    text += &cohorts(plan);
    text += &table(plan);
    for shortest in &plan.shortest {
        let given = number(shortest.given / 3_600.0);
        text += &match shortest.seconds {
            Some(seconds) if seconds < 7_200.0 => format!(
                "  {} could serve everybody in {} minutes; there are {given} hours\n",
                shortest.dependency,
                number((seconds / 6.0).ceil() / 10.0)
            ),
            Some(seconds) => format!(
                "  {} could serve everybody in {} hours; there are {given}\n",
                shortest.dependency,
                number((seconds / 360.0).ceil() / 10.0)
            ),
            None => format!("  {} could not serve everybody in any time\n", shortest.dependency),
        };
    }
    for outage in &plan.outages {
        if let Some(drain) = outage.drain_minutes {
            text += &format!(
                "  after {} minutes without {} {} people wait; spread again, they are served within {} minutes\n",
                number(outage.minutes),
                outage.dependency,
                number(outage.waiting.round()),
                number(drain)
            );
        }
    }
    for unknown in &plan.unknown {
        text += &format!("  not known: {unknown}\n");
    }
    if plan.blind {
        text += "  NOBODY HAS SAID what the seller can take. This plan cannot see the purchases.\n";
    }
    text + &verdict(plan)
}

/// `safe`, or every refusal.
pub fn verdict(plan: &Plan) -> String {
    if plan.is_safe() {
        return "safe\n".to_owned();
    }
    let refusals: Vec<String> = plan.refusals.iter().map(|refusal| format!("  {refusal}\n")).collect();
    format!("refused\n{}", refusals.concat())
}

/// Where there is more than one cohort: people and seats of each.
fn cohorts(plan: &Plan) -> String {
    let cohorts = plan.people.cohorts.iter().filter(|_| plan.people.cohorts.len() > 1);
    let line = |cohort: &crate::domain::plan::CohortPeople| {
        let whose = cohort.cohort.as_ref().map_or("no cohort".to_owned(), ToString::to_string);
        let (people, seats) = (grouped(cohort.at_most), grouped(cohort.seats));
        format!("  {whose}: at most {people} people, {seats} seats\n")
    };
    cohorts.map(line).collect()
}

fn table(plan: &Plan) -> String {
    let mut rows = vec![["spike", "dependency", "worst", "load", "limit", "headroom"].map(str::to_owned)];
    for spike in Spike::ALL {
        for peak in plan.peaks.iter().filter(|peak| peak.spike == spike) {
            let at = if peak.per == Per::Day { local(peak.at)[..14].to_owned() } else { local(peak.at) };
            let headroom = (1.0 - peak.load / peak.limit) * 100.0;
            rows.push([
                spike.to_string(),
                peak.dependency.clone(),
                at,
                number(peak.load),
                format!("{} {}", number(peak.limit), peak.per),
                if headroom < 0.0 { "OVER".to_owned() } else { format!("{headroom:.0} %") },
            ]);
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            // Numbers to the right.
            .map(
                |(at, (cell, width))| {
                    if at >= 3 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
                },
            )
            .collect();
        text += &format!("  {}\n", cells.join("  "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// docs/planning.md shows what the commands really say.
    #[test]
    fn the_page_for_clerks_shows_what_is_said() {
        let page = include_str!("../../docs/planning.md");
        let mut shown_there = 0;
        for block in page.split("```text\n$ jebi plan ").skip(1) {
            let (name, rest) = block.split_once('\n').unwrap();
            let said = rest.split("```").next().unwrap();
            let draft = Scenario::find(name).unwrap().draft().unwrap();
            assert_eq!(shown(&draft, &plan(&draft).unwrap()), said, "docs/planning.md: jebi plan {name}");
            shown_there += 1;
        }
        assert_eq!(shown_there, 2);
    }

    #[test]
    fn what_nobody_said_is_said_loudly() {
        let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
        draft.dependency.clear();
        let text = shown(&draft, &plan(&draft).unwrap());
        assert!(text.contains("NOBODY HAS SAID") && text.contains("not known: purchase"), "{text}");
    }
}
