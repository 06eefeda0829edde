//! One's own account.

use askama::Template;

use super::Bar;
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// Password, recovery codes, being signed out.
#[derive(Debug, Template)]
#[template(path = "pages/console/me.html")]
pub struct Me {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Recovery codes that are left.
    pub left: u64,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Me {
    fn heading(&self) -> String {
        t!(self.page, "console-me")
    }
}
