//! What was typed into a step, read one field at a time; what cannot be read is said at the field.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::{
    web::view::{FieldError, errors},
    words::Lang,
};

/// The fields of a form, and what is wrong with them.
#[derive(Debug)]
pub struct Typed<'f> {
    lang: Lang,
    values: &'f BTreeMap<String, String>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl<'f> Typed<'f> {
    /// Nothing is read yet.
    pub fn new(lang: Lang, values: &'f BTreeMap<String, String>) -> Self {
        Self { lang, values, errors: Vec::new() }
    }

    /// As typed, without spaces around it.
    pub fn text(&self, id: &str) -> &'f str {
        self.values.get(id).map_or("", |value| value.trim())
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, id: &str) -> bool {
        self.values.contains_key(id)
    }

    /// Says what is wrong with a field.
    pub fn wrong(&mut self, id: &str, why: fn(Lang, &str) -> FieldError) {
        self.errors.push(why(self.lang, id));
    }

    /// A line of visible text.
    pub fn line(&mut self, id: &str, least: usize, most: usize) -> String {
        let text = self.text(id);
        let length = text.chars().count();
        if !(least..=most).contains(&length) || text.contains(char::is_control) {
            self.errors.push(errors::wizard_length(self.lang, id, least, most));
        }
        text.to_owned()
    }

    /// A whole number.
    pub fn number(&mut self, id: &str, least: i64, most: i64) -> i64 {
        match self.number_if(id, least, most) {
            Some(number) => number,
            None => {
                if self.text(id).is_empty() {
                    self.errors.push(errors::wizard_number(self.lang, id, least, most));
                }
                least
            }
        }
    }

    /// A whole number, where there need not be one.
    pub fn number_if(&mut self, id: &str, least: i64, most: i64) -> Option<i64> {
        let text = bare(self.text(id));
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.errors.push(errors::wizard_number(self.lang, id, least, most));
        }
        number
    }

    /// A percentage, in tenths if it must be; where there need not be one.
    pub fn percent_if(&mut self, id: &str) -> Option<f64> {
        let text = bare(self.text(id).trim_end_matches('%'));
        if text.is_empty() {
            return None;
        }
        let percent = text.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
        if percent.is_none() {
            self.errors.push(errors::wizard_number(self.lang, id, 0, 100));
        }
        percent
    }

    /// A limit: a number above nothing, in tenths if it must be; where there need not be one.
    pub fn limit_if(&mut self, id: &str) -> Option<f64> {
        let text = bare(self.text(id));
        if text.is_empty() {
            return None;
        }
        let limit = text.parse::<f64>().ok().filter(|limit| (0.001..=1e9).contains(limit));
        if limit.is_none() {
            self.wrong(id, errors::wizard_limit);
        }
        limit
    }

    /// Date and time.
    pub fn moment(&mut self, id: &str) -> Option<NaiveDateTime> {
        let moment = self.moment_if(id);
        if moment.is_none() && self.text(id).is_empty() {
            self.wrong(id, errors::wizard_moment);
        }
        moment
    }

    /// Date and time, where there need not be any.
    pub fn moment_if(&mut self, id: &str) -> Option<NaiveDateTime> {
        let text = self.text(id).replace('T', " ");
        if text.is_empty() {
            return None;
        }
        let read = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M")
            .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S"));
        if read.is_err() {
            self.wrong(id, errors::wizard_moment);
        }
        read.ok()
    }

    /// A date.
    pub fn day(&mut self, id: &str) -> Option<NaiveDate> {
        let read = self.text(id).parse().ok();
        if read.is_none() {
            self.wrong(id, errors::wizard_day);
        }
        read
    }

    /// A time of day.
    pub fn clock(&mut self, id: &str) -> Option<NaiveTime> {
        let clock = self.clock_if(id);
        if clock.is_none() && self.text(id).is_empty() {
            self.wrong(id, errors::wizard_clock);
        }
        clock
    }

    /// A time of day, where there need not be any.
    pub fn clock_if(&mut self, id: &str) -> Option<NaiveTime> {
        let text = self.text(id);
        if text.is_empty() {
            return None;
        }
        let read =
            NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
        if read.is_err() {
            self.wrong(id, errors::wizard_clock);
        }
        read.ok()
    }

    /// One of these.
    pub fn choice(&mut self, id: &str, of: &[&'static str]) -> &'static str {
        let typed = self.text(id);
        match of.iter().copied().find(|one| *one == typed) {
            Some(one) => one,
            None => {
                self.wrong(id, errors::wizard_choice);
                ""
            }
        }
    }
}

/// `1,250,000,000원` and `1_250_000_000` are numbers too.
fn bare(text: &str) -> String {
    text.trim_end_matches('원').chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '₩')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them_and_what_is_not_one_is_said_at_its_field() {
        let values =
            [("a", "1,250,000,000원"), ("b", "12.5"), ("c", " "), ("d", "9x"), ("e", "2027-01-04T09:00")];
        let values = values.map(|(id, value)| (id.to_owned(), value.to_owned())).into();
        let mut typed = Typed::new(Lang::Ko, &values);
        assert_eq!((typed.number("a", 1, i64::MAX), typed.number_if("c", 1, 9)), (1_250_000_000, None));
        assert_eq!(typed.limit_if("b"), Some(12.5));
        assert!(typed.moment("e").is_some() && typed.errors.is_empty(), "{:?}", typed.errors);
        typed.number("b", 1, 9);
        typed.number("c", 1, 9);
        typed.limit_if("d");
        typed.day("e");
        typed.clock("nothing");
        let wrong: Vec<_> = typed.errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(wrong, ["b", "c", "d", "e", "nothing"]);
    }
}
