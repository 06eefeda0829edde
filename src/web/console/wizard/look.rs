//! What the fields of a step show: what was typed just now, or what the draft says.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::{
    domain::draft::edit::{Place, value_at},
    web::view::{Input, Page, WizardField, wizard_words},
    words::number::grouped,
};

/// A draft, and what was typed into the form that is shown again.
#[derive(Clone, Copy, Debug)]
pub struct Look<'d> {
    /// The frame: for its language.
    pub page: &'d Page,
    /// The draft.
    pub table: &'d Table,
    /// What was typed, if something of it was wrong.
    pub typed: Option<&'d BTreeMap<String, String>>,
}

impl Look<'_> {
    /// A field that shows a setting.
    pub fn field(&self, id: &str, input: Input, place: Place, key: &str) -> WizardField {
        let said = value_at(self.table, place, key).map(shown).unwrap_or_default();
        let said = if matches!(input, Input::Moment) { said.replace(' ', "T") } else { said };
        self.with(id, input, said)
    }

    /// A field that shows this, unless something else was typed.
    pub fn with(&self, id: &str, input: Input, said: String) -> WizardField {
        let (label, hint) = wizard_words(self.page, id);
        let value = match self.typed {
            Some(typed) => typed.get(id).cloned().unwrap_or_default(),
            None => said,
        };
        WizardField { id: id.to_owned(), label, hint, input, value }
    }

    /// Whether a box is ticked: as it was left just now, or as the draft says.
    pub fn is_ticked(&self, id: &str, said: bool) -> bool {
        self.typed.map_or(said, |typed| typed.contains_key(id))
    }
}

/// A setting as it stands in a field.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => u64::try_from(*number).map_or(number.to_string(), grouped),
        other => other.to_string(),
    }
}
