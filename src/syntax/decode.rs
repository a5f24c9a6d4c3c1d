//! What a string literal says, and where each byte of it was written.
//!
//! `kdl` decodes strings too, but does not say where a byte came from. Both results are compared:
//! where they differ, `kdl` is believed and the text gives up on exact places.

use std::ops::Range;

use super::text::Piece;
use super::token::{is_newline, is_space};

/// What a string says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Decoded {
    pub(super) value: String,
    pub(super) pieces: Vec<Piece>,
}

/// What is wrong inside a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// A `\` with something behind it that is no escape.
    Escape(Range<usize>),
    /// `\u{…}` that names no character.
    Unicode(Range<usize>),
    /// A line that does not start with the blanks in front of the closing `"""`.
    Indentation(Range<usize>),
    /// The closing `"""` has text in front of it.
    Closing(Range<usize>),
}

impl Decoded {
    /// Text that stands for itself.
    pub(super) fn verbatim(source: &str, range: Range<usize>) -> Self {
        let mut decoded = Self::default();
        decoded.copy(source, range);
        decoded
    }

    fn copy(&mut self, source: &str, range: Range<usize>) {
        let text = &source[range.clone()];
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last)
                if last.value_len == last.source_len
                    && last.source + last.source_len == range.start =>
            {
                last.value_len += text.len();
                last.source_len += text.len();
            }
            _ => self.pieces.push(Piece {
                value: self.value.len(),
                value_len: text.len(),
                source: range.start,
                source_len: text.len(),
            }),
        }
        self.value.push_str(text);
    }

    fn put(&mut self, character: char, range: Range<usize>) {
        self.pieces.push(Piece {
            value: self.value.len(),
            value_len: character.len_utf8(),
            source: range.start,
            source_len: range.len(),
        });
        self.value.push(character);
    }

    /// Takes back the last line break.
    fn drop_newline(&mut self) {
        if !self.value.ends_with('\n') {
            return;
        }
        self.value.pop();
        if let Some(last) = self.pieces.last_mut() {
            if last.value_len > 1 {
                last.value_len -= 1;
                last.source_len -= 1;
            } else {
                self.pieces.pop();
            }
        }
    }
}

/// The inside of a string on one line. Faults are passed over: what a wrong escape says is itself.
pub(super) fn single(
    source: &str,
    body: Range<usize>,
    raw: bool,
    faults: &mut Vec<Fault>,
) -> Decoded {
    if raw {
        return Decoded::verbatim(source, body);
    }
    let mut decoded = Decoded::default();
    let mut at = body.start;
    while at < body.end {
        at = piece(source, at, body.end, &mut decoded, faults);
    }
    decoded
}

/// The inside of a string over several lines: from behind the first line break up to the closing
/// quotes.
pub(super) fn several(
    source: &str,
    body: Range<usize>,
    raw: bool,
    faults: &mut Vec<Fault>,
) -> Decoded {
    let inside = &source[body.clone()];
    let last_line = body.start
        + inside
            .char_indices()
            .rev()
            .find(|(_, character)| is_newline(*character))
            .map_or(0, |(at, character)| at + character.len_utf8());
    let closing = &source[last_line..body.end];
    let indent = closing
        .find(|character| !is_space(character))
        .unwrap_or(closing.len());
    let prefix = &closing[..indent];
    // An escaped blank in front of the closing quotes counts as none at all.
    let mut rest = &closing[indent..];
    while !raw
        && let Some(behind) = rest.strip_prefix('\\')
        && behind.starts_with(is_space)
    {
        rest = behind.trim_start_matches(is_space);
    }
    if !rest.is_empty() {
        faults.push(Fault::Closing(body.end - rest.len()..body.end));
    }
    let mut decoded = Decoded::default();
    let mut at = body.start;
    while at < last_line {
        let line_end = end_of_line(source, at, last_line);
        if source[at..line_end].chars().all(is_space) {
            at = newline(source, line_end, last_line, &mut decoded);
            continue;
        }
        if source[at..line_end].starts_with(prefix) {
            at += prefix.len();
        } else {
            let text = source[at..line_end].trim_start_matches(is_space);
            faults.push(Fault::Indentation(line_end - text.len()..line_end));
            at = line_end - text.len();
        }
        while at < last_line {
            let character = source[at..].chars().next().unwrap_or('\n');
            if is_newline(character) {
                at = newline(source, at, last_line, &mut decoded);
                break;
            }
            if raw {
                let end = end_of_line(source, at, last_line);
                decoded.copy(source, at..end);
                at = end;
            } else {
                at = piece(source, at, last_line, &mut decoded, faults);
            }
        }
    }
    decoded.drop_newline();
    decoded
}

fn end_of_line(source: &str, from: usize, limit: usize) -> usize {
    source[from..limit]
        .find(is_newline)
        .map_or(limit, |at| from + at)
}

/// Takes a line break, which always reads as `\n`.
fn newline(source: &str, at: usize, limit: usize, decoded: &mut Decoded) -> usize {
    let rest = &source[at..limit];
    let length = if rest.starts_with("\r\n") {
        2
    } else {
        rest.chars().next().map_or(0, char::len_utf8)
    };
    if rest.starts_with('\n') {
        decoded.copy(source, at..at + 1);
    } else if length > 0 {
        decoded.put('\n', at..at + length);
    }
    at + length
}

/// Takes one escape, or everything up to the next one; gives the place behind it.
fn piece(
    source: &str,
    at: usize,
    limit: usize,
    decoded: &mut Decoded,
    faults: &mut Vec<Fault>,
) -> usize {
    let rest = &source[at..limit];
    if !rest.starts_with('\\') {
        let end = rest
            .find(|character| character == '\\' || is_newline(character))
            // A line break in here is a slip that has been reported: it stands for itself.
            .map_or(limit, |length| at + length.max(1));
        let end = (end..=limit)
            .find(|end| source.is_char_boundary(*end))
            .unwrap_or(limit);
        decoded.copy(source, at..end);
        return end;
    }
    let mut characters = rest[1..].chars();
    let Some(next) = characters.next() else {
        decoded.copy(source, at..limit);
        return limit;
    };
    let plain = match next {
        '\\' => Some('\\'),
        '"' => Some('"'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        's' => Some(' '),
        _ => None,
    };
    if let Some(plain) = plain {
        decoded.put(plain, at..at + 2);
        return at + 2;
    }
    if is_space(next) || is_newline(next) {
        let blanks = rest[1..]
            .find(|character| !(is_space(character) || is_newline(character)))
            .unwrap_or(rest.len() - 1);
        return at + 1 + blanks;
    }
    if next == 'u' && rest[2..].starts_with('{') {
        let digits = rest[3..]
            .find(|character: char| !character.is_ascii_hexdigit())
            .unwrap_or(rest.len() - 3);
        let closed = rest[3 + digits..].starts_with('}');
        let end = at + 3 + digits + usize::from(closed);
        let character = (closed && (1..=6).contains(&digits))
            .then(|| u32::from_str_radix(&rest[3..3 + digits], 16).ok())
            .flatten()
            .and_then(char::from_u32);
        match character {
            Some(character) => decoded.put(character, at..end),
            None => {
                faults.push(Fault::Unicode(at..end));
                decoded.copy(source, at..end);
            }
        }
        return end;
    }
    let end = at + 1 + next.len_utf8();
    faults.push(Fault::Escape(at..end));
    decoded.copy(source, at..end);
    end
}
