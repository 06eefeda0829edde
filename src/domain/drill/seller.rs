//! What lets people through: the tightest of the limits that everybody who comes has to pass, those of sellers among them.

use serde::Serialize;

use crate::domain::draft::{Dependency, Draft, Step};

/// What lets people through.
#[derive(Clone, Debug, Serialize)]
pub struct Seller {
    /// Whose limit.
    pub name: String,
    /// People a second.
    pub per_second: f64,
}

impl Seller {
    /// The tightest limit on who comes: a bank or an identity check, which each of them needs once at most, or what the
    /// draft's sellers say that they take, to which their gate keeps. Of two that are alike the dependency, which is counted by
    /// its name elsewhere.
    pub fn of(draft: &Draft) -> Option<Self> {
        let all = Self::of_dependencies(draft).into_iter().chain(Self::of_sellers(draft));
        all.min_by(|a, b| a.per_second.total_cmp(&b.per_second))
    }

    /// One that is needed more than once, as the pages of a web server, turns nobody away here: `docs/drills.md` says so.
    fn of_dependencies(draft: &Draft) -> Option<Self> {
        let each = |dependency: &Dependency| {
            let uses = uses(dependency).filter(|uses| *uses <= 1.0)?;
            let per_second = rate(dependency)? / uses;
            Some(Self { name: dependency.name.clone(), per_second })
        };
        draft.dependency.iter().filter_map(each).min_by(|a, b| a.per_second.total_cmp(&b.per_second))
    }

    /// All of them together, as if none had weak hours: whoever may buy may go to any.
    fn of_sellers(draft: &Draft) -> Option<Self> {
        let names: Vec<&str> = draft.seller.iter().map(|seller| seller.name.as_str()).collect();
        let per_minute: f64 = draft.seller.iter().map(|seller| f64::from(seller.per_minute)).sum();
        (per_minute > 0.0).then(|| Self { name: names.join(", "), per_second: per_minute / 60.0 })
    }
}

/// How often somebody who comes needs it.
pub fn uses(dependency: &Dependency) -> Option<f64> {
    let uses = [Step::Start, Step::Purchase].iter().filter_map(|step| dependency.uses.get(step)).sum();
    Some(uses).filter(|uses| *uses > 0.0)
}

/// What it takes a second.
pub fn rate(dependency: &Dependency) -> Option<f64> {
    dependency.per_second.or(dependency.per_minute.map(|limit| limit / 60.0))
}
