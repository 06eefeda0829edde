//! What somebody else wrote into a step meanwhile, for whoever typed something else and would write over it.

use crate::web::view::{Input, WizardField};

/// The fields in which the draft says something else than was typed, and what it says.
pub fn list(kept: &[WizardField], typed: &[WizardField]) -> Vec<(String, String)> {
    let pairs = kept.iter().zip(typed).filter(|(kept, typed)| said(kept) != said(typed));
    let shown = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    pairs.map(|(kept, _)| (kept.label.clone(), shown(said(kept)))).collect()
}

/// What a field says, as people read it.
fn said(field: &WizardField) -> String {
    match &field.input {
        Input::Choice(of) => {
            of.iter().find(|(key, _)| *key == field.value).map(|(_, name)| name.clone()).unwrap_or_default()
        }
        Input::Ticks(of) => {
            let ticked = of.iter().filter(|(_, _, ticked)| *ticked).map(|(_, name, _)| name.as_str());
            ticked.collect::<Vec<_>>().join(", ")
        }
        // People leave commas out, and put them in.
        Input::Number => field.value.replace(',', ""),
        Input::Moment => field.value.replace('T', " "),
        _ => field.value.trim().to_owned(),
    }
}
