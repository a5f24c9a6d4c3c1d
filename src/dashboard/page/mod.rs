//! What is said, apart from where and how it is drawn: pages of lines, each a few texts in a
//! tone. A page is the one door that text from outside comes through, and makes it neutral.

mod diagnostics;
mod flow;
mod help;
mod message;
mod raw;
mod rerouted;
mod steps;
mod tab;
mod variables;
mod why;
mod words;

pub use diagnostics::diagnostics;
pub use help::help;
pub use rerouted::rerouted;
pub use tab::{Tab, inspector};
pub use words::{sign, status};

use crate::{
    dashboard::text::{split, width},
    observe::neutral,
};
use unicode_width::UnicodeWidthChar;

/// How many lines a page has at most.
const LINES: usize = 4_000;

/// How a text is meant; the theme says what that looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A name, a title.
    Strong,
    /// Beside the point.
    Dim,
    /// It went well.
    Good,
    /// Worth a look.
    Warn,
    /// It went wrong.
    Bad,
    /// A key, a heading.
    Accent,
    /// The way a run took.
    Lit,
}

/// One row of a page, ready to be drawn.
pub type Row = Vec<(Tone, String)>;

/// Lines to read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    lines: Vec<Line>,
}

/// One line, as long as it likes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    texts: Row,
    hang: usize,
}

/// A text made neutral; none where it is empty.
pub fn text(tone: Tone, text: &str) -> Option<(Tone, String)> {
    (!text.is_empty()).then(|| (tone, neutral(text).into_owned()))
}

impl Page {
    /// Begins a new line.
    pub fn line(&mut self) -> &mut Line {
        if self.lines.len() >= LINES {
            self.lines.truncate(LINES - 1);
        }
        self.lines.push(Line::default());
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// Leaves a line blank.
    pub fn blank(&mut self) {
        self.line();
    }

    /// Begins a new line with a heading.
    pub fn heading(&mut self, text: &str) -> &mut Line {
        if !self.lines.is_empty() {
            self.blank();
        }
        self.line().put(Tone::Accent, text)
    }

    /// Takes in text of several lines, each behind an indentation.
    pub fn text(&mut self, tone: Tone, indent: usize, text: &str) {
        for line in text.lines() {
            let line = line.replace('\t', "    ");
            // What is laid out keeps its shape where it does not fit.
            let inner = line.len() - line.trim_start_matches(' ').len();
            self.line()
                .put(Tone::Plain, &" ".repeat(indent))
                .put(tone, &line)
                .hang(indent + inner);
        }
    }

    /// The page as rows of so many columns.
    pub fn rows(&self, columns: usize) -> Vec<Row> {
        let columns = columns.max(1);
        self.lines
            .iter()
            .flat_map(|line| line.rows(columns))
            .collect()
    }
}

impl Line {
    /// Adds a text.
    pub fn put(&mut self, tone: Tone, text: &str) -> &mut Self {
        self.texts.extend(self::text(tone, text));
        self
    }

    /// Fills the line up with blanks to so many columns, at least one.
    pub fn fill_to(&mut self, column: usize) -> &mut Self {
        let used: usize = self.texts.iter().map(|(_, text)| width(text)).sum();
        self.put(Tone::Plain, &" ".repeat(column.saturating_sub(used).max(1)))
    }

    /// Where its second row begins, when it needs one.
    pub fn hang(&mut self, columns: usize) -> &mut Self {
        self.hang = columns;
        self
    }

    fn rows(&self, columns: usize) -> Vec<Row> {
        let hang = self.hang.min(columns / 2);
        let mut rows = vec![Row::new()];
        let mut left = columns;
        for (tone, text) in &self.texts {
            let mut text = text.as_str();
            while !text.is_empty() {
                let (mut head, mut tail) = split(text, left);
                let fresh = left == columns || left == columns - hang;
                if !tail.is_empty() {
                    // Between words, where that does not leave half the row empty.
                    if let Some(blank) = head.rfind(' ').filter(|at| *at * 2 >= head.len()) {
                        (head, tail) = text.split_at(blank + 1);
                    } else if !fresh && !head.contains(' ') && width(text) <= columns - hang {
                        (head, tail) = ("", text);
                    }
                    // A single character can be wider than the whole row.
                    if head.is_empty() && fresh {
                        let first = text.chars().next().map_or(0, char::len_utf8);
                        (head, tail) = text.split_at(first);
                    }
                }
                left = left.saturating_sub(columns_of(head));
                if let Some(row) = rows.last_mut()
                    && !head.is_empty()
                {
                    row.push((*tone, head.to_owned()));
                }
                if !tail.is_empty() {
                    let mut row = Row::new();
                    if hang > 0 {
                        row.push((Tone::Plain, " ".repeat(hang)));
                    }
                    rows.push(row);
                    left = columns - hang;
                }
                text = tail;
            }
        }
        rows
    }
}

// As `split` counts them: the sum of the characters, which is never less than what is drawn.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(line: &mut Line, columns: usize) -> Vec<String> {
        line.rows(columns)
            .into_iter()
            .map(|row| row.into_iter().map(|(_, text)| text).collect())
            .collect()
    }

    #[test]
    fn long_lines_break_between_words_and_hang() {
        let mut line = Line::default();
        line.put(Tone::Plain, "  one two three").hang(2);
        assert_eq!(rows(&mut line, 10), ["  one two ", "  three"]);
        assert_eq!(rows(&mut line, 40), ["  one two three"]);
    }

    #[test]
    fn what_has_no_words_is_cut() {
        let mut line = Line::default();
        line.put(Tone::Plain, "abcdefgh");
        assert_eq!(rows(&mut line, 3), ["abc", "def", "gh"]);
        let mut line = Line::default();
        line.put(Tone::Plain, "価格表");
        assert_eq!(rows(&mut line, 3), ["価", "格", "表"]);
        assert_eq!(rows(&mut line, 1), ["価", "格", "表"]);
    }

    #[test]
    fn what_comes_in_is_neutral() {
        let mut page = Page::default();
        page.text(Tone::Plain, 0, "a\x1b[2Jb\r\n\tc");
        let rows = page.rows(20);
        assert_eq!(rows[0], [(Tone::Plain, "a␛[2Jb".to_owned())]);
        assert_eq!(rows[1], [(Tone::Plain, "    c".to_owned())]);
    }
}
