//! The next hour against every limit, from the places that people really have.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Inputs, noise, peaks::left};
use crate::domain::draft::{Dependency, Step};

/// The tightest minute of the time to come against one limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Ahead {
    /// Whose limit.
    pub dependency: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What must be reckoned with in that minute, noise included.
    pub load: f64,
    /// What can be taken in it.
    pub limit: f64,
}

impl Ahead {
    /// Whether it is too much.
    pub fn is_over(&self) -> bool {
        self.load > self.limit
    }
}

/// For each limit of buying the tightest of so many minutes from an instant on; `starts` says how many begin when.
#[allow(clippy::cast_precision_loss, reason = "people of a minute")]
pub fn ahead(
    inputs: &Inputs,
    starts: &[(DateTime<Utc>, u64)],
    from: DateTime<Utc>,
    minutes: u32,
) -> Vec<Ahead> {
    let begin = |minute: u32| from + TimeDelta::minutes(minute.into());
    let mut people = vec![0_u64; minutes as usize];
    for (at, places) in starts.iter().filter(|(at, _)| *at >= from && *at < begin(minutes)) {
        let minute = usize::try_from((*at - from).num_minutes()).unwrap_or(0);
        if let Some(sum) = people.get_mut(minute) {
            *sum += places;
        }
    }
    let of = |dependency: &Dependency| {
        let uses: f64 =
            [Step::Start, Step::Purchase].iter().filter_map(|step| dependency.uses.get(step)).sum();
        let limit = dependency.per_minute.or(dependency.per_second.map(|limit| limit * 60.0))?;
        if uses <= 0.0 {
            return None;
        }
        let tightest = (0_u32..).zip(&people).map(|(minute, people)| {
            let at = begin(minute);
            let mean = *people as f64 * inputs.expect.show() * uses / 60.0;
            let load = noise::needed(mean, mean * uses.max(1.0), uses.max(1.0), 60.0) * 60.0;
            Ahead { dependency: dependency.name.clone(), at, load, limit: limit * left(dependency, at) }
        });
        tightest.min_by(|a, b| (a.limit - a.load).total_cmp(&(b.limit - b.load)))
    };
    inputs.dependency.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Scenario;

    #[test]
    fn the_tightest_minute_is_found_and_what_lies_behind_or_beyond_is_not() {
        let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
        draft.dependency.retain(|one| one.uses.contains_key(&Step::Purchase));
        draft.dependency.truncate(1);
        (draft.dependency[0].per_second, draft.dependency[0].per_minute) = (None, Some(100.0));
        draft.dependency[0].dips.clear();
        let inputs = Inputs::of(&draft);
        let from: DateTime<Utc> = "2027-01-11T01:00:00Z".parse().unwrap();
        let at = |minutes: i64| from + TimeDelta::minutes(minutes);
        let starts = [(at(-1), 900), (at(10), 40), (at(30), 60), (at(59), 20), (at(60), 900)];
        let found = ahead(&inputs, &starts, from, 60);
        assert_eq!((found.len(), found[0].at), (1, at(30)));
        // Sixty people, and what may come together by chance.
        assert!(found[0].load > 60.0 * inputs.expect.show() && found[0].limit == 100.0, "{found:?}");
        assert!(ahead(&inputs, &[(at(5), 100)], from, 60)[0].is_over());
        assert!(!ahead(&inputs, &[], from, 60)[0].is_over());
    }
}
