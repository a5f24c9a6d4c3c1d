//! Words and texts that know where each of their bytes was written.

use std::ops::Range;

use crate::diagnostic::Span;

/// A name, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The name itself, without quotes.
    pub text: String,
    /// Where it was written, quotes included.
    pub span: Span,
}

/// A string, and where each byte of it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What the string says, after escapes and indentation.
    pub value: String,
    /// The whole literal, quotes included.
    pub span: Span,
    pub(super) pieces: Vec<Piece>,
}

/// A run of the value and the run of the file it came from: equally long where it was copied,
/// of different length where it was an escape.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) value: usize,
    pub(super) value_len: usize,
    pub(super) source: usize,
    pub(super) source_len: usize,
}

impl Piece {
    fn is_copy(&self) -> bool {
        self.value_len == self.source_len
    }
}

impl Text {
    /// Where a byte range of the value was written; the whole literal where that cannot be told.
    pub fn at(&self, range: Range<usize>) -> Span {
        match (self.start_of(range.start), self.end_of(&range)) {
            (Some(start), Some(end)) if start <= end => Span {
                start,
                end,
                ..self.span
            },
            _ => self.span,
        }
    }

    fn start_of(&self, at: usize) -> Option<usize> {
        if at == self.value.len() {
            return self.pieces.last().map(|last| last.source + last.source_len);
        }
        let piece = self.holding(at)?;
        Some(if piece.is_copy() {
            piece.source + (at - piece.value)
        } else {
            piece.source
        })
    }

    fn end_of(&self, range: &Range<usize>) -> Option<usize> {
        if range.end <= range.start {
            return self.start_of(range.start);
        }
        let last = range.end - 1;
        let piece = self.holding(last)?;
        Some(if piece.is_copy() {
            piece.source + (last - piece.value) + 1
        } else {
            piece.source + piece.source_len
        })
    }

    fn holding(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.value <= at);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        (at < piece.value + piece.value_len).then_some(piece)
    }
}
