//! One example of every page.
