//! What every part of the running service shares.
