use std::ops::Range;

use super::{Page, Row, Tone};
use crate::dashboard::text;

/// A page in rows of so many columns. Only rows that are asked for are made: a page may have many
/// more of them than a screen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Laid {
    page: Page,
    columns: usize,
    /// The first row of each line, and how many there are in all.
    starts: Vec<usize>,
}

impl Laid {
    /// Lays a page out. Where it has too many lines, its last one says so.
    pub fn new(mut page: Page, columns: usize) -> Self {
        let columns = columns.max(1);
        if page.left_out > 0 {
            let more = text::plural(page.left_out, "more line");
            let mut line = std::mem::take(&mut page.spare);
            line.texts.clear();
            line.put(Tone::Dim, &format!("… {more}, too many to be shown"));
            page.lines.push(line);
        }
        let mut row = 0;
        let heights = page.lines.iter().map(|line| {
            let start = row;
            row += line.height(columns);
            start
        });
        let mut starts: Vec<usize> = heights.collect();
        starts.push(row);
        Self {
            page,
            columns,
            starts,
        }
    }

    /// How many rows it has.
    pub fn height(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// Whether there is more of what it tells than it has.
    pub fn is_part(&self) -> bool {
        self.page.is_part()
    }

    /// Some of its rows, as far as there are any.
    pub fn rows(&self, range: Range<usize>) -> Vec<Row> {
        let range = range.start..range.end.min(self.height());
        if range.is_empty() {
            return Vec::new();
        }
        let first = self.starts.partition_point(|start| *start <= range.start) - 1;
        let lines = self.page.lines[first..].iter().zip(&self.starts[first..]);
        lines
            .take_while(|(_, start)| **start < range.end)
            .flat_map(|(line, start)| line.rows(self.columns).into_iter().zip(*start..))
            .filter(|(_, index)| range.contains(index))
            .map(|(row, _)| row)
            .collect()
    }

    /// The rows that have something in that tone.
    pub fn rows_with(&self, tone: Tone) -> Vec<usize> {
        let has = |row: &[(Tone, String)]| row.iter().any(|(of, _)| *of == tone);
        let lines = self.page.lines.iter().zip(&self.starts);
        lines
            .filter(|(line, _)| has(&line.texts))
            .flat_map(|(line, start)| line.rows(self.columns).into_iter().zip(*start..))
            .filter(|(row, _)| has(row))
            .map(|(_, index)| index)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::page::LINES;

    fn texts(rows: Vec<Row>) -> Vec<String> {
        let text = |row: Row| row.into_iter().map(|(_, text)| text).collect();
        rows.into_iter().map(text).collect()
    }

    #[test]
    fn any_rows_are_those_that_all_rows_have_there() {
        let mut page = Page::default();
        for text in ["one", "", "two three four", "価格表", "five"] {
            page.line().put(Tone::Plain, text);
        }
        let laid = Laid::new(page.clone(), 6);
        let all = page.rows(6);
        assert_eq!(laid.height(), all.len());
        for start in 0..=all.len() {
            for end in start..=all.len() + 1 {
                let there = &all[start..end.min(all.len())];
                assert_eq!(laid.rows(start..end), there, "{start}..{end}");
            }
        }
    }

    #[test]
    fn a_page_of_too_many_lines_says_how_many_are_missing() {
        let mut page = Page::default();
        for line in 0..LINES + 12 {
            page.line().put(Tone::Plain, &line.to_string());
        }
        assert!(page.is_part());
        let laid = Laid::new(page, 60);
        assert_eq!(
            texts(laid.rows(LINES - 1..usize::MAX)),
            [
                (LINES - 1).to_string(),
                "… 12 more lines, too many to be shown".to_owned()
            ]
        );
    }
}
