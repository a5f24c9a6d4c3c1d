//! The pieces a file is made of.

use std::ops::Range;

use super::decode::Decoded;

/// A piece of a file. Blanks and comments are no tokens.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// What it was meant to say, where it had to be repaired before `kdl` could read it.
    pub(super) meaning: Option<Meaning>,
    /// What a string says.
    pub(super) decoded: Option<Decoded>,
}

/// What a token is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Newline,
    Semicolon,
    Open,
    Close,
    LeftParen,
    RightParen,
    Equals,
    /// `/-`, which comments out what follows.
    Slashdash,
    /// A word without quotes.
    Bare,
    /// `"…"` or `"""…"""`.
    Quoted,
    /// `#"…"#`.
    Raw,
    Number,
    /// `#true` and its like.
    Keyword,
}

impl Kind {
    pub(super) fn is_value(self) -> bool {
        matches!(
            self,
            Self::Bare | Self::Quoted | Self::Raw | Self::Number | Self::Keyword
        )
    }
}

/// What a repaired value was meant to say.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Meaning {
    Text(Decoded),
    Bool(bool),
    Null,
}

/// White space inside a line, as KDL defines it.
pub(super) fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// The end of a line, as KDL defines it.
pub(super) fn is_newline(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Characters that KDL allows nowhere, not even in a string.
pub(super) fn is_forbidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Characters that a word without quotes can hold.
pub(super) fn is_bare(character: char) -> bool {
    !(is_space(character)
        || is_newline(character)
        || is_forbidden(character)
        || matches!(
            character,
            '\\' | '/' | '(' | ')' | '{' | '}' | '[' | ']' | ';' | '"' | '#' | '='
        ))
}
