//! What a comparison of our ledger with a seller's list found, in words and as a file.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        csv::csv_line,
        reconcile::{Difference, Reconciled, What},
    },
    lifecycle::sale::told::instant,
    words::{Lang, number::grouped},
};

/// Headings of a table of differences.
pub fn heads(lang: Lang) -> [&'static str; 7] {
    match lang.is_korean() {
        true => ["구분", "줄", "접수번호", "우리 금액", "우리 시각", "판매처 금액", "판매처 시각"],
        false => ["what", "line", "receipt", "our amount", "our time", "their amount", "their time"],
    }
}

/// Purchases and won of one side.
pub fn side((count, won): (u64, u128), lang: Lang) -> String {
    let won = u64::try_from(won).map_or_else(|_| won.to_string(), grouped);
    match lang.is_korean() {
        true => format!("{}건 {won}원", grouped(count)),
        false => format!("{} purchases, ₩{won}", grouped(count)),
    }
}

/// The report, for people.
pub fn report(done: &Reconciled, lang: Lang) -> String {
    let [ours, theirs, same, even, differ] = if lang.is_korean() {
        ["우리 원장", "판매처", "일치", "원 단위까지 일치합니다.", "다른 항목"]
    } else {
        ["Our ledger", "The seller", "The same", "They agree to the won.", "Differences"]
    };
    let mut text = format!(
        "{ours}: {}\n{theirs}: {}\n{same}: {}\n",
        side(done.ours, lang),
        side(done.theirs, lang),
        done.same
    );
    if done.is_even() {
        text += &format!("{even}\n");
    } else {
        text += &format!("{differ}: {}\n", done.differences.len());
    }
    for one in &done.differences {
        text += &format!("  {}\n", cells(one, lang).join("  "));
    }
    text
}

/// The differences, as Korean Excel opens them: UTF-8 with its mark, and nothing in a cell that it would compute.
pub fn csv(done: &Reconciled, lang: Lang) -> String {
    let mut text = format!("\u{feff}{}", csv_line(heads(lang)));
    for one in &done.differences {
        let cells = cells(one, lang);
        text += &csv_line(cells.iter().map(String::as_str));
    }
    text
}

/// One difference, in the order of [`heads`].
pub fn cells(one: &Difference, lang: Lang) -> [String; 7] {
    let won = |side: &Option<(u64, DateTime<Utc>)>| side.map_or(String::new(), |(won, _)| won.to_string());
    let at = |side: &Option<(u64, DateTime<Utc>)>| side.map_or(String::new(), |(_, at)| instant(at));
    [
        what(one.what, lang).to_owned(),
        one.line.map_or(String::new(), |line| line.to_string()),
        one.receipt.clone(),
        won(&one.ours),
        at(&one.ours),
        won(&one.theirs),
        at(&one.theirs),
    ]
}

fn what(what: What, lang: Lang) -> &'static str {
    match (what, lang.is_korean()) {
        (What::OnlyTheirs, true) => "판매처에만 있음",
        (What::OnlyTheirs, false) => "only the seller has it",
        (What::OnlyOurs, true) => "우리에게만 있음",
        (What::OnlyOurs, false) => "only we have it",
        (What::Amount, true) => "금액이 다름",
        (What::Amount, false) => "another amount",
        (What::Time, true) => "시각이 다름",
        (What::Time, false) => "another time",
        (What::Twice, true) => "판매처에 두 번 있음",
        (What::Twice, false) => "twice in the seller's list",
        (What::Unreadable, true) => "읽을 수 없는 줄",
        (What::Unreadable, false) => "cannot be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_opens_it_and_computes_nothing() {
        let one = Difference {
            what: What::Unreadable,
            line: Some(2),
            receipt: "=cmd|'/c calc'!A0, \"x\"".to_owned(),
            ours: None,
            theirs: None,
        };
        let done = Reconciled { differences: vec![one], ..Reconciled::default() };
        let text = csv(&done, Lang::Ko);
        assert!(text.starts_with("\u{feff}구분,"), "{text}");
        assert!(text.contains("\"'=cmd|'/c calc'!A0, \"\"x\"\"\""), "{text}");
        assert!(report(&done, Lang::En).contains("cannot be read"));
    }
}
