//! The accept loop: time-outs, a cap on connections, a graceful end.
