//! A text as a code to scan, and the code as something to draw.

use fast_qr::{ECL, QRBuilder};

/// Light modules around a code, without which scanners do not find it.
const QUIET: usize = 4;

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// Which modules of a square are dark. To find out is the most work there is on anybody's page, to draw it is little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    size: usize,
    /// A bit for each module that is not like the one on its left, row by row, each row in words of its own: what is drawn goes
    /// from bit to bit. What is left of a row is light.
    turns: Box<[u64]>,
}

impl Scan {
    /// The code of a text; `None` if it does not fit into one.
    pub fn of(text: &str) -> Option<Self> {
        let qr = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
        let words = qr.size.div_ceil(WORD);
        let mut turns = vec![0_u64; qr.size * words];
        for (row, turns) in turns.chunks_mut(words).enumerate() {
            let mut dark = false;
            for (column, module) in qr[row].iter().enumerate() {
                let turned = module.value() != dark;
                if let Some(word) = turns.get_mut(column / WORD).filter(|_| turned) {
                    *word |= 1_u64 << (column % WORD);
                }
                dark = module.value();
            }
        }
        Some(Self { size: qr.size, turns: turns.into() })
    }

    /// The side of the square with its quiet zone, in modules.
    pub fn side(&self) -> usize {
        self.size + 2 * QUIET
    }

    /// The path of its dark modules, to be drawn with a line one module wide, which takes half the letters that squares
    /// would. It is made for every page that shows a pass: kept, it would take several times what it is made from.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(16 << 10);
        for (row, turns) in self.turns.chunks(self.size.div_ceil(WORD)).enumerate() {
            path.push('M');
            push(&mut path, QUIET);
            path.push(' ');
            push(&mut path, row + QUIET);
            path.push_str(".5");
            let (mut dark, mut left) = (false, 0);
            for (at, word) in turns.iter().enumerate() {
                let mut rest = *word;
                while rest != 0 {
                    let column = at * WORD + rest.trailing_zeros() as usize;
                    go(&mut path, dark, column - left);
                    (dark, left) = (!dark, column);
                    // Without its lowest bit.
                    rest &= rest - 1;
                }
            }
            // Nothing is drawn after the last dark one.
            if dark {
                go(&mut path, dark, self.size - left);
            }
        }
        path
    }
}

/// On to the right: over dark modules with the line, over light ones without.
fn go(path: &mut String, dark: bool, modules: usize) {
    // Only where a row begins with a dark one.
    if modules == 0 {
        return;
    }
    path.push(if dark { 'h' } else { 'm' });
    push(path, modules);
    path.push_str(if dark { "" } else { " 0" });
}

/// A number of at most three digits.
fn push(path: &mut String, number: usize) {
    let digit = |of: usize| char::from(b'0' + u8::try_from(number / of % 10).unwrap_or_default());
    if number >= 100 {
        path.push(digit(100));
    }
    if number >= 10 {
        path.push(digit(10));
    }
    path.push(digit(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_fits_into_a_code_and_the_page() {
        let scan = Scan::of(&"x".repeat(620)).unwrap();
        let (side, path) = (scan.side(), scan.path());
        assert!((60..=120).contains(&side) && path.len() < 16 << 10, "{side}, {} bytes", path.len());
        assert!(Scan::of(&"x".repeat(8_000)).is_none());
    }

    #[test]
    fn what_is_drawn_is_the_code() {
        // Rows of one word, of two and of three.
        for text in ["x", &"eyJh".repeat(100), &"eyJh".repeat(500)] {
            let (scan, qr) = (Scan::of(text).unwrap(), QRBuilder::new(text).ecl(ECL::L).build().unwrap());
            assert_eq!(scan.side(), qr.size + 8);
            let mut drawn = vec![vec![false; qr.size]; qr.size];
            for (row, line) in scan.path().split('M').skip(1).enumerate() {
                let steps = line.strip_prefix(&format!("4 {}.5", row + 4)).unwrap().replace(" 0", "");
                let mut column = 0;
                let kinds = steps.chars().filter(char::is_ascii_alphabetic);
                for (length, kind) in steps.split(['h', 'm']).skip(1).zip(kinds) {
                    let length: usize = length.parse().unwrap();
                    (column..column + length).for_each(|column| drawn[row][column] = kind == 'h');
                    column += length;
                }
                assert!(column <= qr.size);
            }
            for (row, line) in drawn.iter().enumerate() {
                assert!(
                    line.iter().enumerate().all(|(column, dark)| *dark == qr[row][column].value()),
                    "{row}"
                );
            }
        }
    }
}
