//! What a file reads as, and what is said about one that does not read.

mod example;
