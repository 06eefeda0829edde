//! What a form of a counter says when something is missing or wrong.

use super::{FieldError, In, error};
use crate::{
    domain::because::Because,
    web::view::console::because,
    words::{Lang, money},
};

plain! {
    /// Whoever stands at the counter showed no papers.
    counter_id_missing: "id_seen", "counter-error-id";
    /// The box for what was read out is empty.
    counter_consent_missing: "consent", "counter-error-consent";
    /// A phone number and a mail address.
    counter_contact_twice: "email", "counter-error-contact-twice";
    /// Nobody on the roster.
    counter_unlisted: "name", "counter-error-unlisted";
    /// Not the number of a paper form.
    counter_paper_invalid: "paper", "counter-error-paper";
    /// Somebody came for them, but what are they to them?
    counter_relation_missing: "relation", "counter-error-relation";
    /// No papers about whoever came for them.
    counter_evidence_missing: "evidence", "counter-error-evidence";
    /// Whoever came is whoever they came for.
    counter_helper_same: "helper_name", "counter-error-helper-same";
    /// They were entered at a counter in another way.
    counter_before: "form", "counter-error-before";
    /// A slip was brought, and nothing shows whose it is.
    counter_not_theirs: "contact", "counter-error-not-theirs";
    /// Neither a receipt nor a birth date.
    counter_look_missing: "born", "counter-error-look";
    /// The slip of another round.
    counter_other_round: "receipt", "counter-error-other-round";
    /// Not a day of this round.
    counter_day_missing: "day", "counter-error-day";
    /// No reason for the list.
    counter_reason_missing: "reason", "counter-error-reason";
    /// Nothing is taken back of an entry from the web before a code was typed.
    counter_code_first: "code-send", "counter-error-code-first";
    /// The browser shows the slip of somebody else than the form was served with.
    counter_other_slip: "slip-heading", "counter-error-other-slip";
    /// It holds somebody else's answers, or their entry has changed.
    counter_other_check: "form", "counter-error-other-check";
    /// It does not know any more into whose entry they come.
    counter_other_with: "form", "counter-error-other-with";
    /// There is an entry whose owner asked to be remembered.
    counter_remembered: "remember", "counter-error-remembered";
    /// Somebody else has entered this person.
    counter_taken: "take_out", "counter-error-taken";
    /// They are in another entry, or have one.
    counter_elsewhere: "form", "counter-error-elsewhere";
    /// Somebody bought, and nobody did.
    counter_none_and_some: "none", "counter-error-none";
    /// Ticks were sent back, and nobody can know why.
    counter_words_missing: "words", "counter-error-words";
}

/// Somebody else was entered at a counter with this number or address. `is_known_by_it`: where the list of a round knows
/// people by it, it cannot be left empty.
pub fn counter_anothers(lang: Lang, is_known_by_it: bool) -> FieldError {
    let words = match is_known_by_it {
        true => t!(In { lang }, "counter-error-anothers-listed"),
        false => t!(In { lang }, "counter-error-anothers"),
    };
    error("form", words)
}

/// There is an entry with this number or address, made elsewhere; `is_known_by_it` as above.
pub fn counter_known(lang: Lang, is_known_by_it: bool) -> FieldError {
    let words = match is_known_by_it {
        true => t!(In { lang }, "counter-error-known-listed"),
        false => t!(In { lang }, "counter-error-known"),
    };
    error("own", words)
}

/// Somebody has come for as many as they may.
pub fn counter_helped(lang: Lang, most: u64) -> FieldError {
    error("form", t!(In { lang }, "counter-error-helped", most = most))
}

/// A line of a list whose amount or time cannot be read.
pub fn counter_line_invalid(lang: Lang, line: usize) -> FieldError {
    error(format!("sold_{line}"), t!(In { lang }, "counter-error-line", line = line.to_string()))
}

/// A line of a list with more than its entry may buy.
pub fn counter_line_over(lang: Lang, line: usize, most: u64) -> FieldError {
    let most = money::won(most, lang);
    error(
        format!("sold_{line}"),
        t!(In { lang }, "counter-error-line-over", line = line.to_string(), most = most),
    )
}

/// What came back of a list was not kept.
pub fn counter_refused(lang: Lang, reason: &Because) -> FieldError {
    error("form", t!(In { lang }, "counter-error-refused", reason = because(reason, lang).text))
}
