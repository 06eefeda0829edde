//! Languages, dates and money as people read them.
//!
//! Texts live in `i18n/<language>/jebi.ftl`; code and templates ask for them with
//! `fl!(lang.loader(), "key", name = value)`, which fails to compile for an unknown key.

#[cfg(test)]
mod easy;
mod gapped;
pub mod instant;
pub mod lang;
pub mod money;
pub mod number;
mod said;
mod texts;

pub use gapped::Gapped;
pub use lang::Lang;
pub use said::Said;
