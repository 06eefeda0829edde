//! An entry, and its line in the pool (protocol §3).

use std::fmt::Write as _;

use crate::receipt::Receipt;
use crate::rules::{MAX_SEATS, MAX_WEIGHT, Rules, Weighting, is_value};

/// The longest pool line, in bytes without its LF.
pub const MAX_LINE: usize = 2048;

/// What a pool line says. Nothing else about a person is ever published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its public code.
    pub receipt: Receipt,
    /// People, 1 to [`MAX_SEATS`].
    pub seats: u32,
    /// Won in all: a multiple of the unit, at most `cap` for each seat.
    pub want: u64,
    /// Lots, 1 to [`MAX_WEIGHT`].
    pub weight: u32,
    /// Day parts, best first, joined by `+`; or `any`.
    pub wish: String,
    /// The values of [`Rules::other_fields`], in that order.
    pub others: Vec<String>,
}

/// What is wrong with an entry or with its line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The line is longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    Long,
    /// The line does not begin with a receipt.
    #[error("the line does not begin with a receipt")]
    Receipt,
    /// Other fields than the rules list, or in another order, or not separated by single spaces.
    #[error("the fields are not those of the rules, in their order, after single spaces")]
    Fields,
    /// A number with a sign, leading zeros, more than 16 digits, or none.
    #[error("`{0}` is not a plain number")]
    Number(&'static str),
    /// Outside 1 to [`MAX_SEATS`], or not 1 though the rules do not list the field.
    #[error("seats must be 1 to {MAX_SEATS}, and 1 if the rules do not list them")]
    Seats,
    /// Not a positive multiple of the unit, over `cap × seats`, or not exactly that though the
    /// rules do not list the field.
    #[error("want must be a positive multiple of the unit, at most the cap for each seat")]
    Want,
    /// Outside 1 to [`MAX_WEIGHT`], not 1 though the rules do not list the field, or nothing that
    /// their weighting gives.
    #[error("weight must be 1 to {MAX_WEIGHT}, of the weighting, and 1 if the rules do not list it")]
    Weight,
    /// Not `any` and not different day parts of the rules joined by `+`; or not `any` though the
    /// rules do not list the field.
    #[error("a wish is `any`, or different day parts of the rules joined by +")]
    Wish,
    /// A value that is not `[a-z0-9._+-]{1,64}`.
    #[error("a value must be 1 to 64 characters of a-z 0-9 . _ + -")]
    Value,
}

impl Entry {
    /// An entry that wants what the rules give by default: one seat, the cap, one lot, any part.
    #[must_use]
    pub fn new(rules: &Rules, receipt: Receipt, others: Vec<String>) -> Self {
        let (want, wish) = (rules.goods.cap, "any".to_owned());
        Self { receipt, seats: 1, want, weight: 1, wish, others }
    }

    /// The entry of a pool line, given without its LF.
    ///
    /// # Errors
    /// The first thing that is not as the rules say.
    pub fn parse(rules: &Rules, line: &str) -> Result<Self, EntryError> {
        let mut scratch = String::new();
        let parsed = LineForm::new(rules).parse(line, &mut scratch)?;
        Ok(Self {
            receipt: parsed.receipt,
            seats: parsed.seats,
            want: parsed.want,
            weight: parsed.weight,
            wish: parsed.wish.to_owned(),
            others: scratch.split_terminator(' ').map(str::to_owned).collect(),
        })
    }

    /// The pool line, without LF.
    ///
    /// # Errors
    /// When the line would not parse back into this entry under these rules.
    pub fn line(&self, rules: &Rules) -> Result<String, EntryError> {
        if self.others.len() != rules.other_fields().count() {
            return Err(EntryError::Fields);
        }
        let form = LineForm::new(rules);
        let parts = LineParts {
            receipt: self.receipt,
            seats: self.seats,
            want: self.want,
            weight: self.weight,
            wish: &self.wish,
        };
        let mut line = String::new();
        form.write(&parts, self.others.iter().map(String::as_str), &mut line);
        // Parsing back is the check, so that what is written can always be read. It also catches
        // a value which the line does not show because the rules do not list its field.
        if Self::parse(rules, &line)? == *self {
            return Ok(line);
        }
        let defaults = Self::new(rules, self.receipt, Vec::new());
        Err(match () {
            () if !rules.lists("seats") && self.seats != defaults.seats => EntryError::Seats,
            () if !rules.lists("weight") && self.weight != defaults.weight => EntryError::Weight,
            () if !rules.lists("wish") && self.wish != defaults.wish => EntryError::Wish,
            () if !rules.lists("want") => EntryError::Want,
            () => EntryError::Value,
        })
    }
}

/// The fixed part of a line; cohort and reserve values stand beside it.
pub(crate) struct LineParts<'l> {
    pub receipt: Receipt,
    pub seats: u32,
    pub want: u64,
    pub weight: u32,
    pub wish: &'l str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Seats,
    Want,
    Weight,
    Wish,
    Other,
}

/// What the rules say about lines, made ready for reading millions of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineForm {
    fields: Vec<(Kind, String)>,
    parts: Vec<String>,
    unit: u64,
    cap: u64,
    weighting: Option<Weighting>,
}

impl LineForm {
    pub fn new(rules: &Rules) -> Self {
        let kind = |field: &String| match field.as_str() {
            "seats" => Kind::Seats,
            "want" => Kind::Want,
            "weight" => Kind::Weight,
            "wish" => Kind::Wish,
            _ => Kind::Other,
        };
        let fields = rules.fields.iter().map(|field| (kind(field), field.clone())).collect();
        let (goods, weighting) = (rules.goods, rules.weighting);
        Self { fields, parts: rules.parts.clone(), unit: goods.unit, cap: goods.cap, weighting }
    }

    /// Reads a line; cohort and reserve values are put into `others`, each followed by a space.
    pub fn parse<'l>(&self, line: &'l str, others: &mut String) -> Result<LineParts<'l>, EntryError> {
        others.clear();
        if line.len() > MAX_LINE {
            return Err(EntryError::Long);
        }
        let mut words = line.split(' ');
        let receipt = words.next().unwrap_or_default();
        let receipt = receipt.parse().map_err(|_| EntryError::Receipt)?;
        let (mut seats, mut want, mut weight, mut wish) = (1, None, 1, "any");
        for (kind, name) in &self.fields {
            let word = words.next().ok_or(EntryError::Fields)?;
            let value = word.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix('='));
            let value = value.ok_or(EntryError::Fields)?;
            match kind {
                Kind::Seats => seats = number(value, "seats")?,
                Kind::Want => want = Some(number(value, "want")?),
                Kind::Weight => weight = number(value, "weight")?,
                Kind::Wish => wish = value,
                Kind::Other if is_value(value) => {
                    others.push_str(value);
                    others.push(' ');
                }
                Kind::Other => return Err(EntryError::Value),
            }
        }
        if words.next().is_some() {
            return Err(EntryError::Fields);
        }
        let within =
            |number: u64, most: u32| u32::try_from(number).ok().filter(|number| (1..=most).contains(number));
        let seats = within(seats, MAX_SEATS).ok_or(EntryError::Seats)?;
        let weight = within(weight, MAX_WEIGHT).ok_or(EntryError::Weight)?;
        if self.weighting.is_some_and(|weighting| !weighting.gives(weight)) {
            return Err(EntryError::Weight);
        }
        let most = self.cap.saturating_mul(u64::from(seats));
        let want = want.unwrap_or(most);
        if want == 0 || want > most || want.checked_rem(self.unit) != Some(0) {
            return Err(EntryError::Want);
        }
        if !self.is_wish(wish) {
            return Err(EntryError::Wish);
        }
        Ok(LineParts { receipt, seats, want, weight, wish })
    }

    fn is_wish(&self, wish: &str) -> bool {
        let mut seen = 0_u32;
        wish == "any"
            || wish.split('+').all(|part| {
                let bit = self.parts.iter().position(|p| p == part).map_or(0, |at| 1_u32 << (at & 31));
                let new = bit & !seen != 0;
                seen |= bit;
                new
            })
    }

    /// All day parts as indices, those of a wish first and then the others in time order.
    pub fn walk(&self, wish: &str) -> Vec<usize> {
        let index = |part: &str| self.parts.iter().position(|p| p == part);
        let mut walk: Vec<usize> = wish.split('+').filter_map(index).collect();
        let others: Vec<usize> = (0..self.parts.len()).filter(|at| !walk.contains(at)).collect();
        walk.extend(others);
        walk
    }

    /// Writes a line without LF.
    pub fn write<'o>(
        &self,
        parts: &LineParts<'_>,
        mut others: impl Iterator<Item = &'o str>,
        line: &mut String,
    ) {
        let _ = write!(line, "{}", parts.receipt);
        for (kind, name) in &self.fields {
            let _ = match kind {
                Kind::Seats => write!(line, " {name}={}", parts.seats),
                Kind::Want => write!(line, " {name}={}", parts.want),
                Kind::Weight => write!(line, " {name}={}", parts.weight),
                Kind::Wish => write!(line, " {name}={}", parts.wish),
                Kind::Other => write!(line, " {name}={}", others.next().unwrap_or_default()),
            };
        }
    }

    /// What asks for the value of a field among the cohort and reserve values, each of which is followed by a
    /// space: made ready once, since rules may ask ten thousand times.
    pub fn value_of<'o>(&'o self, others: &'o str) -> impl Fn(&str) -> Option<&'o str> {
        let fields =
            self.fields.iter().filter(|(kind, _)| *kind == Kind::Other).map(|(_, name)| name.as_str());
        let values: Vec<(&str, &str)> = fields.zip(others.split_terminator(' ')).collect();
        move |field| values.iter().find(|(name, _)| *name == field).map(|(_, value)| *value)
    }
}

/// A decimal number in its one spelling, at most 16 digits.
pub(crate) fn number(text: &str, field: &'static str) -> Result<u64, EntryError> {
    let digits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return Err(EntryError::Number(field));
    }
    text.parse().map_err(|_| EntryError::Number(field))
}
