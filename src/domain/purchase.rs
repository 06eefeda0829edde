//! A seller's list of purchases: receipt, time, amount. Korean Excel and hand-written files alike.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::Receipt;

/// Whose a purchase is, as the seller knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// As in the pool.
    Receipt(String),
    /// Whom the gate let through under this name.
    Handover(String),
}

impl Whose {
    /// The name of a hand-over, if it is one.
    pub fn handover(&self) -> Option<String> {
        match self {
            Self::Receipt(_) => None,
            Self::Handover(id) => Some(id.clone()),
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        let text = text.to_ascii_lowercase();
        let is_handover = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.parse::<Receipt>() {
            Ok(receipt) => Ok(Self::Receipt(receipt.to_string())),
            Err(_) if is_handover => Ok(Self::Handover(text)),
            Err(_) => Err(format!("`{text}` is not a receipt")),
        }
    }
}

/// One purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub whose: Whose,
    /// When.
    pub at: DateTime<Utc>,
    /// Won.
    pub amount: u64,
}

/// The lines of a list with their numbers, from 1: each a purchase, or what is wrong with it. Empty lines and a
/// first line of headings are no lines.
pub fn lines(text: &[u8]) -> Vec<(usize, Result<Line, String>)> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            continue;
        }
        let cells = cells(line);
        let read = read(&cells);
        // Headings are in any language and encoding; no digit stands in them.
        let heading = number == 1 && read.is_err() && !line.bytes().any(|byte| byte.is_ascii_digit());
        if !heading {
            lines.push((number, read));
        }
    }
    lines
}

fn read(cells: &[String]) -> Result<Line, String> {
    let [receipt, at, amount] = cells else {
        return Err(format!("has {} cells; three are needed: receipt, time, amount", cells.len()));
    };
    let whose = Whose::read(receipt)?;
    let at = time(at).ok_or_else(|| format!("`{at}` is not a time; write it like 2027-01-11 10:05"))?;
    let plain: String =
        amount.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '₩' | '원')).collect();
    let amount = plain.parse().ok().filter(|amount| *amount > 0 && *amount <= public_audit::rules::MAX_WON);
    let amount = amount.ok_or_else(|| format!("`{plain}` is not an amount in won"))?;
    Ok(Line { whose, at, amount })
}

/// Korean local time, or an instant with its offset.
fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let plain = text.replace(['/', '.'], "-");
    let local = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"].into_iter();
    let local = local.filter_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok()).next()?;
    Seoul.from_local_datetime(&local).single().map(|at| at.to_utc())
}

/// Cells between commas, semicolons or tabs; quotes keep what is in them together.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_sellers_write_them() {
        let text = "\u{feff}접수번호,구매 시각,금액\r\nfamx-6k54-dc9p-a7yz,2027-01-11 10:07,\"250,000\"\r\n\r\n\
                    FAMX-6K54-DC9P-A7YZ;2027.01.11 10:07:30;10000원\nfamx-6k54-dc9p-a7yz\t2027-01-11T10:07:00+09:00\t1\n";
        let read = lines(text.as_bytes());
        let at: Vec<usize> = read.iter().map(|(number, _)| *number).collect();
        assert_eq!(at, [2, 4, 5]);
        for ((_, line), (amount, second)) in read.into_iter().zip([(250_000, 0), (10_000, 30), (1, 0)]) {
            let line = line.unwrap();
            let whose = Whose::Receipt("famx-6k54-dc9p-a7yz".to_owned());
            assert_eq!((line.whose, line.amount), (whose, amount));
            assert_eq!(line.at.to_rfc3339(), format!("2027-01-11T01:07:{second:02}+00:00"));
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_and_never_dropped() {
        for bad in [
            "famx-6k54-dc9p-a7yz,2027-01-11 10:07",
            "famx-6k54-dc9p-a7yz,2027-01-11 10:07,1,2",
            "famx,2027-01-11 10:07,1",
            "famx-6k54-dc9p-a7yz,yesterday 1,1",
            "famx-6k54-dc9p-a7yz,2027-01-11 25:07,1",
            "famx-6k54-dc9p-a7yz,2027-01-11 10:07,0",
            "famx-6k54-dc9p-a7yz,2027-01-11 10:07,-1",
            "famx-6k54-dc9p-a7yz,2027-01-11 10:07,99999999999999999",
        ] {
            let read = lines(bad.as_bytes());
            assert!(matches!(read.as_slice(), [(1, Err(_))]), "{bad}: {read:?}");
        }
        // Headings of another encoding are no purchase and no mistake; a second line of words is one.
        assert_eq!(lines(b"\xc1\xa2\xbc\xf6,\xbd\xc3\xb0\xa2\n"), []);
        assert_eq!(lines(b"a,b,c\nd,e,f\n").len(), 1);
    }
}
