//! What a roster says of somebody, in the values that a round has.

use std::collections::BTreeMap;

use super::{fields, spelling::folded};
use crate::domain::who::{Field, Kind, Source, answers::band};

/// The values of the fields that the roster answers. What it does not say, or says in words that the
/// round does not have, is absent. `year` is the one that ages are counted to.
pub fn values(of: &[Field], said: &str, year: i32) -> BTreeMap<String, String> {
    let answered = of.iter().filter(|field| field.from == Source::Roster);
    answered.filter_map(|field| Some((field.name.clone(), value(field, said, year)?))).collect()
}

fn value(field: &Field, said: &str, year: i32) -> Option<String> {
    let names = || field.values.iter().map(|value| &value.name);
    if field.kind == Kind::AgeBand {
        let born: i32 = fields::find(said, "birth_year")?.parse().ok()?;
        let age = u32::try_from(year - born).ok()?;
        return names().find(|name| band(name).is_some_and(|(from, to)| (from..=to).contains(&age))).cloned();
    }
    let text = folded(fields::find(said, &field.name)?);
    let same = |value: &str| !value.is_empty() && folded(value) == text;
    let named = field.values.iter().find(|value| same(&value.name) || same(&value.ko) || same(&value.en));
    // `4+` is four and more.
    let number = text.parse::<u32>().ok();
    let more = || {
        let least = |name: &String| name.strip_suffix('+')?.parse::<u32>().ok();
        names().find(|name| least(name).zip(number).is_some_and(|(least, number)| number >= least))
    };
    named.map(|value| &value.name).or_else(more).cloned()
}
