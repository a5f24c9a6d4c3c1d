//! The language that lists of runs are filtered in: text -> [`token`]s -> [`parse`]d clauses, each
//! a few terms of which one holds; a term's checks know how to [`check`] a run.

mod check;
mod clause;
mod comparison;
mod error;
mod field;
mod kind;
mod parse;
mod pattern;
mod status;
mod subject;
#[cfg(test)]
mod tests;
mod token;

pub use error::FilterError;
pub use field::FIELDS;

use clause::Clause;
use parse::parse;

use super::{Entry, Moment};

/// Which runs are shown: clauses that all have to hold, separated by blanks.
///
/// A clause is a term, or several with `|` between them of which one has to hold. A term is one of
/// [`FIELDS`] with what it takes, or text that is looked for in most of what is known of a run; `!`
/// in front of it turns it round. `|` without blanks separates values: `status:4xx|500`.
///
/// Capitals do not matter. `*` in a value stands for anything. Quotes keep blanks in a word
/// (`flow:"my flow"`), and take their meaning from the signs within (`"is:ok"`).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Filter {
    text: String,
    clauses: Vec<Clause>,
}

const ERROR: &str = "is:error";

impl Filter {
    /// Reads a filter as typed. A word of no meaning is looked for as it is.
    ///
    /// # Errors
    /// A word begins with a meaning, and goes on with what that does not take, or begins nearly so.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            text: text.to_owned(),
            clauses: parse(text)?,
        })
    }

    /// The filter for the runs of one flow.
    pub fn flow(name: &str) -> Self {
        // Quotes do not nest.
        let name = name.replace('"', "\"*\"");
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let text = if !name.is_empty() && name.chars().all(is_word) {
            format!("flow={name}")
        } else {
            format!("flow=\"{name}\"")
        };
        Self::parse(&text).unwrap_or_default()
    }

    /// The filter for dead runs, of all flows or of one.
    pub fn dead(flow: Option<&str>) -> Self {
        let of = flow.map_or_else(String::new, |flow| format!("{} ", Self::flow(flow).text));
        Self::parse(&format!("{of}is:dead")).unwrap_or_default()
    }

    /// The filter as typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether only errors get through.
    pub fn only_errors(&self) -> bool {
        self.clauses.iter().any(Clause::is_of_errors)
    }

    /// The filter with `is:error` added, or taken out where it was there.
    #[must_use]
    pub fn toggle_errors(&self) -> Self {
        let text = match self.clauses.iter().find(|clause| clause.is_any_error()) {
            Some(clause) => {
                let before = self.text[..clause.span.start].trim_end();
                let after = self.text[clause.span.end..].trim_start();
                format!("{before} {after}").trim().to_owned()
            }
            None => {
                // What is added must not end up inside of quotes that are still open.
                let open = self.text.matches('"').count() % 2 == 1;
                let close = if open { "\"" } else { "" };
                format!("{}{close} {ERROR}", self.text.trim_end())
                    .trim_start()
                    .to_owned()
            }
        };
        Self::parse(&text).unwrap_or_else(|_| self.clone())
    }

    /// Whether a run gets through, at that moment.
    pub fn matches(&self, entry: &Entry, now: Moment) -> bool {
        self.clauses.iter().all(|clause| clause.holds(entry, now))
    }
}
