//! The record: the published files that suffice to recompute a round.
