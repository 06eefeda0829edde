//! What a notice says: as a mail, and as a short text for SMS.
//!
//! No links: whoever learns that we never send one cannot be fooled by one. Date, time, amount and
//! receipt stand in the text itself, and the address of the site is given in words.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use i18n_embed_fl::fl;

pub use after::{After, Held, News, reason_in_words};
pub use readdressed::Readdressed;
pub use sheet::sheet;

use super::sms::bytes;
use crate::{
    config::Municipality,
    words::{
        Lang,
        instant::{duration, minute},
        money::{won, won_plain},
        number::{grouped, ordinal},
    },
};

/// A mail, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Who the notice comes from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The municipality's name.
    pub municipality: String,
    /// How to find the site without a link, such as "the purchase time draw at tongyeong.go.kr".
    pub site_in_words: String,
    /// The help desk.
    pub contact: String,
}

impl Sender {
    /// As the configuration says.
    pub fn of(municipality: &Municipality) -> Self {
        Self {
            municipality: municipality.name.clone(),
            site_in_words: municipality.site_in_words.clone(),
            contact: municipality.contact.clone(),
        }
    }
}

/// What there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The code of the identity check.
    Code {
        /// As typed on the page.
        code: String,
        /// How long it is valid.
        minutes: u64,
    },
    /// An entry, or a change of it, is recorded.
    Entered {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// The amount wanted, in won.
        want: u64,
        /// Until when it can be changed.
        closes_at: DateTime<Utc>,
        /// From when the result can be seen.
        results_at: DateTime<Utc>,
    },
    /// An entry is withdrawn.
    Withdrawn {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
    },
    /// The pool is fixed; by mail only.
    Sealed {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// The signed seal.
        seal: String,
        /// A signed checkpoint of the journal that holds it; may be empty.
        checkpoint: String,
    },
    /// The round does not count.
    Voided {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
    },
    /// A minute and an amount.
    Assigned {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// The personal minute.
        starts_at: DateTime<Utc>,
        /// The grace end.
        until: DateTime<Utc>,
        /// In won.
        amount: u64,
        /// 1-based place in the order of lots.
        rank: u64,
        /// How many entered.
        count: u64,
    },
    /// One's own minute comes.
    Reminder {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// The personal minute.
        starts_at: DateTime<Utc>,
        /// The grace end.
        until: DateTime<Utc>,
        /// In won.
        amount: u64,
    },
    /// One's own minute came, and the place is still held.
    StillOpen {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// The personal minute.
        starts_at: DateTime<Utc>,
        /// The grace end.
        until: DateTime<Utc>,
        /// In won.
        amount: u64,
    },
    /// No place for now.
    Waitlisted {
        /// The round.
        title: String,
        /// The public code of the entry.
        receipt: String,
        /// 1-based place on the waitlist.
        position: u64,
        /// How many are on it.
        count: u64,
    },
    /// It is told things elsewhere from now on.
    Readdressed(Readdressed),
    /// Something after the draw.
    After(After),
}

/// The frame of every mail is a template; the sentences are texts.
#[derive(Template)]
#[template(path = "mail/frame.txt")]
struct Frame<'a> {
    lang: Lang,
    from: &'a Sender,
    message: &'a Message,
}

/// The mail.
pub fn compose(message: &Message, lang: Lang, from: &Sender) -> Mail {
    let (l, municipality) = (lang.loader(), from.municipality.as_str());
    let subject = match message {
        Message::Code { .. } => fl!(l, "mail-code-subject", municipality = municipality),
        Message::Entered { .. } => fl!(l, "mail-entered-subject", municipality = municipality),
        Message::Withdrawn { .. } => fl!(l, "mail-withdrawn-subject", municipality = municipality),
        Message::Sealed { .. } => fl!(l, "mail-sealed-subject", municipality = municipality),
        Message::Voided { .. } => fl!(l, "mail-voided-subject", municipality = municipality),
        Message::Assigned { .. } => fl!(l, "mail-assigned-subject", municipality = municipality),
        Message::Reminder { .. } => fl!(l, "mail-reminder-subject", municipality = municipality),
        Message::StillOpen { .. } => fl!(l, "mail-still-open-subject", municipality = municipality),
        Message::Waitlisted { .. } => fl!(l, "mail-waitlisted-subject", municipality = municipality),
        Message::Readdressed(told) => told.subject(lang, municipality),
        Message::After(after) => after.subject(lang, municipality),
    };
    // Writing into a String cannot fail; should it ever, the subject still says what happened.
    let body = Frame { lang, from, message }.render().unwrap_or_else(|_| subject.clone());
    Mail { subject, body }
}

/// The mail with the code that shows it to be ours; the last line, after whom to ask.
pub fn with_code(mail: Mail, lang: Lang, code: Option<&str>) -> Mail {
    let Some(code) = code else { return mail };
    let line = fl!(lang.loader(), "mail-told-code", code = code);
    Mail { body: format!("{}\n{line}", mail.body.trim_end()), ..mail }
}

/// The text with the code that shows it to be ours, and where to try it.
pub fn text_with_code(text: String, lang: Lang, from: &Sender, code: Option<&str>) -> String {
    let Some(code) = code else { return text };
    let site = from.site_in_words.as_str();
    format!("{text} {}", carried(&fl!(lang.loader(), "sms-told-code", code = code, site = site)))
}

/// The whole text of a notice: in the round's own words where carriers can carry them with these values in them,
/// else in the usual ones. A title or a reason may hold anything, and nobody goes untold because of it.
pub fn whole_text(
    message: &Message,
    own: Option<&str>,
    lang: Lang,
    from: &Sender,
    code: Option<&str>,
) -> String {
    let whole = |text: String| text_with_code(text, lang, from, code);
    let own = own.and_then(|own| {
        let as_they_are = whole(own.to_owned());
        let told = match bytes::measure(&as_they_are) {
            Err(bytes::Unfit::Character) => whole(carried(own)),
            _ => as_they_are,
        };
        match bytes::measure(&told) {
            Ok(_) => Some(told),
            Err(error) => {
                tracing::error!(%error, "words of a round cannot be sent as a text: the usual ones leave");
                None
            }
        }
    });
    own.unwrap_or_else(|| whole(text(message, lang, from)))
}

/// The same mail for who reads HTML: large, with nothing to load and nothing to press. One text, so that
/// a mail never says two things.
pub fn html(mail: &Mail, lang: Lang) -> Option<String> {
    let mut paragraphs = Vec::new();
    let mut is_first_of_footer = false;
    for block in mail.body.split("\n----\n").map(|block| block.trim_matches('\n')) {
        for text in block.split("\n\n").filter(|text| !text.is_empty()) {
            paragraphs.push(Paragraph { text, is_first_of_footer });
            is_first_of_footer = false;
        }
        is_first_of_footer = true;
    }
    Html { lang, subject: &mail.subject, paragraphs }.render().ok()
}

struct Paragraph<'a> {
    text: &'a str,
    is_first_of_footer: bool,
}

#[derive(Template)]
#[template(path = "mail/frame.html")]
struct Html<'a> {
    lang: Lang,
    subject: &'a str,
    paragraphs: Vec<Paragraph<'a>>,
}

/// The SMS: one or two sentences in characters every Korean operator carries.
pub fn text(message: &Message, lang: Lang, from: &Sender) -> String {
    let (l, municipality) = (lang.loader(), from.municipality.as_str());
    let sentence = match message {
        Message::Code { code, minutes } => fl!(
            l,
            "sms-code",
            municipality = municipality,
            code = code.as_str(),
            length = in_words(*minutes, lang)
        ),
        Message::Entered { title, receipt, want, results_at, .. } => fl!(
            l,
            "sms-entered",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str(),
            amount = won_plain(*want, lang),
            at = minute(*results_at, lang)
        ),
        Message::Withdrawn { title, receipt } => fl!(
            l,
            "sms-withdrawn",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str()
        ),
        Message::Sealed { title, receipt, .. } => fl!(
            l,
            "sms-sealed",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str()
        ),
        Message::Voided { title, receipt } => fl!(
            l,
            "sms-voided",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str()
        ),
        Message::Assigned { title, receipt, starts_at, until, amount, .. } => fl!(
            l,
            "sms-assigned",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str(),
            start = minute(*starts_at, lang),
            until = minute(*until, lang),
            amount = won_plain(*amount, lang)
        ),
        Message::Reminder { title, receipt, starts_at, until, amount } => fl!(
            l,
            "sms-reminder",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str(),
            start = minute(*starts_at, lang),
            until = minute(*until, lang),
            amount = won_plain(*amount, lang)
        ),
        Message::StillOpen { title, receipt, until, amount, .. } => fl!(
            l,
            "sms-still-open",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str(),
            until = minute(*until, lang),
            amount = won_plain(*amount, lang)
        ),
        Message::Waitlisted { title, receipt, position, count } => fl!(
            l,
            "sms-waitlisted",
            municipality = municipality,
            title = title.as_str(),
            receipt = receipt.as_str(),
            position = ordinal(*position, lang),
            count = grouped(*count)
        ),
        Message::Readdressed(told) => told.text(lang, from),
        Message::After(after) => after.text(lang, municipality),
    };
    carried(&sentence)
}

fn in_words(minutes: u64, lang: Lang) -> String {
    duration(TimeDelta::minutes(i64::try_from(minutes.min(1_000_000)).unwrap_or_default()), lang)
}

/// Replaces what CP949 cannot carry, as a title may hold anything; unknown characters become `?`,
/// which is what operators do too, only silently. All that CP949 has passes: every syllable, the `ㆍ` and `「」`
/// of official titles, Hanja.
fn carried(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' '..='~' | '가'..='힣' => safe.push(character),
            '₩' | '￦' => safe.push_str("KRW "),
            '\u{2018}' | '\u{2019}' => safe.push('\''),
            '\u{201C}' | '\u{201D}' => safe.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => safe.push('-'),
            '\u{FF5E}' | '\u{301C}' => safe.push('~'),
            '\u{2060}' | '\u{200B}'..='\u{200F}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {}
            other if other.is_whitespace() => safe.push(' '),
            other if !other.is_control() && bytes::is_carried(other) => safe.push(other),
            _ => safe.push('?'),
        }
    }
    safe
}

mod after;
mod readdressed;
mod sheet;
#[cfg(test)]
mod tests;
