//! Resident registration numbers (주민등록번호): six digits of a birth date and seven more. A file
//! that holds one is refused, wherever it stands in it.

/// A number that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether its last digit is that of the rule in force until October 2020; since then the last
    /// six digits are chance, so one that is not may be real all the same.
    pub checksum: bool,
}

/// Looks for a number in a tidied cell: with a hyphen, a space, another mark or nothing between its parts, also
/// among other words, and with four digits of the year.
pub fn find(cell: &str) -> Option<Found> {
    if cell.len() < 13 {
        return without_zeros(cell);
    }
    let mut before: Option<&[u8]> = None;
    let bytes = cell.as_bytes();
    let mut at = 0;
    let mut gap_from = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let run = &bytes[from..at];
        if run.len() == 13 && is_date(&run[..6]) && is_century(run[6]) {
            let checksum = checksum(run);
            // Thirteen digits may be an account: by themselves, with the right last digit or that word, they are not.
            if checksum || cell.len() == 13 || cell.contains("주민") {
                return Some(Found { checksum });
            }
        }
        if let Some(front) = before.filter(|_| run.len() == 7).and_then(|front| six(front, run[0]))
            && is_date(front)
            && is_gap(&cell[gap_from..from])
        {
            return Some(Found { checksum: checksum(&[front, run].concat()) });
        }
        before = Some(run);
        gap_from = at;
    }
    scattered(cell)
}

/// Thirteen digits and nothing else but marks between them, wherever those stand: accounts are written so as well, so
/// the last digit must be right.
fn scattered(cell: &str) -> Option<Found> {
    let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
    let plain = digits.len() == 13 && cell.chars().all(|c| c.is_ascii_digit() || is_mark(c));
    let found = plain && is_date(&digits) && checksum(&digits);
    found.then_some(Found { checksum: true })
}

/// A birth date's six digits, which may stand behind those of its century: then the digit after them says the same
/// one. An order of today is numbered `20261201-0000123`.
fn six(front: &[u8], digit: u8) -> Option<&[u8]> {
    match (front.len(), front) {
        (8, [b'1', b'9', six @ ..]) => matches!(digit, b'1' | b'2' | b'5' | b'6').then_some(six),
        (8, [b'2', b'0', six @ ..]) => matches!(digit, b'3' | b'4' | b'7' | b'8').then_some(six),
        (6, six) => Some(six),
        _ => None,
    }
}

/// A spreadsheet takes thirteen digits for a number and drops the zeros in front: of everybody born from 2000 to
/// 2009. Their numbers are of the time when the last digit followed from the others, so that it can be asked for.
fn without_zeros(cell: &str) -> Option<Found> {
    let bytes = cell.as_bytes();
    let zeros: &[u8] = match bytes {
        [b'1'..=b'9', ..] if bytes.len() == 12 => b"0",
        // Of the year 2000; shorter ones could be telephone numbers.
        [b'1', ..] if bytes.len() == 11 => b"00",
        _ => return None,
    };
    let whole = [zeros, bytes].concat();
    let later = |digit: &u8| matches!(digit, b'3' | b'4' | b'7' | b'8');
    let found = whole.iter().all(u8::is_ascii_digit)
        && is_date(&whole[..6])
        && whole.get(6).is_some_and(later)
        && checksum(&whole);
    found.then_some(Found { checksum: true })
}

/// Whether two cells beside each other are the two parts of one.
pub fn is_split(front: &str, back: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(front, 6)
        && digits(back, 7)
        && is_date(front.as_bytes())
        && back.bytes().next().is_some_and(is_century)
}

/// Whether a heading promises them.
pub fn is_heading(folded: &str) -> bool {
    ["주민등록번호", "주민번호", "주민등록뒷자리", "외국인등록번호", "residentregistration", "rrn"]
        .iter()
        .any(|word| folded.contains(word))
}

fn is_gap(gap: &str) -> bool {
    gap.chars().count() <= 5 && gap.chars().all(is_mark)
}

/// Marks and spaces, whichever they are; and the letters that are typed where a keyboard has no dash.
fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() || matches!(c, 'ᅳ' | 'ㅡ' | 'ー')
}

fn is_date(six: &[u8]) -> bool {
    let two = |at: usize| match six.get(at..at + 2) {
        Some([tens, ones]) => (tens - b'0') * 10 + (ones - b'0'),
        _ => 0,
    };
    (1..=12).contains(&two(2)) && (1..=31).contains(&two(4))
}

/// 1 to 4 for citizens, 5 to 8 for foreigners, 9 and 0 for who was born before 1900.
fn is_century(digit: u8) -> bool {
    digit.is_ascii_digit()
}

fn checksum(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let last = digits.last().map_or(0, |digit| u32::from(digit - b'0'));
    // Foreigners' numbers (5 to 8) were made with 13 in the place of 11.
    let foreign = digits.get(6).is_some_and(|digit| (b'5'..=b'8').contains(digit));
    last == (if foreign { 13 } else { 11 } - sum % 11) % 10
}
