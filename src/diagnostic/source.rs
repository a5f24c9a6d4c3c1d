//! One file, as it was read.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::{is_harmful, is_joiner};

/// One file, as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it was read from.
    pub path: PathBuf,
    /// The name people know it by, as it is shown in front of a line number.
    pub name: String,
    /// Its whole text.
    pub text: Arc<str>,
    /// The byte ranges that hold secrets and are never shown.
    pub masked: Vec<Range<usize>>,
    /// Where its lines end: every step of a configuration asks for its line.
    line_ends: Arc<[usize]>,
}

impl Source {
    /// A file without secrets.
    pub(super) fn new(path: PathBuf, name: String, text: Arc<str>) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            line_ends: ends.map(|(at, _)| at).collect(),
            path,
            name,
            text,
            masked: Vec::new(),
        }
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset);
        let line_start = match line {
            1 => 0,
            _ => self.line_ends[line - 2] + 1,
        };
        // A byte order mark takes no column: no editor shows it.
        let shown = self.text[line_start..offset].trim_start_matches('\u{feff}');
        (line, shown.chars().count() + 1)
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    /// Whether a range touches a masked one.
    pub(super) fn hides(&self, start: usize, end: usize) -> bool {
        self.masked
            .iter()
            .any(|masked| masked.start < end && start < masked.end)
    }

    /// The text with secrets as `*`, byte for byte as long as the real one.
    pub fn without_secrets(&self) -> String {
        self.masked_with(|text, _, character| text.push(character))
    }

    /// The text as it may be shown: byte for byte as long as the real one, with secrets as `*` and
    /// characters that could steer a terminal replaced by a visible stand-in.
    pub(super) fn shown(&self) -> String {
        self.masked_with(|text, offset, character| {
            if offset == 0 && character == '\u{feff}' {
                // A byte order mark is invisible everywhere else, too.
                text.push(character);
            } else {
                text.push_str(visible(character, &mut [0; 4]));
            }
        })
    }

    fn masked_with(&self, show: impl Fn(&mut String, usize, char)) -> String {
        let mut masked = self.masked.clone();
        masked.sort_by_key(|range| range.start);
        let mut masked = masked.into_iter().peekable();
        let mut hidden_until = 0;
        let mut shown = String::with_capacity(self.text.len());
        for (offset, character) in self.text.char_indices() {
            while let Some(range) = masked.next_if(|range| range.start <= offset) {
                hidden_until = hidden_until.max(range.end);
            }
            if offset < hidden_until && !matches!(character, '\n' | '\r') {
                shown.extend(std::iter::repeat_n('*', character.len_utf8()));
            } else {
                show(&mut shown, offset, character);
            }
        }
        shown
    }
}

/// A character, or a stand-in of the same byte length for one that could steer a terminal.
fn visible(character: char, buffer: &mut [u8; 4]) -> &str {
    let harmless =
        matches!(character, '\n' | '\r' | '\t') || !(is_harmful(character) || is_joiner(character));
    match (harmless, character.len_utf8()) {
        (true, _) => character.encode_utf8(buffer),
        (false, 1) => "?",
        (false, 2) => "¿",
        (false, 3) => "\u{fffd}",
        // A question mark, too, upside down and light on dark.
        (false, _) => "\u{1fbc4}",
    }
}

/// A message with everything that could steer a terminal, or break a line, replaced.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            _ => shown.push_str(visible(character, &mut [0; 4])),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str, masked: Vec<Range<usize>>) -> Source {
        Source {
            masked,
            ..Source::new("flows.kdl".into(), "flows.kdl".into(), text.into())
        }
    }

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let source = source("ab\nñé\"x\"", vec![]);
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(3), (2, 1));
        assert_eq!(source.position(7), (2, 3));
        assert_eq!(source.position(4), (2, 1), "inside a character: its start");
        assert_eq!(source.position(1000), (2, 6), "past the end: the end");
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(source("\u{feff}flow", vec![]).position(3), (1, 1));
    }

    #[test]
    fn masked_text_keeps_every_offset_and_every_line() {
        let text = "a \"pä\nß\" b";
        let source = source(text, Vec::from([Range { start: 3, end: 9 }]));
        let shown = source.shown();
        assert_eq!(shown, "a \"***\n**\" b");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn what_could_steer_a_terminal_is_replaced_by_something_of_the_same_length() {
        let text = "a\u{1b}[2J\u{9b}\u{ad}\u{202e}\u{2028}\u{200d}b\u{e0041}\u{7f}";
        let shown = source(text, vec![]).shown();
        assert_eq!(shown, "a?[2J¿¿\u{fffd}\u{fffd}\u{fffd}b\u{1fbc4}?");
        assert_eq!(shown.len(), text.len());
    }
}
