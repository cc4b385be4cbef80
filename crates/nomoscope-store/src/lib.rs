//! A study on disk: the only writer.
