//! Samples -> a ready `parse` block, printed or put into a flow.
//!
//! [`Sample::read`] takes samples in; [`Scaffold`] is what they come to: a [block](Scaffold::block)
//! of its own, or an [`Addition`] to a flow, which is written by text at its spans, so that the
//! rest of the file stays as it is.

mod addition;
mod edit;
mod flow;
mod leaves;
mod lines;
mod names;
mod path;
mod quote;
mod replace;
mod sample;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use addition::{Addition, Refusal};
use flow::Flow;
use lines::{Line, Lines};
pub use sample::{Origin, Sample, SampleError};

/// As many lines as anybody would go through.
const MOST: usize = 500;

/// What samples come to: lines of `parse`, not named yet.
#[derive(Clone, PartialEq, Debug)]
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

    /// The lines that a flow does not have yet, and those that it has.
    fn missing(&self, flow: &Flow) -> (Printed, Vec<&Line>) {
        self.print(&flow.names, |line| !flow.there.contains(&line.key()))
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
