//! Changing settings in the text of a draft. What is not named stays as it was written, comments and order too;
//! where a text is written in a way that cannot be changed in place, the whole is written anew with every setting.

mod scan;

use toml::{Table, Value};

use scan::{Statement, What, statements};

/// Where a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before all tables.
    Root,
    /// In `[name]`.
    In(&'static str),
    /// In the `[[name]]` of this number, counted from 0.
    Nth(&'static str, usize),
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A setting is this from now on; `None` leaves it out.
    Set(Place, &'static str, Option<Value>),
    /// One more `[[name]]`, after the others.
    Add(&'static str, Table),
    /// The `[[name]]` of this number goes.
    Remove(&'static str, usize),
    /// `[name]` goes, with all in it.
    Leave(&'static str),
}

impl Edit {
    /// A setting is this from now on.
    pub fn set(place: Place, key: &'static str, value: impl Into<Value>) -> Self {
        Self::Set(place, key, Some(value.into()))
    }

    /// A setting is this from now on, or is left out.
    pub fn maybe(place: Place, key: &'static str, value: Option<impl Into<Value>>) -> Self {
        Self::Set(place, key, value.map(Into::into))
    }
}

/// The value of a setting in a draft that can be read.
pub fn value_at<'t>(table: &'t Table, place: Place, key: &str) -> Option<&'t Value> {
    match place {
        Place::Root => table.get(key),
        Place::In(name) => table.get(name)?.get(key),
        Place::Nth(name, at) => table.get(name)?.get(at)?.get(key),
    }
}

/// The text with these changes.
///
/// # Errors
/// The text cannot be read: the line and what is wrong with it.
pub fn edited(text: &str, edits: &[Edit]) -> Result<String, String> {
    let read = |text: &str| text.parse::<Table>().map_err(|error| error.to_string());
    let mut wanted = read(text)?;
    let mut changed = text.to_owned();
    for edit in edits {
        // What is the same stays as it was written.
        if matches!(edit, Edit::Set(place, key, value) if value_at(&wanted, *place, key) == value.as_ref()) {
            continue;
        }
        within(&mut wanted, edit);
        changed = written(&changed, edit);
    }
    match read(&changed) {
        Ok(found) if found == wanted => Ok(changed),
        // Written in a way that is not known here, like `goods = { unit = 1 }`.
        _ => toml::to_string(&wanted).map_err(|error| error.to_string()),
    }
}

/// What the change means.
fn within(table: &mut Table, edit: &Edit) {
    match edit {
        Edit::Set(place, key, value) => {
            let table = match place {
                Place::Root => Some(table),
                Place::In(name) if value.is_none() && !table.contains_key(*name) => None,
                Place::In(name) => {
                    let inner = table.entry(*name).or_insert_with(|| Value::Table(Table::new()));
                    inner.as_table_mut()
                }
                Place::Nth(name, at) => {
                    table.get_mut(*name).and_then(|list| list.get_mut(*at)).and_then(Value::as_table_mut)
                }
            };
            let Some(table) = table else { return };
            match value {
                Some(value) => drop(table.insert((*key).to_owned(), value.clone())),
                None => drop(table.remove(*key)),
            }
        }
        Edit::Add(name, inner) => {
            let list = table.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                list.push(Value::Table(inner.clone()));
            }
        }
        Edit::Leave(name) => drop(table.remove(*name)),
        Edit::Remove(name, at) => {
            let list = table.get_mut(*name).and_then(Value::as_array_mut);
            if let Some(list) = list.filter(|list| *at < list.len()) {
                list.remove(*at);
                if list.is_empty() {
                    table.remove(*name);
                }
            }
        }
    }
}

/// The text with the change in its place.
fn written(text: &str, edit: &Edit) -> String {
    let all = statements(text);
    match edit {
        Edit::Set(place, key, value) => set(text, &all, *place, key, value.as_ref()),
        Edit::Add(name, table) => {
            let last = last_header(&all, name);
            let at = last.map_or(text.len(), |last| block_end(&all, last, text.len()));
            let lines = table.iter().map(|(key, value)| format!("{key} = {}\n", said(value)));
            let block = format!("\n[[{name}]]\n{}", lines.collect::<String>());
            inserted(text, at, &block)
        }
        Edit::Remove(name, at) => without(text, &all, headers(&all, name).nth(*at)),
        Edit::Leave(name) => without(text, &all, all.iter().position(|one| one.is_table(name))),
    }
}

/// Without what belongs to a header.
fn without(text: &str, all: &[Statement], header: Option<usize>) -> String {
    let Some(header) = header else { return text.to_owned() };
    let (from, to) = (all[header].from, block_end(all, header, text.len()));
    format!("{}{}", &text[..from], &text[to..])
}

fn set(text: &str, all: &[Statement], place: Place, key: &str, value: Option<&Value>) -> String {
    let is_header = |statement: &Statement| matches!(statement.what, What::Header { .. });
    let header = match place {
        Place::Root => None,
        Place::In(name) => all.iter().position(|one| one.is_table(name)),
        Place::Nth(name, at) => headers(all, name).nth(at),
    };
    let first = match (place, header) {
        (Place::Root, _) => 0,
        (_, Some(header)) => header + 1,
        (Place::In(name), None) => {
            return match value {
                Some(value) => inserted(text, text.len(), &format!("\n[{name}]\n{key} = {}\n", said(value))),
                None => text.to_owned(),
            };
        }
        (Place::Nth(..), None) => return text.to_owned(),
    };
    let section = &all[first..];
    let section = &section[..section.iter().position(is_header).unwrap_or(section.len())];
    let found = section.iter().find_map(|one| match &one.what {
        What::Key { name, value } if name == key => Some((one, value.clone())),
        _ => None,
    });
    match (found, value) {
        (Some((_, old)), Some(value)) => format!("{}{}{}", &text[..old.start], said(value), &text[old.end..]),
        (Some((one, _)), None) => format!("{}{}", &text[..one.from], &text[one.to..]),
        (None, Some(value)) => {
            let after = section.last().or_else(|| header.and_then(|at| all.get(at)));
            inserted(text, after.map_or(0, |one| one.to), &format!("{key} = {}\n", said(value)))
        }
        (None, None) => text.to_owned(),
    }
}

/// With a line or more put in where a line begins.
fn inserted(text: &str, at: usize, lines: &str) -> String {
    let (before, after) = text.split_at(at);
    let joint = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{joint}{lines}{after}")
}

fn headers<'s>(all: &'s [Statement], name: &str) -> impl Iterator<Item = usize> + use<'s> {
    let name = name.to_owned();
    all.iter().enumerate().filter(move |(_, one)| one.is_one_of(&name)).map(|(at, _)| at)
}

fn last_header(all: &[Statement], name: &str) -> Option<usize> {
    headers(all, name).last()
}

/// Where what belongs to a header ends: after its last setting, so that comments above the next one stay with that.
fn block_end(all: &[Statement], header: usize, length: usize) -> usize {
    let inner = match &all[header].what {
        What::Header { name, .. } => format!("{name}."),
        What::Key { .. } => String::new(),
    };
    let mut end = all[header].to;
    for one in &all[header + 1..] {
        match &one.what {
            What::Header { name, .. } if !name.starts_with(&inner) => break,
            _ => end = one.to,
        }
    }
    end.min(length)
}

/// A value as a clerk would write it.
fn said(value: &Value) -> String {
    match value {
        Value::Integer(number) if number.unsigned_abs() >= 10_000 => grouped(*number),
        Value::Array(list) => format!("[{}]", list.iter().map(said).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pairs: Vec<String> =
                table.iter().map(|(key, value)| format!("{key} = {}", said(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
