//! What is said, apart from where and how it is drawn: pages of lines, each a few texts in a
//! tone. A page is the one door that text from outside comes through, and makes it neutral.

mod around;
mod compare;
mod config;
mod diagnostics;
mod flow;
mod help;
mod laid;
mod message;
mod raw;
mod rerouted;
mod resend;
mod served;
mod span;
mod stats;
mod steps;
mod tab;
mod variables;
mod waits;
mod waterfall;
mod why;
mod words;

pub use around::Around;
pub use compare::comparison;
pub use config::config;
pub use diagnostics::diagnostics;
pub use help::help;
pub use laid::Laid;
pub use message::Bodies;
pub use rerouted::rerouted;
pub use resend::{resend, send};
pub use served::served;
pub use span::Span;
pub use stats::stats;
pub use tab::{Tab, inspector};
pub use words::{sign, status};

use crate::{
    dashboard::text::{split, width},
    observe::neutral,
};
use unicode_width::UnicodeWidthChar;

/// How many lines a page has at most: more than those of any body that a viewer is told unasked.
const LINES: usize = 100_000;

/// How much text is searched: what is typed is looked for with each letter.
const MARKED: usize = 32 << 20;

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
    /// What is searched for.
    Found,
    /// The place of it that the viewer is at.
    Here,
}

/// One row of a page, ready to be drawn.
pub type Row = Vec<(Tone, String)>;

/// Lines to read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    lines: Vec<Line>,
    /// How many lines were too many, and what was written last of them.
    left_out: usize,
    spare: Line,
    is_part: bool,
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
            self.left_out += 1;
            self.spare = Line::default();
            return &mut self.spare;
        }
        self.lines.push(Line::default());
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// Leaves a line blank.
    pub fn blank(&mut self) {
        self.line();
    }

    /// How many lines there are.
    fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line that was begun before.
    fn line_at(&mut self, index: usize) -> Option<&mut Line> {
        self.lines.get_mut(index)
    }

    /// Leaves a line blank, unless the last one is.
    pub fn separate(&mut self) {
        if self.lines.last().is_some_and(|line| !line.texts.is_empty()) {
            self.blank();
        }
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

    /// Notes that there is more of what it tells than it has.
    pub fn lacks_some(&mut self) {
        self.is_part = true;
    }

    /// Whether there is more of what it tells than it has.
    pub fn is_part(&self) -> bool {
        self.is_part || self.left_out > 0
    }

    /// Marks a text wherever it stands within a line. Capitals do not matter.
    pub fn mark(&mut self, text: &str) {
        let text: String = text.chars().map(small).collect();
        let mut left = MARKED;
        for line in &mut self.lines {
            let length: usize = line.texts.iter().map(|(_, text)| text.len()).sum();
            if length > left {
                self.is_part = true;
                return;
            }
            left -= length;
            line.mark(&text);
        }
    }

    /// The page as rows of so many columns.
    pub fn rows(self, columns: usize) -> Vec<Row> {
        let laid = Laid::new(self, columns);
        laid.rows(0..laid.height())
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
        let blanks = column.saturating_sub(self.width()).max(1);
        self.put(Tone::Plain, &" ".repeat(blanks))
    }

    /// How wide it is in one row.
    fn width(&self) -> usize {
        self.texts.iter().map(|(_, text)| width(text)).sum()
    }

    /// Where its second row begins, when it needs one.
    pub fn hang(&mut self, columns: usize) -> &mut Self {
        self.hang = columns;
        self
    }

    /// Marks a text, in small letters.
    fn mark(&mut self, text: &str) {
        let whole: String = self
            .texts
            .iter()
            .flat_map(|(_, text)| text.chars().map(small))
            .collect();
        let mut found = whole.match_indices(text).peekable();
        if text.is_empty() || found.peek().is_none() {
            return;
        }
        let mut found = found.map(|(at, text)| at..at + text.len()).peekable();
        let mut marked = Row::new();
        let mut start = 0;
        for (tone, text) in &self.texts {
            let end = start + text.len();
            let mut at = start;
            while at < end {
                let (tone, until) = match found.peek() {
                    Some(range) if range.contains(&at) => (Tone::Found, range.end.min(end)),
                    Some(range) => (*tone, range.start.min(end)),
                    None => (*tone, end),
                };
                marked.push((tone, text[at - start..until - start].to_owned()));
                at = until;
                if found.peek().is_some_and(|range| range.end <= at) {
                    found.next();
                }
            }
            start = end;
        }
        self.texts = marked;
    }

    /// In how many rows of so many columns it is.
    fn height(&self, columns: usize) -> usize {
        let bytes: usize = self.texts.iter().map(|(_, text)| text.len()).sum();
        // No character is wider than it has bytes.
        if bytes <= columns {
            1
        } else {
            self.rows(columns).len()
        }
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

/// A character as a small letter, where that is as long: places in a text stay what they are.
fn small(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
        _ => c,
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
    fn what_is_searched_for_is_marked_across_texts() {
        let mut page = Page::default();
        page.line()
            .put(Tone::Plain, "amount")
            .put(Tone::Dim, " = ")
            .put(Tone::Plain, "ÄMOunt, amo");
        page.mark("Amount");
        page.mark("T =");
        assert_eq!(
            page.clone().rows(40),
            [vec![
                (Tone::Found, "amoun".to_owned()),
                (Tone::Found, "t".to_owned()),
                (Tone::Found, " =".to_owned()),
                (Tone::Dim, " ".to_owned()),
                (Tone::Plain, "ÄMOunt, amo".to_owned()),
            ]]
        );
        page.mark("ämount");
        assert_eq!(
            page.rows(40)[0].last(),
            Some(&(Tone::Plain, ", amo".to_owned()))
        );
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
