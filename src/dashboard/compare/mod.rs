//! Two runs, and what is different between them.

mod diff;
mod lines;

pub use diff::Hunk;

use crate::run::RunRecord;

/// What two runs have in common, and what not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The runs in a line each.
    pub runs: [String; 2],
    /// Part by part.
    pub parts: Vec<Part>,
}

/// One part of two runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Which one.
    pub title: &'static str,
    /// Its lines.
    pub hunks: Vec<Hunk>,
}

impl Comparison {
    /// Compares two runs.
    pub fn new(left: &RunRecord, right: &RunRecord) -> Self {
        let parts = lines::PARTS.iter().map(|(title, lines)| Part {
            title,
            hunks: diff::diff(&lines(left), &lines(right)),
        });
        Self {
            runs: [left, right].map(lines::run),
            parts: parts.collect(),
        }
    }
}
