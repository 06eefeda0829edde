//! The commands of the `jebi` binary, one file each.
