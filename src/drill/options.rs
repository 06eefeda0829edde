//! What is drilled, with how many people, and where its report goes.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::domain::{
    draft::Draft,
    drill::{IN_PROCESS, Size},
};

/// The scenarios that are drilled.
pub const SCENARIOS: [&str; 6] = ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"];

/// People of a scenario over sockets if nobody says how many; of a draft as many as an announcement asks for.
const PEOPLE: u64 = 200;
/// People of a scenario who are drawn in process, likewise.
const SAMPLE: u32 = 100_000;

/// What to drill.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The incident: tongyeong, sejong, busan, onnuri, gyeonggi, gyeonggi-entering; or a draft, TOML
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// That draft, read.
    #[arg(skip)]
    pub draft: Option<Box<Draft>>,
    /// The part of the people that runs over real sockets, above 0 and up to 1 [default: 200 people; of a draft as many
    /// as an announcement asks for: 2,000 or everybody, one in 360 of more than 720,000, 10,000 at most]
    #[arg(long)]
    pub scale: Option<f64>,
    /// Chance of everything that people do
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the report and everything else that is made; what an earlier drill left there stays until this one has its
    /// report
    #[arg(long, value_name = "DIR", default_value = "jebi-drill")]
    pub report: PathBuf,
    /// Print the report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// In process, draw at most so many people; of more, a sample in windows as much longer [default: 100,000; of a draft
    /// 1,000,000, as an announcement asks for]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1_000..))]
    pub sample: Option<u32>,
    /// So many percent of what the seller says it takes are what it takes: what if it is mistaken?
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub capacity: u32,
}

impl Options {
    /// The scenario; of a draft the name of its file, for where that lies is nobody's business.
    pub fn name(&self) -> String {
        let name = Path::new(&self.scenario)
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into());
        // A note that is signed has no other lines than its own.
        if self.draft.is_some() { name.replace(char::is_control, " ") } else { self.scenario.clone() }
    }

    /// People who are drawn in process at most.
    pub fn most(&self) -> u32 {
        let otherwise = match self.draft {
            Some(_) => u32::try_from(IN_PROCESS).unwrap_or(u32::MAX),
            None => SAMPLE,
        };
        self.sample.unwrap_or(otherwise)
    }

    /// The part of so many people that runs over sockets.
    #[allow(clippy::cast_precision_loss, reason = "people")]
    pub fn part(&self, people: u64) -> f64 {
        let otherwise = match self.draft {
            Some(_) => Size::asked_for(people).over_sockets,
            None => people.min(PEOPLE),
        };
        self.scale.unwrap_or(otherwise as f64 / people.max(1) as f64)
    }
}
