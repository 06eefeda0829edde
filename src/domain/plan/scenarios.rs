//! The five incidents as rounds, and each as it was: files that are part of the program, so that a
//! plan or a drill of them needs nothing else.

use crate::domain::draft::Draft;

/// A named round.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// `tongyeong`, or `tongyeong-as-it-was`.
    pub name: &'static str,
    /// The draft, TOML.
    pub text: &'static str,
}

macro_rules! scenarios {
    ($($name:literal),+ $(,)?) => {
        &[$(Scenario { name: $name, text: include_str!(concat!("scenarios/", $name, ".toml")) }),+]
    };
}

/// All of them.
pub const SCENARIOS: &[Scenario] = scenarios![
    "tongyeong",
    "sejong",
    "busan",
    "onnuri",
    "gyeonggi",
    "tongyeong-as-it-was",
    "sejong-as-it-was",
    "busan-as-it-was",
    "onnuri-as-it-was",
    "gyeonggi-as-it-was",
];

impl Scenario {
    /// The scenario of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Its draft.
    ///
    /// # Errors
    /// Never, as a test shows.
    pub fn draft(&self) -> Result<Draft, String> {
        Draft::parse(self.text)
    }
}
