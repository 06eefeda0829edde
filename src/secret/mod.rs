//! Keys and everything made with them.
