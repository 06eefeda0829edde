//! What the rules say about a combination of cohort and reserve values.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::entry::LineForm;
use crate::rules::{Match, Mode, Rules};

/// The rules, made ready to be asked about many combinations.
pub(crate) struct Groups<'r> {
    pub rules: &'r Rules,
    pub cohorts: Vec<&'r Match>,
}

impl<'r> Groups<'r> {
    pub fn new(rules: &'r Rules) -> Self {
        Self { rules, cohorts: rules.cohorts() }
    }

    /// The first cohort, in order of appearance, that matches.
    pub fn cohort<'v>(&self, value_of: &dyn Fn(&str) -> Option<&'v str>) -> Option<usize> {
        self.cohorts.iter().position(|cohort| cohort.matches(value_of))
    }

    /// Whether each reserve is for it.
    pub fn reserves<'v>(&self, value_of: &dyn Fn(&str) -> Option<&'v str>) -> Vec<bool> {
        self.rules.reserves.iter().map(|reserve| reserve.matching.matches(value_of)).collect()
    }

    /// Whether each fund is for it; mode `everyone` alone has funds.
    pub fn funds<'v>(&self, value_of: &dyn Fn(&str) -> Option<&'v str>) -> Vec<bool> {
        let funds = if self.rules.mode == Mode::Everyone { self.rules.funds.as_slice() } else { &[] };
        funds.iter().map(|fund| fund.matching.matches(value_of)).collect()
    }

    /// What all funds together pay for a seat.
    pub fn per_seat<'v>(&self, value_of: &dyn Fn(&str) -> Option<&'v str>) -> u64 {
        let own = self.rules.funds.iter().filter(|fund| fund.matching.matches(value_of));
        own.map(|fund| fund.per_seat).sum()
    }
}

/// For cohort and reserve values, the first that came which the rules treat in the same way.
pub(crate) fn alike(rules: &Rules) -> impl FnMut(&str) -> Rc<str> {
    let (groups, form) = (Groups::new(rules), LineForm::new(rules));
    let (mut known, mut first) = (Known::default(), BTreeMap::new());
    move |others| {
        known.get(others, || {
            let value_of = form.value_of(others);
            let treated = (groups.cohort(&value_of), groups.per_seat(&value_of), groups.reserves(&value_of));
            Rc::clone(first.entry(treated).or_insert_with(|| Rc::<str>::from(others)))
        })
    }
}

/// What is known of texts that come again and again. Of a pool that has too many it forgets all and
/// begins anew, so that nobody can fill the memory with them.
pub(crate) struct Known<V>(BTreeMap<String, V>);

/// So many texts of at most 2,048 bytes.
const MOST: usize = 1000;

impl<V> Default for Known<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<V: Clone> Known<V> {
    pub fn get(&mut self, text: &str, find: impl FnOnce() -> V) -> V {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let found = find();
        self.0.insert(text.to_owned(), found.clone());
        found
    }
}
