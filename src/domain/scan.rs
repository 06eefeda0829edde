//! A text as a code to scan, and the code as something to draw.

use fast_qr::{ECL, QRBuilder};

/// Light modules around a code, without which scanners do not find it.
const QUIET: usize = 4;

/// Which modules of a square are dark. To find out is the most work there is on anybody's page, to draw it is little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    size: usize,
    /// A bit for each module, row by row.
    dark: Box<[u8]>,
}

impl Scan {
    /// The code of a text; `None` if it does not fit into one.
    pub fn of(text: &str) -> Option<Self> {
        let qr = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
        let mut dark = vec![0_u8; (qr.size * qr.size).div_ceil(8)];
        for (at, module) in (0..qr.size).flat_map(|row| qr[row].iter().take(qr.size)).enumerate() {
            if let Some(byte) = dark.get_mut(at / 8).filter(|_| module.value()) {
                *byte |= 1 << (at % 8);
            }
        }
        Some(Self { size: qr.size, dark: dark.into() })
    }

    /// The side of the square with its quiet zone, in modules.
    pub fn side(&self) -> usize {
        self.size + 2 * QUIET
    }

    /// The path of its dark modules, to be drawn with a line one module wide, which takes half the letters that squares
    /// would.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(16 << 10);
        for row in 0..self.size {
            path.push('M');
            push(&mut path, QUIET);
            path.push(' ');
            push(&mut path, row + QUIET);
            path.push_str(".5");
            let mut left = 0;
            for column in 1..=self.size {
                let dark = self.is_dark(row, left);
                if column < self.size && self.is_dark(row, column) == dark {
                    continue;
                }
                path.push(if dark { 'h' } else { 'm' });
                push(&mut path, column - left);
                path.push_str(if dark { "" } else { " 0" });
                left = column;
            }
        }
        path
    }

    fn is_dark(&self, row: usize, column: usize) -> bool {
        let at = row * self.size + column;
        self.dark.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }
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
        assert!((60..=120).contains(&side) && path.len() < 20_000, "{side}, {} bytes", path.len());
        assert!(Scan::of(&"x".repeat(8_000)).is_none());
    }

    #[test]
    fn what_is_drawn_is_the_code() {
        for text in ["x", &"eyJh".repeat(100)] {
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
                assert_eq!(column, qr.size);
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
