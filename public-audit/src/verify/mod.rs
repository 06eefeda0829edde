//! Checks a record.
