//! The `jebi` binary.
fn main() {}
