//! The database: one writer, several readers, one code path for both engines.
