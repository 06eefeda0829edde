//! The five incidents as rounds, Gyeonggi as two, and each as it was: files that are part of the program, so that a
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
    "gyeonggi-entering",
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

    /// The incident that it is the answer to, as it was: the same for both rounds of Gyeonggi.
    pub fn as_it_was(&self) -> Option<&'static Self> {
        let incident = self.name.split('-').next().unwrap_or(self.name);
        Self::find(&format!("{incident}-as-it-was"))
    }

    /// Its draft.
    ///
    /// # Errors
    /// Never, as a test shows.
    pub fn draft(&self) -> Result<Draft, String> {
        Draft::parse(self.text)
    }
}
