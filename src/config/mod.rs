//! Configuration: TOML file, then `JEBI_*` environment, then the command line.
