//! Bytes that nobody made on purpose.
