//! What a form says when something is missing or wrong: the same words in the summary and at the field.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use super::{In, console::because};
use crate::{
    domain::because::Because,
    words::{Lang, instant, money, number::grouped},
};

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The `name` and `id` of the field, or `form` where no single field is at fault.
    pub field: Cow<'static, str>,
    /// In the reader's language.
    pub message: String,
}

/// Looks up the message of a field, for templates.
pub trait FieldErrors {
    /// The first message of a field.
    fn on(&self, field: &str) -> Option<&str>;
}

impl FieldErrors for Vec<FieldError> {
    fn on(&self, field: &str) -> Option<&str> {
        self.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

fn error(field: impl Into<Cow<'static, str>>, message: String) -> FieldError {
    FieldError { field: field.into(), message }
}

/// Declares the errors whose text needs no values.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident: $field:literal, $key:literal;)+) => {
        $($(#[$doc])*
        pub fn $name(lang: Lang) -> FieldError {
            error($field, t!(In { lang }, $key))
        })+
    };
}

mod counter;
pub use counter::*;

plain! {
    /// Neither e-mail nor phone was chosen.
    channel_missing: "channel", "error-channel-missing";
    /// No e-mail address.
    email_missing: "email", "error-email-missing";
    /// Not an e-mail address.
    email_invalid: "email", "error-email-invalid";
    /// No phone number.
    phone_missing: "phone", "error-phone-missing";
    /// Not a mobile phone number.
    phone_invalid: "phone", "error-phone-invalid";
    /// The consent box is empty.
    consent_missing: "consent", "error-consent-missing";
    /// The box stood beside other words.
    consent_changed: "consent", "error-consent-changed";
    /// No name.
    name_missing: "name", "error-name-missing";
    /// Not a birth date.
    birth_invalid: "birth", "error-birth-invalid";
    /// Two tries within a minute.
    roster_wait: "form", "error-roster-wait";
    /// No code.
    code_missing: "code", "error-code-missing";
    /// The code is too old.
    code_expired: "code", "error-code-expired";
    /// Too many wrong codes: this one is dead, another may be asked for.
    code_too_many: "code", "error-code-too-many";
    /// No amount chosen.
    want_missing: "want", "error-want-missing";
    /// An amount that is not on the list.
    want_not_offered: "want", "error-want-not-offered";
    /// No year of birth.
    birth_year_missing: "birth_year", "error-birth-year-missing";
    /// Not a year anybody was born in.
    birth_year_invalid: "birth_year", "error-birth-year-invalid";
    /// Nobody of this age can enter this round.
    birth_year_age: "birth_year", "error-birth-year-age";
    /// No name of the person entered.
    person_name_missing: "name", "error-person-name-missing";
    /// Not a name.
    name_invalid: "name", "error-name-invalid";
    /// No date of birth.
    born_missing: "born", "error-born-missing";
    /// Not a date anybody was born on.
    born_invalid: "born", "error-born-invalid";
    /// As many as one may enter.
    person_full: "name", "error-person-full";
    /// Too many names were tried.
    person_too_many: "name", "error-person-too-many";
    /// Not on the list, or in another entry: which of them is not said.
    person_unknown: "name", "error-person-unknown";
    /// The reader themselves was entered by somebody else.
    person_taken: "form", "error-person-taken";
    /// Somebody else has entered this person.
    person_elsewhere: "name", "error-person-elsewhere";
    /// In another tab the answers were changed.
    check_answers_moved: "form", "error-check-answers";
    /// Their entry was recorded or changed elsewhere.
    check_entry_moved: "form", "error-check-entry";
    /// Their entry was withdrawn elsewhere.
    check_entry_withdrawn: "form", "error-check-withdrawn";
    /// The page does not say what it has shown.
    check_unsaid: "form", "error-check-unsaid";
    /// No receipt.
    receipt_missing: "receipt", "error-receipt-missing";
    /// No link code.
    link_missing: "code", "error-link-missing";
    /// No entry has this link code.
    link_wrong: "code", "error-link-wrong";
    /// Too many link codes were tried.
    link_too_many: "code", "error-link-too-many";
    /// As many as may come together.
    link_full: "code", "error-link-full";
    /// The reader has an entry of their own.
    link_own: "code", "error-link-own";
    /// The reader is in another entry.
    link_elsewhere: "code", "error-link-elsewhere";
    /// The others' places or money are not for the reader.
    link_others: "code", "error-link-others";
    /// Name, password or code of a member of staff.
    sign_in_wrong: "name", "console-error-sign-in";
    /// Too many sign in at once.
    sign_in_busy: "form", "console-error-busy";
    /// Not the code of the app.
    totp_wrong: "code", "console-error-totp";
    /// Not the old password, or not the code.
    password_wrong: "password", "console-error-password";
    /// A password that is none.
    password_short: "new", "console-error-short";
    /// A proposal is declined for a reason.
    words_missing: "words", "console-error-words";
    /// It would do something else than what was looked at.
    act_changed: "form", "console-error-changed";
    /// Everybody can read why.
    reason_missing: "reason", "console-error-reason";
    /// Not a date and time.
    from_invalid: "from", "console-error-from";
    /// Not a length of time.
    minutes_invalid: "minutes", "console-error-minutes";
    /// Not a number of days.
    days_invalid: "days", "console-error-days";
    /// None of the reasons.
    category_missing: "category", "console-error-category";
    /// Longer than any draft.
    draft_long: "text", "console-error-draft-long";
    /// Somebody else wrote meanwhile.
    draft_changed: "text", "console-error-draft-changed";
    /// It holds another's work.
    draft_sure: "sure", "console-error-draft-sure";
    /// It could not be announced.
    draft_refused: "form", "console-error-draft-refused";
    /// Nobody can be found by it.
    find_invalid: "what", "console-error-find";
    /// So many addresses would have to be opened.
    find_too_many: "what", "console-error-find-many";
    /// An address is shown for a reason.
    look_reason_missing: "reason", "console-error-look";
    /// Nothing was chosen to be taken away.
    export_what_missing: "what", "exports-error-what";
    /// Neither workbook nor text.
    export_format_missing: "format", "exports-error-format";
    /// Nothing is taken away without a reason.
    export_reason_missing: "reason", "exports-error-reason";
    /// Too many rows for a workbook.
    export_too_large: "format", "exports-error-large";
    /// No pack is taken away without a reason.
    pack_reason_missing: "pack-reason", "exports-error-reason";
    /// Nobody's name for the minutes.
    observer_missing: "name", "ceremony-error-name";
    /// Nothing happened yet that could have been seen.
    ceremony_early: "form", "ceremony-error-early";
    /// This account has signed already, or for somebody else.
    ceremony_signed: "name", "ceremony-error-signed";
    /// Something happened since the page was read.
    ceremony_moved: "form", "ceremony-error-moved";
    /// No name for a seller, or no key that ends.
    seller_invalid: "name", "sellers-error-name";
    /// Not a time.
    until_invalid: "until", "purchases-error-until";
    /// No name for a roster.
    roster_name: "name", "rosters-error-name";
    /// No file.
    roster_file: "list", "rosters-error-file";
    /// Something is wrong with some lines.
    roster_lines: "list", "rosters-error-lines";
    /// No list of a seller.
    reconcile_list_missing: "list", "reconcile-error-list";
    /// No seller of this round.
    reconcile_seller_unknown: "seller", "reconcile-error-seller";
    /// The form's token is missing, old or of another session.
    form_too_old: "form", "error-form-too-old";
}

/// Declares errors that several fields can have.
macro_rules! at_field {
    ($($(#[$doc:meta])* $name:ident: $key:literal;)+) => {
        $($(#[$doc])*
        pub fn $name(lang: Lang, field: &str) -> FieldError {
            error(field.to_owned(), t!(In { lang }, $key))
        })+
    };
}

at_field! {
    /// Write a number above 0.
    wizard_limit: "wizard-error-limit";
    /// Write at least one measured limit, or leave this one out.
    wizard_limit_missing: "wizard-error-limit-missing";
    /// Write date and time, like 2027-01-04 09:00.
    wizard_moment: "wizard-error-moment";
    /// Write a date, like 2027-01-11.
    wizard_day: "wizard-error-day";
    /// Write a time, like 09:00.
    wizard_clock: "wizard-error-clock";
    /// Choose one.
    wizard_choice: "wizard-error-choice";
    /// Write up to 64 small letters, digits and hyphens, with no hyphen at either end.
    wizard_slug: "wizard-error-slug";
    /// The budget does not cover a single unit; write more.
    wizard_budget: "wizard-error-budget";
    /// Write a multiple of the unit.
    wizard_cap: "wizard-error-cap";
    /// This draft sets places aside for groups. Take them out under All settings first.
    wizard_reserves: "wizard-error-reserves";
    /// Write a later time than in the field before.
    wizard_order: "wizard-error-order";
    /// This is in the past. Write a time that is still to come.
    wizard_past: "wizard-error-past";
    /// With these days people cannot be parted. Put the first day right in the next step.
    wizard_groups: "wizard-error-groups";
    /// Choose at least one weekday.
    wizard_weekdays: "wizard-error-weekdays";
    /// Say when the day begins in at least one of these.
    wizard_parts: "wizard-error-parts";
    /// Fill in one of these two: people a slot, or people a minute.
    wizard_capacity: "wizard-error-capacity";
    /// This is fewer than are expected to enter.
    wizard_at_most: "wizard-error-at-most";
    /// There is a limit of this name; write another.
    wizard_name_taken: "wizard-error-name-taken";
    /// Nobody is told anything between 21:00 and 08:00; write a time of the day.
    wizard_quiet: "wizard-error-quiet";
}

/// Not a whole number between these.
pub fn wizard_number(lang: Lang, field: &str, least: i64, most: i64) -> FieldError {
    let said = |number: i64| u64::try_from(number).map_or(number.to_string(), grouped);
    error(field.to_owned(), t!(In { lang }, "wizard-error-number", least = said(least), most = said(most)))
}

/// Too short, or too long.
pub fn wizard_length(lang: Lang, field: &str, least: usize, most: usize) -> FieldError {
    let (least, most) = (least.to_string(), most.to_string());
    error(field.to_owned(), t!(In { lang }, "wizard-error-length", least = least, most = most))
}

/// A wrong code, with how often one may still try.
pub fn code_wrong(lang: Lang, tries_left: u64) -> FieldError {
    error("code", t!(In { lang }, "error-code-wrong", tries = tries_left))
}

/// Wrong too often: so long nothing is looked at.
pub fn sign_in_wait(lang: Lang, wait: TimeDelta) -> FieldError {
    let wait = instant::duration(wait + TimeDelta::seconds(59), lang);
    error("form", t!(In { lang }, "console-error-wait", wait = wait))
}

/// A file that is no list.
pub fn roster_unread(lang: Lang, why: &str) -> FieldError {
    error("list", t!(In { lang }, "rosters-error-unread", why = why))
}

/// An act was not done, and why.
pub fn act_refused(lang: Lang, why: &Because) -> FieldError {
    error("form", t!(In { lang }, "console-error-refused", why = because(why, lang).text))
}

/// More or fewer characters than a receipt has.
pub fn receipt_length(lang: Lang, count: usize) -> FieldError {
    error("receipt", t!(In { lang }, "error-receipt-length", count = grouped(count as u64)))
}

/// A character that no receipt has.
pub fn receipt_strange(lang: Lang, sign: char) -> FieldError {
    error("receipt", t!(In { lang }, "error-receipt-strange", sign = sign.to_string()))
}

/// More than one person may buy.
pub fn want_over_cap(lang: Lang, cap: u64) -> FieldError {
    error("want", t!(In { lang }, "error-want-over-cap", cap = money::won(cap, lang)))
}

/// The same part of the day wished for twice; `field` is the second of the two.
pub fn wish_twice(lang: Lang, field: &'static str) -> FieldError {
    error(field, t!(In { lang }, "error-wish-twice"))
}

/// A part of the day this round does not have.
pub fn wish_unknown(lang: Lang, field: &'static str) -> FieldError {
    error(field, t!(In { lang }, "error-wish-unknown"))
}

/// A part of the day that the cohort does not have: answered with one's own dates.
pub fn wish_elsewhere(lang: Lang, field: &'static str, days: &str) -> FieldError {
    error(field, t!(In { lang }, "error-wish-elsewhere", days = days))
}

/// A question without an answer.
pub fn answer_missing(lang: Lang, field: String, label: &str) -> FieldError {
    error(field, t!(In { lang }, "error-answer-missing", label = label))
}

/// An answer that is not on the list.
pub fn answer_not_offered(lang: Lang, field: String) -> FieldError {
    error(field, t!(In { lang }, "error-answer-not-offered"))
}

/// The roster does not say what is needed.
pub fn answer_unlisted(lang: Lang, label: &str) -> FieldError {
    error("form", t!(In { lang }, "error-answer-unlisted", label = label))
}

/// Too many codes were asked for; for how long, and whom to ask at a counter, where there is one.
pub fn code_too_often(lang: Lang, wait: TimeDelta, contact: Option<&str>) -> FieldError {
    let wait = instant::roughly(wait, lang);
    let message = match contact {
        None => t!(In { lang }, "error-code-too-often", wait = wait),
        Some(contact) => t!(In { lang }, "error-code-too-often-counter", wait = wait, contact = contact),
    };
    error("form", message)
}

/// Something that looks like a resident registration number. It is not kept and must not be shown again.
pub fn resident_number(lang: Lang, field: &'static str) -> FieldError {
    error(field, t!(In { lang }, "error-resident-number"))
}

/// Registration has ended.
pub fn round_closed(lang: Lang, closed_at: DateTime<Utc>) -> FieldError {
    error("form", t!(In { lang }, "error-round-closed", at = instant::minute(closed_at, lang)))
}
