//! Signing in, and the second factor.

use std::fmt::Write;

use askama::Template;
use fast_qr::qr::QRBuilder;

use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// The way in.
#[derive(Debug, Template)]
#[template(path = "pages/console/sign_in.html")]
pub struct SignIn {
    /// The frame.
    pub page: Page,
    /// The form's token.
    pub csrf: String,
    /// As typed before.
    pub name: String,
    /// The other way in, by an account elsewhere; what its button says.
    pub account: Option<String>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

/// The code of the app, from somebody whom an account elsewhere has named.
#[derive(Debug, Template)]
#[template(path = "pages/console/second.html")]
pub struct SecondPage {
    /// The frame.
    pub page: Page,
    /// The form's token.
    pub csrf: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl SecondPage {
    fn heading(&self) -> String {
        t!(self.page, "console-second")
    }
}

impl SignIn {
    fn heading(&self) -> String {
        t!(self.page, "console-sign-in")
    }
}

/// The second factor is set up.
#[derive(Debug, Template)]
#[template(path = "pages/console/enrol.html")]
pub struct Enrol {
    /// The frame.
    pub page: Page,
    /// The form's token.
    pub csrf: String,
    /// Modules of the code in a row, with its quiet zone.
    pub size: usize,
    /// The dark ones, as a path.
    pub path: String,
    /// The same for typing.
    pub typed: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Enrol {
    fn heading(&self) -> String {
        t!(self.page, "console-enrol")
    }
}

/// Recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "pages/console/codes.html")]
pub struct RecoveryCodes {
    /// The frame.
    pub page: Page,
    /// The form's token.
    pub csrf: String,
    /// The codes.
    pub codes: Vec<String>,
}

impl RecoveryCodes {
    fn heading(&self) -> String {
        t!(self.page, "console-codes")
    }
}

/// Around a code that is scanned nothing may stand so near.
const QUIET: usize = 4;

/// A QR code as a path of squares of one unit each, and how many units it is wide.
pub fn square(text: &str) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).build().ok()?;
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let run = (column..code.size).take_while(|at| code[row][*at].value()).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    Some((code.size + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let (size, path) = square("otpauth://totp/a:b?secret=A4DQ").unwrap();
        assert!(size > 20 + 2 * QUIET);
        // The upper edges of the two upper corners: seven dark ones.
        let right = size - QUIET - 7;
        assert!(path.starts_with("M4 4h7v1h-7z") && path.contains(&format!("M{right} 4h7v1h-7z")), "{path}");
    }
}
