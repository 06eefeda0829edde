//! Who: reserves, funds, weights and how people come together, as a clerk writes them.

use public_audit::{
    Rules,
    rules::{Fund, Match, Reserve},
};
use serde::Deserialize;

use super::Draft;
use crate::domain::who::{Value, Who};

mod field;
mod problems;

pub use field::{FieldDraft, ValueDraft};

/// `[[reserve]]`: places set aside, in the order in which they are given out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReserveDraft {
    /// In the rules.
    pub name: String,
    /// Whom it is for; everybody if left out.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// People.
    pub places: u64,
    /// The later reserve that gets what stays unused.
    pub spill: Option<String>,
    /// What it is called in Korean.
    pub label_ko: Option<String>,
    /// What it is called in English.
    pub label_en: Option<String>,
}

/// `[[fund]]`: money that pays the same for each person of a group; mode `everyone`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundDraft {
    /// In the rules.
    pub name: String,
    /// For whom it pays; for everybody if left out.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// Won for each person.
    pub per_seat: u64,
    /// The most it can pay in all.
    pub budget: u64,
    /// What it is called in Korean.
    pub label_ko: Option<String>,
    /// What it is called in English.
    pub label_en: Option<String>,
}

/// `[joint]`: people who come together by link code.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointDraft {
    /// The most people of one entry, whoever opened it counted.
    pub most: u32,
}

/// `[helped]`: people who are entered by somebody else.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpedDraft {
    /// The most minors by one entrant.
    #[serde(default)]
    pub minors: u32,
    /// The most adults by one entrant.
    #[serde(default)]
    pub adults: u32,
}

impl Draft {
    /// The reserves as the rules have them.
    pub(super) fn reserves(&self) -> Vec<Reserve> {
        let reserve = |reserve: &ReserveDraft| Reserve {
            name: reserve.name.clone(),
            matching: sorted(&reserve.matching),
            places: reserve.places,
            spill: reserve.spill.clone(),
        };
        self.reserve.iter().map(reserve).collect()
    }

    /// The funds as the rules have them.
    pub(super) fn funds(&self) -> Vec<Fund> {
        let fund = |fund: &FundDraft| Fund {
            name: fund.name.clone(),
            matching: sorted(&fund.matching),
            per_seat: fund.per_seat,
            budget: fund.budget,
        };
        self.fund.iter().map(fund).collect()
    }

    /// The fields of a pool line.
    pub(super) fn fields(&self) -> Vec<String> {
        let declared = self.field.iter().map(|field| field.name.clone());
        // Funds say what everybody gets, and nobody is asked.
        let before =
            ["seats", "want", "weight"].into_iter().filter(|name| *name != "want" || self.fund.is_empty());
        before.map(str::to_owned).chain(declared).chain(["wish".to_owned()]).collect()
    }

    /// What the form asks and allows.
    pub fn who(&self) -> Who {
        let called = |name: &String, ko: &Option<String>, en: &Option<String>| Value {
            name: name.clone(),
            ko: ko.clone().unwrap_or_default(),
            en: en.clone().unwrap_or_default(),
        };
        Who {
            fields: self.field.iter().map(FieldDraft::field).collect(),
            called: self
                .reserve
                .iter()
                .map(|reserve| called(&reserve.name, &reserve.label_ko, &reserve.label_en))
                .chain(self.fund.iter().map(|fund| called(&fund.name, &fund.label_ko, &fund.label_en)))
                .collect(),
            joint_most: self.joint.map_or(0, |joint| joint.most),
            minors_most: self.helped.map_or(0, |helped| helped.minors),
            adults_most: self.helped.map_or(0, |helped| helped.adults),
            household: self.household,
            program: self.program.clone().unwrap_or_default(),
            lottery_because: self.lottery_because_ko.clone().zip(self.lottery_because_en.clone()),
        }
    }
}

/// A match as the rules want it: values sorted, each once. The order a clerk writes means nothing.
fn sorted(matching: &Match) -> Match {
    let mut sorted = matching.clone();
    for values in sorted.0.values_mut() {
        values.sort_unstable();
        values.dedup();
    }
    sorted
}

/// The rules' cohorts as the draft writes them are sorted as well.
pub(super) fn sort_cohorts(rules: &mut Rules) {
    for slot in &mut rules.slots {
        slot.cohort = sorted(&slot.cohort);
    }
}

#[cfg(test)]
mod tests;
