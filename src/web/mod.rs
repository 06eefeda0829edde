//! The resident's web: one file for each page under `pages`, what they look like under `view`.

pub mod accept;
mod answer;
mod form;
pub mod headers;
mod language;
pub mod live;
mod pages;
mod path;
mod router;
pub mod view;
mod visit;
mod visitor;

pub use router::router;
pub use visitor::{Draft, Proven, Visitor};
