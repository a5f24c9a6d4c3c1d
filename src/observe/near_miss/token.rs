use crate::run::Value;

/// A token of a condition.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token<'c> {
    /// A string or a number.
    Literal(Value),
    /// A name, a keyword or a sign.
    Word(&'c str),
}

impl Token<'_> {
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if *text == word)
    }
}

/// The tokens of a condition that was compiled once: what is odd ends up as signs of one
/// character, which no comparison has.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (token, length) = match first {
            '\'' | '"' => string(rest, first),
            c if c.is_ascii_digit() => number(rest),
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..end]), end)
            }
            c => {
                let is_pair = ["==", "!=", "<=", ">=", "//", "**"]
                    .iter()
                    .any(|pair| rest.starts_with(pair));
                let end = if is_pair { 2 } else { c.len_utf8() };
                (Token::Word(&rest[..end]), end)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    tokens
}

fn string(text: &str, quote: char) -> (Token<'_>, usize) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, c)| match c {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                c => c,
            })),
            c if c == quote => return (Token::Literal(value.into()), at + 1),
            c => value.push(c),
        }
    }
    (Token::Literal(value.into()), text.len())
}

fn number(text: &str) -> (Token<'_>, usize) {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_' | 'e' | 'E'))
        .unwrap_or(text.len());
    match serde_json::from_str(&text[..end].replace('_', "")) {
        Ok(value) => (Token::Literal(value), end),
        Err(_) => (Token::Word(&text[..end]), end),
    }
}
