//! A pass as it is shown: a code to scan, the text of it, and where it leads.

use std::sync::Arc;

use crate::domain::scan::Scan;

/// A pass on its owner's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPass {
    /// The signed text, where a seller looks at it, and its code if it fits into one.
    pub token: Option<Arc<(String, Option<Scan>)>>,
    /// Sellers whose gate lets it through, and their addresses with us.
    pub gates: Vec<(String, String)>,
}
