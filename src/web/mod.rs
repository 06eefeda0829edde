//! The resident's web.
pub mod accept;
pub mod headers;
pub mod view;
