use std::ops::Range;

/// One character of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Char {
    /// The character.
    pub(super) c: char,
    /// Whether quotes make it mean only itself.
    pub(super) quoted: bool,
}

impl Char {
    /// Whether it is that sign, and means it.
    pub(super) fn is_sign(self, sign: char) -> bool {
        self.c == sign && !self.quoted
    }
}

/// A piece of a filter's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// A word, or a part of one between `|`, without its quotes.
    Word {
        /// Its characters.
        chars: Vec<Char>,
        /// Its place, quotes included.
        span: Range<usize>,
        /// Whether it has quotes: then nothing between them is a value too.
        quoted: bool,
    },
    /// `|` outside of quotes.
    Bar {
        /// Its place.
        at: usize,
        /// Whether a blank stands before or behind it.
        apart: bool,
    },
}

/// Cuts a text at blanks and `|` outside of quotes. Quotes that are not closed go on to the end:
/// a filter is read while it is typed.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = Vec::new();
    let mut start = None;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if !quoted && (c.is_whitespace() || c == '|') {
            if let Some(start) = start.take() {
                tokens.push(word(text, start..at, std::mem::take(&mut chars)));
            }
            if c == '|' {
                let apart = text[..at].ends_with(char::is_whitespace)
                    || text[at + 1..].starts_with(char::is_whitespace);
                tokens.push(Token::Bar { at, apart });
            }
            continue;
        }
        start.get_or_insert(at);
        if c == '"' {
            quoted = !quoted;
        } else {
            chars.push(Char { c, quoted });
        }
    }
    if let Some(start) = start {
        tokens.push(word(text, start..text.len(), chars));
    }
    tokens
}

fn word(text: &str, span: Range<usize>, chars: Vec<Char>) -> Token {
    Token::Word {
        quoted: text[span.clone()].contains('"'),
        chars,
        span,
    }
}
