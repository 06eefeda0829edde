//! The people as a file that a municipality would hand over.

use super::Person;
use crate::domain::{
    draft::Draft,
    who::{Household, Kind as FieldKind, Source},
};

/// The fields that a roster answers beside those that every roster has.
pub fn own_columns(draft: &Draft) -> Vec<String> {
    let fields = draft.who().fields.into_iter();
    let own = fields.filter(|field| field.from == Source::Roster && field.kind == FieldKind::Choice);
    own.map(|field| field.name).collect()
}

/// The people as a municipality would export them.
pub fn roster(people: &[Person], draft: &Draft) -> String {
    let own = own_columns(draft);
    let knows_households = draft.household != Household::None;
    let mut text = "이름,생년월일,휴대전화,세대원수".to_owned();
    text += if knows_households { ",세대번호" } else { "" };
    own.iter().for_each(|name| text += &format!(",{name}"));
    text += "\n";
    for person in people {
        let number = person.post.address().strip_prefix("+82").unwrap_or_default();
        let size = person.household.trim_end_matches('+');
        let (month, day) = (1 + person.number % 12, 1 + person.number % 28);
        text += &format!("주민{},{}-{month:02}-{day:02},0{number},{size}", person.number, person.born);
        if knows_households {
            // Nobody of a drill lives with another of it.
            text += &format!(",{}", person.number + 1);
        }
        own.iter()
            .for_each(|name| text += &format!(",{}", person.answers.get(name).map_or("", String::as_str)));
        text += "\n";
    }
    text
}
