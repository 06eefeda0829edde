//! Each spike against each limit: planned, of the whole size, and over sockets, side by side.

use std::collections::BTreeMap;

use super::{Figure, Row};
use crate::{
    domain::{
        drill::Measured,
        plan::{Per, Spike},
    },
    drill::whole::Whole,
};

pub(super) fn rows(whole: &Whole, sockets: &[Measured]) -> Vec<Row> {
    let limit = |name: &str, per: Per| {
        let found = whole.taking.dependency.iter().find(|dependency| dependency.name == name)?;
        match per {
            Per::Second => found.per_second,
            Per::Minute => found.per_minute,
            Per::Day => found.per_day,
        }
    };
    let mut rows: BTreeMap<(Spike, String, Per), Row> = BTreeMap::new();
    let mut at = |spike, dependency: &str, per, figure: Figure, set: &dyn Fn(&mut Row, Figure)| {
        let row = rows.entry((spike, dependency.to_owned(), per)).or_insert_with(|| Row {
            spike,
            dependency: dependency.to_owned(),
            per,
            limit: limit(dependency, per).unwrap_or(figure.limit),
            planned: None,
            whole: None,
            sockets: None,
        });
        set(row, figure);
    };
    let figure = |one: &Measured| Figure { load: one.load, limit: one.limit };
    for one in &whole.measured {
        at(one.spike, &one.dependency, one.per, figure(one), &|row, figure| row.whole = Some(figure));
    }
    for one in sockets {
        at(one.spike, &one.dependency, one.per, figure(one), &|row, figure| row.sockets = Some(figure));
    }
    for one in &whole.plan.peaks {
        let figure = Figure { load: one.load, limit: one.limit };
        at(one.spike, &one.dependency, one.per, figure, &|row, figure| row.planned = Some(figure));
    }
    rows.into_values().collect()
}
