//! A pass as it is shown: a code to scan, the text of it, and where it leads.

use fast_qr::{ECL, QRBuilder};

/// A pass on its owner's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPass {
    /// The signed text, where a seller looks at it.
    pub token: Option<String>,
    /// Sellers whose gate lets it through, and their addresses with us.
    pub gates: Vec<(String, String)>,
}

impl ShownPass {
    /// The code as the side of a square with its quiet zone, and the path of its dark modules, to be drawn with a line
    /// one module wide, which takes half the letters that squares would; `None` if it does not fit into a code.
    pub fn code(&self) -> Option<(usize, String)> {
        let qr = QRBuilder::new(self.token.as_deref()?).ecl(ECL::L).build().ok()?;
        let mut path = String::new();
        for row in 0..qr.size {
            path.push_str(&format!("M4 {}.5", row + 4));
            let mut column = 0;
            while column < qr.size {
                let dark = qr[row][column].value();
                let length = (column..qr.size).take_while(|column| qr[row][*column].value() == dark).count();
                path.push_str(&if dark { format!("h{length}") } else { format!("m{length} 0") });
                column += length;
            }
        }
        Some((qr.size + 8, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_fits_into_a_code_and_the_page() {
        let pass = ShownPass { token: Some("x".repeat(620)), gates: Vec::new() };
        let (side, path) = pass.code().unwrap();
        assert!((60..=120).contains(&side) && path.len() < 20_000, "{side}, {} bytes", path.len());
    }
}
