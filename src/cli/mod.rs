//! The commands of the `jebi` binary, one file each.
pub mod check_config;
pub mod log;
