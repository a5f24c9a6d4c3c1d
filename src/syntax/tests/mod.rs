//! What a file reads as, and what is said about one that does not read.

mod any;
mod example;
mod includes;
mod leftovers;
mod limits;
mod long;
mod places;
mod secrets;
mod slips;

use super::{Tree, read_text};
use crate::diagnostic::{Report, Style};

/// Reads a text.
fn reading(text: &str) -> (Tree, Report) {
    let mut report = Report::new();
    let tree = read_text("flows.kdl", text, &mut report);
    report.sort();
    (tree, report)
}

/// Everything that is said about a text, as it is drawn.
fn told(text: &str) -> String {
    reading(text).1.render(Style::default())
}
