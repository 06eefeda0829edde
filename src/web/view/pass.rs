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
    /// The code as the side of a square with its quiet zone, and the path of its dark modules; `None` if it does not
    /// fit into a code.
    pub fn code(&self) -> Option<(usize, String)> {
        let qr = QRBuilder::new(self.token.as_deref()?).ecl(ECL::L).build().ok()?;
        let mut path = String::new();
        for row in 0..qr.size {
            let mut column = 0;
            while column < qr.size {
                let dark = |column: usize| column < qr.size && qr[row][column].value();
                let length = (column..qr.size).take_while(|column| dark(*column)).count();
                if length > 0 {
                    path.push_str(&format!("M{} {}h{length}v1h-{length}z", column + 4, row + 4));
                }
                column += length.max(1);
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
        assert!((60..=120).contains(&side) && path.len() < 40_000, "{side}, {} bytes", path.len());
    }
}
