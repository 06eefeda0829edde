//! Security headers and request ids on every answer.
