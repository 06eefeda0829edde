//! Who a line of a roster is.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Column, Columns, MatchBy, Reason, birth, fields, registration, spelling};
use crate::domain::contact::{Channel, Contact};
use crate::domain::csv;

/// Somebody on a roster, as read from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// By what they are known; never kept, only its keyed digest.
    pub key: MemberKey,
    /// The name, to tell two people of one key apart; not kept.
    pub name: String,
    /// The birth date, likewise.
    pub birth: Option<NaiveDate>,
    /// What is the same for the whole household.
    pub household: Option<String>,
    /// `name=value` lines.
    pub fields: String,
    /// Where they are told things, if anywhere.
    pub contact: Option<Contact>,
    /// Whether their notices are in English.
    pub english: bool,
}

/// `phone:+82…`, `email:…` or `name:… birth:…`.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberKey(pub String);

/// Keys never reach a log.
impl std::fmt::Debug for MemberKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberKey")
    }
}

/// What is wrong with one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which column, from 1; 0 for the whole line.
    pub column: usize,
    /// What it is.
    pub reason: Reason,
}

/// The longest name, mail address or other cell, in bytes.
const LONG: usize = 300;

/// The key of a name and a birth date, however they are spelt.
pub fn name_key(name: &str, birth: NaiveDate) -> MemberKey {
    let name = spelling::folded(&spelling::tidy(name));
    MemberKey(format!("name:{name} birth:{}", birth::text(birth)))
}

/// Reads a line. A registration number anywhere in it, also where nothing else is read, is the only
/// thing then said of the line.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(columns: &Columns, cells: &[&str]) -> Result<Member, Vec<Wrong>> {
    let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| spelling::tidy(csv::meant(cell))).collect();
    for (at, cell) in cells.iter().enumerate() {
        let split = cells.get(at + 1).is_some_and(|next| registration::is_split(cell, next));
        if split || registration::find(cell).is_some() {
            return Err(vec![Wrong { column: at + 1, reason: Reason::RegistrationNumber }]);
        }
    }
    if cells.len() != columns.columns.len() {
        return Err(vec![Wrong { column: 0, reason: Reason::Columns }]);
    }
    let mut line =
        Line { wrongs: Vec::new(), phone: None, email: None, birth: None, match_by: columns.match_by };
    let mut member = Member {
        key: MemberKey(String::new()),
        name: String::new(),
        birth: None,
        household: None,
        fields: String::new(),
        contact: None,
        english: false,
    };
    for (at, (cell, column)) in cells.iter().zip(&columns.columns).enumerate() {
        line.read(&mut member, at + 1, cell, column);
    }
    member.birth = line.birth;
    let key = match columns.match_by {
        MatchBy::Phone => line.phone.as_ref().map(|phone| MemberKey(phone.person_key())),
        MatchBy::Email => line.email.as_ref().map(|email| MemberKey(email.person_key())),
        MatchBy::Name => {
            line.birth.filter(|_| !member.name.is_empty()).map(|birth| name_key(&member.name, birth))
        }
    };
    member.contact = line.phone.or(line.email);
    match key {
        Some(key) if line.wrongs.is_empty() => Ok(Member { key, ..member }),
        _ => Err(line.wrongs),
    }
}

struct Line {
    wrongs: Vec<Wrong>,
    phone: Option<Contact>,
    email: Option<Contact>,
    birth: Option<NaiveDate>,
    match_by: MatchBy,
}

impl Line {
    fn read(&mut self, member: &mut Member, at: usize, cell: &str, column: &Column) {
        let mut wrong = |reason| self.wrongs.push(Wrong { column: at, reason });
        if *column == Column::Unused {
            return;
        }
        if cell.len() > LONG {
            return wrong(Reason::Long);
        }
        if cell.is_empty() {
            let needed = match self.match_by {
                MatchBy::Phone => *column == Column::Phone,
                MatchBy::Email => *column == Column::Email,
                MatchBy::Name => matches!(column, Column::Name | Column::Birth),
            };
            if needed {
                wrong(Reason::Missing);
            }
            return;
        }
        if spelling::is_failed(cell) {
            return wrong(Reason::Formula);
        }
        // A question mark in a Korean name is where an export could not write a letter.
        if cell.contains('\u{FFFD}') || (*column == Column::Name && cell.contains('?')) {
            return wrong(Reason::Letters);
        }
        match column {
            Column::Name => member.name = spelling::folded(cell),
            Column::Birth => match birth::parse(cell) {
                Some(date) => {
                    fields::of_birth(date, &mut member.fields);
                    self.birth = Some(date);
                }
                None => wrong(Reason::Birth),
            },
            Column::Phone => match Contact::parse(Channel::Sms, &with_zero(cell)) {
                Ok(phone) => self.phone = Some(phone),
                // Where people are known by something else, a landline is only no way to tell them.
                Err(_) if self.match_by != MatchBy::Phone => {}
                Err(_) => wrong(Reason::Phone),
            },
            Column::Email => match Contact::parse(Channel::Email, cell) {
                Ok(email) => self.email = Some(email),
                Err(_) => wrong(Reason::Email),
            },
            Column::Household => member.household = Some(spelling::folded(cell)),
            Column::HouseholdSize => match cell.trim_end_matches(['명', '인', ' ']).parse::<u8>() {
                Ok(size @ 1..=99) => fields::push(&mut member.fields, "household", &size.to_string()),
                _ => wrong(Reason::Size),
            },
            Column::Region => match fields::region(cell) {
                Some(region) => fields::push(&mut member.fields, "region", region),
                None => wrong(Reason::Region),
            },
            Column::Lang => {
                member.english = matches!(spelling::folded(cell).as_str(), "en" | "english" | "영어");
            }
            Column::Field(name) => fields::push(&mut member.fields, name, cell),
            Column::Unused => {}
        }
    }
}

/// Spreadsheets take a mobile number for a number and drop its zero.
fn with_zero(phone: &str) -> Cow<'_, str> {
    let dropped = phone.len() == 10 && phone.starts_with("10") && phone.bytes().all(|b| b.is_ascii_digit());
    if dropped { Cow::Owned(format!("0{phone}")) } else { Cow::Borrowed(phone) }
}
