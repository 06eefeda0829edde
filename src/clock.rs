//! The only module that knows what time it is.
