//! The load over time, to be drawn: for each limit the fullest minute of each stretch of the round.

use chrono::{DateTime, Utc};
use public_audit::Rules;
use serde::Serialize;

use super::{
    Per,
    examine::{Inputs, loads_of},
    loads::Load,
    peaks::{each_minute, used_by},
};

/// A stretch of the time between a limit's first and last use.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Column {
    /// What must be reckoned with in its fullest minute, noise included.
    pub load: f64,
    /// What can be taken in that minute.
    pub limit: f64,
}

/// One limit and what is asked of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Whose limit.
    pub dependency: String,
    /// What it counts per: a second or a minute. Those of a day are no curve.
    pub per: Per,
    /// When it is first needed.
    pub from: DateTime<Utc>,
    /// When it is needed no more.
    pub until: DateTime<Utc>,
    /// From one to the other, in equal stretches.
    pub columns: Vec<Column>,
}

impl Curve {
    /// The column that leaves the least room.
    pub fn worst(&self) -> Option<Column> {
        let room = |column: &Column| column.limit - column.load;
        self.columns.iter().copied().min_by(|a, b| room(a).total_cmp(&room(b)))
    }

    /// Whether it is too much anywhere.
    pub fn is_over(&self) -> bool {
        self.columns.iter().any(|column| column.load > column.limit)
    }
}

/// The curves of a round, each of at most so many columns.
///
/// # Errors
/// When there are too many combinations of values to plan.
pub fn curves(rules: &Rules, inputs: &Inputs, columns: usize) -> Result<Vec<Curve>, Vec<String>> {
    let loads: Vec<Load> = loads_of(inputs, rules)?;
    let mut curves = Vec::new();
    for dependency in &inputs.dependency {
        let used = used_by(dependency, &loads);
        let Some((first, _)) = used.first() else { continue };
        let horizon = first.people.horizon();
        let window = f64::from(dependency.window_seconds.unwrap_or(10));
        for (per, limit, window) in
            [(Per::Second, dependency.per_second, window), (Per::Minute, dependency.per_minute, 60.0)]
        {
            let Some(limit) = limit else { continue };
            let minutes: Vec<_> = each_minute(dependency, &used, per, limit, window).collect();
            let (Some(begin), Some(end)) = (minutes.first(), minutes.last()) else { continue };
            let (begin, end) = (begin.minute, end.minute + 1);
            let count = columns.min(end - begin).max(1);
            let mut filled = vec![Column { load: 0.0, limit }; count];
            for one in &minutes {
                let at = (one.minute - begin) * count / (end - begin);
                let column = &mut filled[at];
                // The minute that leaves the least room: at a weak hour the load need not be the largest.
                if one.limit - one.load < column.limit - column.load {
                    *column = Column { load: one.load, limit: one.limit };
                }
            }
            let (from, until) = (horizon.at(begin), horizon.at(end));
            curves.push(Curve { dependency: dependency.name.clone(), per, from, until, columns: filled });
        }
    }
    Ok(curves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Scenario, look};

    #[test]
    fn what_is_drawn_is_what_is_refused() {
        for scenario in ["tongyeong", "tongyeong-as-it-was", "busan", "gyeonggi-as-it-was"] {
            let draft = Scenario::find(scenario).unwrap().draft().unwrap();
            let key = public_audit::note::Signer::new("x", &[1; 32]).unwrap().verifier().to_vkey();
            let fixed = crate::domain::draft::Fixed {
                number: 1,
                commitment: public_audit::Digest::ZERO,
                signing_key: key,
            };
            let rules = draft.rules(fixed).unwrap();
            let inputs = Inputs::of(&draft);
            let (plan, curves) = (look(&rules, &inputs).unwrap(), curves(&rules, &inputs, 120).unwrap());
            assert!(!curves.is_empty(), "{scenario}");
            for curve in &curves {
                let of = |peak: &&crate::domain::plan::Peak| {
                    peak.dependency == curve.dependency && peak.per == curve.per
                };
                let peaks: Vec<_> = plan.peaks.iter().filter(of).collect();
                assert_eq!(curve.is_over(), peaks.iter().any(|peak| peak.is_over()), "{scenario}: {curve:?}");
                let worst = peaks.iter().map(|peak| peak.limit - peak.load).fold(f64::MAX, f64::min);
                let drawn = curve.worst().unwrap();
                assert!((drawn.limit - drawn.load - worst).abs() < 1e-6, "{scenario}: {drawn:?}, {worst}");
                assert!(curve.columns.len() <= 120 && curve.from < curve.until);
            }
        }
    }
}
