//! Languages, dates and money as people read them.
