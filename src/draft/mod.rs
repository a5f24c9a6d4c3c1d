//! What samples and captured requests come to as text to go on with: a ready `parse` block.
//!
//! [`Sample::parse`] takes samples in; [`Scaffold`] is what they come to: a [block](Scaffold::block)
//! of its own, or the lines that somebody [misses](Scaffold::missing). [`editable`] and [`read_edited`] lead from a captured request to the
//! one that somebody made of it.

mod curl;
mod editable;
mod json;
mod leaves;
mod lines;
mod names;
mod path;
mod quote;
mod sample;
mod shown;
mod test_block;

use std::collections::HashSet;

pub use curl::curl;
pub use editable::{EditSlip, editable, is_blank, read_edited};
use lines::Lines;
pub use lines::{Key, Line};
pub use sample::{Origin, Sample, SampleError};
pub use test_block::test_block;

/// As many lines as anybody would go through.
const MOST: usize = 500;

/// What samples come to: lines of `parse`, not named yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scaffold(Lines);

/// Lines, ready to stand in a file, and what there is to say about them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Printed {
    /// The lines.
    pub lines: Vec<String>,
    /// What is missing, and why.
    pub notes: Vec<String>,
    /// What was left out on purpose, and how to get it.
    pub hints: Vec<String>,
}

impl Scaffold {
    /// Works out the lines. `all` are inner places, each item of each list, and headers that are
    /// rarely wanted, too.
    pub fn new(samples: &[Sample], all: bool) -> Self {
        Self(lines::lines(samples, all))
    }

    /// The lines with their names, as they stand in a block of their own.
    pub fn lines(&self) -> Printed {
        self.print(&HashSet::new(), |_| true).0
    }

    /// `parse { … }`.
    pub fn block(printed: &Printed) -> String {
        let lines = printed.lines.iter().map(|line| format!("    {line}\n"));
        format!("parse {{\n{}}}\n", lines.collect::<String>())
    }

    /// The lines, before anybody chose among them.
    pub fn places(&self) -> &[Line] {
        let lines = &self.0.lines;
        &lines[..lines.len().min(MOST)]
    }

    /// The lines that somebody chose, next to names that are in use.
    pub fn chosen(&self, names: &HashSet<String>, chosen: &HashSet<Key>) -> Printed {
        self.print(names, |line| chosen.contains(&line.key())).0
    }

    /// The lines that are not `there` yet, next to names that are in use, and those that are.
    pub fn missing(&self, names: &HashSet<String>, there: &HashSet<Key>) -> (Printed, Vec<&Line>) {
        self.print(names, |line| !there.contains(&line.key()))
    }

    /// Names and draws the lines that are `wanted`, next to names that are `taken`; gives those
    /// that are not wanted, too.
    fn print(
        &self,
        taken: &HashSet<String>,
        wanted: impl Fn(&Line) -> bool,
    ) -> (Printed, Vec<&Line>) {
        let (mut kept, left) = self
            .0
            .lines
            .iter()
            .partition::<Vec<&Line>, _>(|line| wanted(line));
        let count = kept.len();
        kept.truncate(MOST);
        let mut kept: Vec<Line> = kept.into_iter().cloned().collect();
        names::name(&mut kept, taken);
        let mut notes = self.0.notes.clone();
        if count > MOST {
            let more = if self.0.cut { "more than " } else { "" };
            notes.push(format!(
                "only the first {MOST} lines are here, of {more}{count}"
            ));
        }
        let printed = Printed {
            lines: lines::aligned(&kept),
            notes,
            hints: self.0.hints.clone(),
        };
        (printed, left)
    }
}
